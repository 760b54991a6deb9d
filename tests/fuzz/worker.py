"""The process that runs perezkg's command line again and again, each time as if it were the first."""

from __future__ import annotations

import faulthandler
import json
import os
import socket
import sys
import traceback
from importlib import import_module
from io import FileIO, TextIOWrapper
from pathlib import Path
from typing import Any

from perezkg import cli

_LOCAL = ("127.0.0.1", "localhost", "::1")


def prepare() -> None:
    """Import what commands need, so that no input pays for it."""
    for name in cli.COMMANDS:
        import_module(f"perezkg.cli.{cli._SHARED.get(name, name)}")
    for name in (
        "rdflib",
        "pyshacl",
        "httpx2",
        "perezkg.sparql.rdflib_engine",
        "perezkg.stores.load",
        "perezkg.shacl.validate",
    ):
        import_module(name)
    import rdflib

    rdflib.Graph().query("ASK {}")


def serve(read: int, write: int) -> None:
    """Run what comes on one pipe and tell on another how it ended, until nothing comes."""
    os.setsid()  # no terminal to ask for passwords at
    _stay_at_home()
    _do_not_sleep()
    with open(read, encoding="utf-8") as orders, open(write, "w", encoding="utf-8") as answers:
        for line in orders:
            answers.write(json.dumps(_run(**json.loads(line))) + "\n")
            answers.flush()


def _run(arguments: list[str], folder: str, environment: dict[str, str], streams: str) -> dict[str, Any]:
    """Run a command line in a folder; return its status, or what it raised and where."""
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    for number, name in enumerate(("in", "out", "err")):
        opened = os.open(os.path.join(streams, name), os.O_RDONLY if name == "in" else os.O_WRONLY | os.O_TRUNC)
        os.dup2(opened, number)
        os.close(opened)
    faulthandler.enable(2)
    sys.stdin, sys.stdout, sys.stderr = (
        TextIOWrapper(FileIO(number, mode, closefd=False), "utf-8", line_buffering=number == 2)
        for number, mode in enumerate("rww")
    )
    try:
        status = cli.main(arguments)
        sys.stdout.flush()
    except BaseException as error:  # noqa: BLE001 - whatever it is, it must not come this far
        return {
            "status": None,
            "raised": _place(error),
            "traceback": "".join(traceback.format_exception(error, limit=-12))[-4000:],
        }
    finally:
        sys.stderr.flush()
    return {"status": status, "raised": "", "traceback": ""}


def _place(error: BaseException) -> str:
    """Return an error's class and the last place in perezkg that it came by: what tells one mistake from another."""
    places = [frame for frame in traceback.extract_tb(error.__traceback__) if "/perezkg/" in frame.filename]
    last = places[-1] if places else None
    where = f"{Path(last.filename).stem}.{last.name}" if last else "elsewhere"
    return f"{type(error).__name__} in {where}"


def _stay_at_home() -> None:
    """Keep Python's own connections on this machine, whatever address an input names."""
    found = socket.getaddrinfo

    def local(host: Any, *rest: Any, **more: Any) -> Any:
        name = host.decode("latin-1") if isinstance(host, bytes) else host
        if name not in _LOCAL:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return found(host, *rest, **more)

    socket.getaddrinfo = local


def _do_not_sleep() -> None:
    """Ask a store again at once, however long it asks to be left alone."""
    http = import_module("perezkg.stores.http")
    vars(http)["sleep"] = lambda _: None
