"""`perezkg index`: an index of files, for `--store`."""

from __future__ import annotations

import os
import signal
import threading
from contextlib import contextmanager, suppress

from perezkg.cli.options import (
    add_data_options,
    add_language_option,
    add_limit_options,
    bounded,
    notify,
    progress_bar,
    told,
)
from perezkg.index.build import build_index
from perezkg.output import end, write

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Iterator

_SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP")
# As a shell shows a signal that has ended a process.
_SIGNALLED = 128


def add_arguments(parser: ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.usage = "%(prog)s [FILE]… -o DIR [OPTIONS]"
    parser.add_argument("files", nargs="*", metavar="FILE", help="files of RDF (default: perezkg's own data)")
    parser.add_argument(
        "-o",
        "--output",
        required=True,
        metavar="DIR",
        help="the folder; an index in it is replaced once the new one is whole",
    )
    add_language_option(parser)
    add_data_options(parser)
    add_limit_options(parser)
    parser.epilog = """examples:
  perezkg index -o perez.index
  perezkg index results.nt.gz athletes.ttl -o results.index
  perezkg query medals --store results.index

An index is a cache: it may be deleted, and be built again from its files. Who reads the old one while a new one is
built goes on reading."""


def run(args: Namespace) -> int:
    """Build; see `add_arguments`."""
    with bounded(args, None), _ended_at_once(), progress_bar() as bar:
        graph = build_index(
            [*args.files, *args.data],
            args.output,
            format=args.data_format,
            source=args.source or "all",
            progress=bar,
            notify=notify,
        )
    done = f"{args.output}: {graph.triples:,} triples, {graph.disk / 1e6:,.1f} MB; a cache, to be asked by --store"
    write([f"{told(done)}\n"])
    return 0


@contextmanager
def _ended_at_once() -> Iterator[None]:
    """Let a signal end the process at once, and take with it what has been begun.

    Python would look at a signal only when Oxigraph returns, which can take minutes; what reads its number from a pipe
    need not wait.
    """
    if os.name == "nt" or threading.current_thread() is not threading.main_thread():
        yield
        return
    read, write_ = os.pipe()
    os.set_blocking(write_, False)
    own = {getattr(signal, name) for name in _SIGNALS}
    # Who started this process with Ctrl-C ignored (a script in the background) wants it ignored.
    before = {number: signal.getsignal(number) for number in own if signal.getsignal(number) != signal.SIG_IGN}

    def watch() -> None:
        with suppress(OSError):
            while piece := os.read(read, 1):
                if piece[0] in before:
                    end(_SIGNALLED + piece[0])

    former = signal.set_wakeup_fd(write_, warn_on_full_buffer=False)
    for number in before:
        signal.signal(number, lambda *_: None)
    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        signal.set_wakeup_fd(former)
        for number, handler in before.items():
            signal.signal(number, handler)
        os.close(write_)
        watcher.join(1)
        os.close(read)
