"""A store whose disk is full: the load ends with status 4 and what the store said; what was there is there.

A small file system in memory stands for the disk; only the administrator may mount one.
"""

from __future__ import annotations

import shutil
import subprocess
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from tests.servers.all_stores import needed
from tests.servers.asking import count, staging_graphs
from tests.servers.watched import replaced, run

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.slow

SIZE = 10_000
SPARE = 1 << 20
# Only Oxigraph always says that the disk is full; the others may tell of something that came of it.
SAID = {"oxigraph": "No space left on device", "fuseki": "the store says: ", "rdf4j": "the store says: "}


@contextmanager
def disk(folder: Path) -> Iterator[Path]:
    """Mount a small file system for the block; skip the test where that is not allowed."""
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=256m", "tmpfs", str(folder)]
    try:
        subprocess.run(command, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("no file system can be mounted here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


@pytest.mark.parametrize("kind", SAID)
def test_what_was_there_outlives_a_full_disk(kind: str, tmp_path: Path) -> None:
    server_kind = needed(kind)
    new = tmp_path / "new.nt"
    new.write_text("".join(f'<http://example.org/{i}> <http://example.org/p> "{i:0250}" .\n' for i in range(SIZE)))
    with disk(tmp_path / "disk") as folder, server_kind(folder) as server:
        assert run(server, "load")[0] == 0
        old = count(server)
        filler = folder / "filler"
        with filler.open("wb") as file:
            file.write(bytes(shutil.disk_usage(folder).free - SPARE))
        status, err = run(server, "load", new, "--replace")
        assert status == 4
        assert server.address in err
        assert SAID[kind] in err
        filler.unlink()
        server.kill()
        server.start()
        assert count(server) == old
        assert run(server, "diff")[0] == 0
        assert replaced(server, new) == (0, "")
        assert count(server) == SIZE
        assert staging_graphs(server) == set()
