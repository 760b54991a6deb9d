"""A command that writes files, ended at random moments: each file is the old one, whole, or the new one."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

KILLS = int(os.environ.get("PEREZKG_KILLS", "6"))
"""How often a command is ended: PEREZKG_KILLS=50 pytest -m slow tests/tables tests/cli -k killed"""


def killed(arguments: Sequence[str | Path], outputs: Sequence[Path], moments: int = KILLS) -> None:
    """End `perezkg ARGUMENTS`, which writes files, at random moments, by one signal after another.

    Args:
        arguments: The command and its options.
        outputs: The files that it writes, in a folder of which the test has the rest.
        moments: How often.
    """
    command = [sys.executable, "-m", "perezkg", *map(str, arguments)]
    began = time.monotonic()
    subprocess.run(command, check=True, capture_output=True)
    longest = time.monotonic() - began
    whole = [path.read_bytes() for path in outputs]
    chance = random.Random(50)  # noqa: S311 - no secret
    stopped = 0
    for number in range(moments):
        for path in outputs:
            path.write_text("old", "utf-8")
        sent = (signal.SIGTERM, signal.SIGKILL, signal.SIGINT)[number % 3]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        time.sleep(chance.uniform(0.05, longest))
        process.send_signal(sent)
        _, err = process.communicate(timeout=300)
        stopped += process.returncode != 0
        for path, content in zip(outputs, whole, strict=True):
            assert path.read_bytes() in (b"old", content)
        # Before it comes to perezkg, Python answers Ctrl-C in its own way.
        assert b"Traceback" not in err or b"perezkg" not in err
        left = [path for path in outputs[0].parent.iterdir() if path.name.endswith(".part")]
        if sent == signal.SIGKILL:
            for path in left:
                path.unlink()
        else:
            assert left == []
    assert stopped > moments // 3
