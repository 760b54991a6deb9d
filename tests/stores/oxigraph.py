"""An Oxigraph server on this machine, in memory: `python tests/stores/oxigraph.py` starts one with perezkg's graph.

The server comes with the package `oxigraph` of PyPI.
"""

from __future__ import annotations

import contextlib
import shutil
import socket
import subprocess
import sys
import sysconfig
import time
import urllib.request
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from perezkg import resources

if TYPE_CHECKING:
    from collections.abc import Iterator

_PATIENCE = 20.0


def program() -> str | None:
    """Return where the server's program is: beside this Python, or on the path; None when it is not installed."""
    return shutil.which("oxigraph", path=sysconfig.get_path("scripts")) or shutil.which("oxigraph")


@contextlib.contextmanager
def running() -> Iterator[str]:
    """Run a server until the end of the block; yield its address, with `/query` and `/store` behind it.

    Raises:
        RuntimeError: It does not start.
    """
    found = program()
    if found is None:
        raise RuntimeError("there is no oxigraph here: pip install oxigraph")
    with socket.create_server(("127.0.0.1", 0)) as free:
        host = f"127.0.0.1:{free.getsockname()[1]}"
    with subprocess.Popen(
        [found, "serve", "--bind", host], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    ) as process:
        try:
            _wait_for(host, process)
            yield f"http://{host}"
        finally:
            process.terminate()
            process.communicate()


def load(address: str, source: str = "all", graph: str = "") -> None:
    """Put perezkg's data and concepts into a server by the Graph Store Protocol: its default graph, or a named one."""
    where = urlencode({"graph": graph}) if graph else "default"
    for path in (*resources.data_files(source), resources.ontology_file("concepts.ttl")):
        with open(path, "rb") as file:
            request = urllib.request.Request(  # noqa: S310 - the address is ours
                f"{address}/store?{where}", file.read(), {"Content-Type": "text/turtle"}, method="POST"
            )
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(request, timeout=_PATIENCE):
            pass


def _wait_for(host: str, process: subprocess.Popen[bytes]) -> None:
    name, _, port = host.partition(":")
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end:
        if process.poll() is not None:
            said = process.stderr.read().decode() if process.stderr else ""
            raise RuntimeError(f"oxigraph ended: {said}")
        with contextlib.suppress(OSError), socket.create_connection((name, int(port)), timeout=1):
            return
        time.sleep(0.05)
    raise RuntimeError("oxigraph does not answer")


if __name__ == "__main__":
    with running() as address, contextlib.suppress(KeyboardInterrupt):
        load(address)
        sys.stdout.write(f"perezkg query medals --endpoint {address}/query\nCtrl-C ends it.\n")
        sys.stdout.flush()
        while True:
            time.sleep(1)
