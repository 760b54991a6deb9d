"""Terminals of their own, for what perezkg writes to one."""

from __future__ import annotations

import os
import struct
import subprocess
import sys
from contextlib import suppress

import pytest


def on_terminal(*arguments: str, columns: int = 0, **environment: str) -> str:
    """Return what a command writes to a terminal; it has to end well.

    Args:
        arguments: Those of `perezkg`.
        columns: How wide the terminal is; 0 is not known.
        environment: Variables beside those of the tests.
    """
    pty = pytest.importorskip("pty", reason="needs a terminal of its own")
    from fcntl import ioctl
    from termios import TIOCSWINSZ

    ours, theirs = pty.openpty()
    if columns:
        ioctl(theirs, TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    told = b""
    with subprocess.Popen(
        [sys.executable, "-m", "perezkg", *arguments],
        stdout=theirs,
        stderr=subprocess.DEVNULL,
        env={**os.environ, **environment},
    ) as run:
        os.close(theirs)
        with suppress(OSError):  # how Linux tells that the other end is closed
            while piece := os.read(ours, 4096):
                told += piece
    os.close(ours)
    assert run.returncode == 0
    return told.decode()
