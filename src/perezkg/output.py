"""What reaches a reader: a file whole or not at all, standard output, gzip, text made safe for a terminal."""

from __future__ import annotations

import os
import re
import stat
import sys
from _thread import RLock, get_ident
from contextlib import contextmanager, suppress

from perezkg.errors import OutputError, UnknownFormatError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any, NoReturn

STANDARD_OUTPUT = "-"
# So much is written at once to standard output, in characters or bytes.
_BLOCK = 1 << 16
# Names of streams that are open already, whatever they lead to.
_STREAMS = ("/dev/stdout", "/dev/stderr", "/dev/fd/", "/proc/")


def write(chunks: Iterable[str] | Iterable[bytes], path: str | None = None) -> None:
    """Write pieces of text, as UTF-8 and with line ends as they are, or pieces of bytes.

    A file is written under another name beside its place, and moved there when it is complete: whoever looks sees the
    old file or the new one. It keeps the mode of the file it replaces; a symbolic link stays, and its target is
    replaced. What is not an ordinary file (/dev/null, a pipe) is written to directly.

    Args:
        chunks: The text, in pieces.
        path: The file; None or "-" means standard output.

    Raises:
        OutputError: It cannot be written.
        BrokenPipeError: Whoever read standard output has gone; for the command line to end quietly.
    """
    if path is None or path == STANDARD_OUTPUT:
        _to_standard_output(chunks)
        return
    if not path:
        raise OutputError("the name of the output file is empty", hint="Name a file: -o FILE")
    try:
        _to_file(chunks, path)
    except (OSError, ValueError) as error:  # ValueError: a null character in the name
        raise failure(error, path) from None


def refuse_unwritable(path: str) -> None:
    """Refuse a file that cannot be written, before the work whose result is to go there.

    Raises:
        OutputError: It cannot be written now.
    """
    try:
        if path and not is_special(path):
            Draft(path).discard()
    except (OSError, ValueError) as error:
        raise failure(error, path) from None


_TRIES = 100
_unfinished: set[str] = set()
# What was to be done about signals before there was an unfinished file.
_handlers: dict[int, Any] = {}
# Held by who removes what is unfinished, and by who finishes it in several steps.
_changing = RLock()
_changing_thread = 0
_delayed: list[int] = []


@contextmanager
def unbroken() -> Iterator[None]:
    """Let neither a signal nor a limit end the process within: only before these steps, or after all of them."""
    global _changing_thread  # noqa: PLW0603 - as the lock
    try:
        with _changing:
            _changing_thread = get_ident()
            try:
                yield
            finally:
                _changing_thread = 0
    finally:
        if _delayed:
            _on_signal(_delayed.pop(), None)


def end(status: int, message: str = "") -> NoReturn:
    """End the process at once, from whatever thread, with what is unfinished removed and nothing finished meanwhile.

    Args:
        status: Its exit status.
        message: What is told on standard error.
    """
    _changing.acquire()
    _discard_unfinished()
    with suppress(OSError):  # nobody listens
        os.write(2, message.encode())
    os._exit(status)


def _discard_unfinished() -> None:
    with _changing:
        for path in list(_unfinished):
            try:
                if os.path.isdir(path):
                    remove_folder(path)
                else:
                    os.unlink(path)
            except OSError:
                continue


def remove_folder(path: str) -> None:
    """Remove a folder and all that is in it, as far as that can be, even while another thread writes there."""
    from shutil import rmtree

    for _ in range(_TRIES):
        rmtree(path, ignore_errors=True)
        if not os.path.lexists(path):
            return


def begin(path: str) -> None:
    """Note a file or folder that is to be removed when a signal ends the process.

    What a program does about a signal is left alone.
    """
    import signal

    if not _unfinished:
        for name in ("SIGINT", "SIGTERM", "SIGHUP"):
            number = getattr(signal, name, None)  # Windows has not all of them
            if number is None or signal.getsignal(number) not in (signal.SIG_DFL, signal.default_int_handler):
                continue
            with suppress(ValueError):  # not in the main thread
                _handlers[number] = signal.signal(number, _on_signal)
    _unfinished.add(path)


def finish(path: str) -> None:
    """Note that a file or folder is complete or gone."""
    _unfinished.discard(path)
    if not _unfinished:
        _restore_handlers()


def _on_signal(number: int, frame: object) -> None:
    """Remove what is unfinished; then do what would have been done."""
    import signal

    if _changing_thread == get_ident():  # the very thread that would be waited for
        _delayed.append(number)
        return
    _discard_unfinished()
    before = _handlers.get(number)
    _restore_handlers()
    if callable(before):
        before(number, frame)
    else:
        signal.raise_signal(number)


def _restore_handlers() -> None:
    import signal

    for number, before in list(_handlers.items()):
        if signal.getsignal(number) == _on_signal:
            with suppress(ValueError):
                signal.signal(number, before)
    _handlers.clear()


class Draft:
    """A file written under another name beside its place, to be moved there when it is complete.

    Args:
        path: Its place.

    Raises:
        OSError: It, or a file beside it, cannot be written.
    """

    __slots__ = ("_draft", "_file", "_mode", "_target", "path")

    def __init__(self, path: str) -> None:
        self.path = path
        self._target = os.path.realpath(path)
        self._mode: int | None = None
        with suppress(FileNotFoundError):
            self._mode = stat.S_IMODE(os.stat(path).st_mode)
            if not os.access(self._target, os.W_OK):
                raise PermissionError(13, "Permission denied")
        # Within one file system moving it is one step. (tempfile costs 10 ms to import.)
        self._draft = os.path.join(os.path.dirname(self._target), f".perezkg-{os.urandom(8).hex()}.part")
        begin(self._draft)
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
        try:
            self._file = open(os.open(self._draft, flags, 0o666), "wb")  # noqa: SIM115 - see `complete` and `discard`
        except OSError:
            finish(self._draft)
            raise

    def write(self, chunk: str | bytes) -> None:
        """Write a piece of the file."""
        self._file.write(encoded(chunk))

    def complete(self) -> None:
        """Close the file, once the disk holds all of it."""
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()

    def publish(self) -> None:
        """Move the complete file to its place; it keeps the mode of the file it replaces."""
        if self._mode is not None:
            os.chmod(self._draft, self._mode)
        os.replace(self._draft, self._target)
        finish(self._draft)

    def discard(self) -> None:
        """Remove what has been written and not been published."""
        with suppress(OSError):  # the disk that was full when it was written is full when it is flushed
            self._file.close()
        with suppress(FileNotFoundError):
            os.unlink(self._draft)
        finish(self._draft)


class DraftFolder:
    """A folder written under another name beside its place, to be moved there when it is complete.

    Args:
        path: Its place.
        mark: The name of a file that tells folders of the same kind: what is at the place already is replaced only if
            it has one, or is empty.

    Raises:
        OutputError: There is something else at the place, or nothing can be written beside it.
    """

    __slots__ = ("_draft", "_folders", "_mark", "_target", "path")

    def __init__(self, path: str, mark: str) -> None:
        self.path = path
        self._mark = mark
        self._folders: set[str] = set()  # those that are there: asking the system each time takes longer
        try:
            self._target = os.path.realpath(path)
            if os.path.lexists(self._target):
                self._refuse_foreign()
            self._draft = os.path.join(os.path.dirname(self._target), f".perezkg-{os.urandom(8).hex()}.part")
            begin(self._draft)
            os.mkdir(self._draft)
        except (OSError, ValueError) as error:
            if hasattr(self, "_draft"):
                finish(self._draft)
            raise failure(error, path) from None

    def _refuse_foreign(self) -> None:
        if not os.path.isdir(self._target):
            raise OutputError("there is a file of this name", path=self.path, hint="Name a folder that does not exist.")
        if os.listdir(self._target) and not os.path.isfile(os.path.join(self._target, self._mark)):
            raise OutputError(
                f"there is a folder of this name that has other things in it: it has no {self._mark}",
                path=self.path,
                hint="Name a folder that is empty, does not exist, or was made by the same command.",
            )

    def write(self, name: str, chunks: Iterable[str]) -> None:
        """Write a file of the folder, named by its path in it, with `/` between folders.

        Raises:
            OutputError: It cannot be written.
        """
        place = os.path.join(self._draft, *name.split("/"))
        try:
            folder = os.path.dirname(place)
            if folder not in self._folders:
                os.stat(self._draft)  # once it was removed, it must not come again
                os.makedirs(folder, exist_ok=True)
                self._folders.add(folder)
            with open(place, "wb") as file:
                file.write(b"".join(map(encoded, chunks)))
        except OSError as error:
            raise failure(error, self.path) from None

    def publish(self) -> None:
        """Move the complete folder to its place; what was there goes when the new one has come.

        Raises:
            OutputError: It cannot be moved; what was there stays.
        """
        old = self._draft[: -len("part")] + "old"
        try:
            with unbroken():
                if os.path.lexists(self._target):
                    self._refuse_foreign()  # it may have come in the meantime
                    os.rename(self._target, old)
                try:
                    os.rename(self._draft, self._target)
                except OSError:
                    if os.path.isdir(old):
                        os.rename(old, self._target)
                    raise
                begin(old)
                finish(self._draft)
        except OSError as error:
            raise failure(error, self.path) from None
        remove_folder(old)
        finish(old)

    def discard(self) -> None:
        """Remove what has been written and not been published."""
        remove_folder(self._draft)
        finish(self._draft)


def _to_standard_output(chunks: Iterable[str] | Iterable[bytes]) -> None:
    if sys.stdout is None:
        raise OutputError("standard output is closed", hint="Name a file: -o FILE")
    stream = getattr(sys.stdout, "buffer", None)
    try:
        sys.stdout.flush()
        for block in _blocks(chunks):
            # Bytes, because a text stream would turn line ends and letters into those of the system.
            if stream is not None:
                stream.write(block)
            else:
                sys.stdout.write(block.decode())
        sys.stdout.flush()
    except BrokenPipeError:
        abandon_standard_output()
        raise
    except OSError as error:
        abandon_standard_output()
        raise failure(error, "standard output") from None


def _blocks(chunks: Iterable[str] | Iterable[bytes]) -> Iterator[bytes]:
    """Yield the same in fewer pieces: with PYTHONUNBUFFERED each would be a call of the system."""
    block: list[Any] = []
    size = 0
    for chunk in chunks:
        block.append(chunk)
        size += len(chunk)
        if size >= _BLOCK:
            yield encoded(block[0][:0].join(block))
            block, size = [], 0
    if block:
        yield encoded(block[0][:0].join(block))


def abandon_standard_output() -> None:
    """Send what is still buffered nowhere, or Python would try again, and complain, when it ends."""
    with suppress(OSError, ValueError, AttributeError):  # what stands in its place may have no number, or be closed
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


def is_special(path: str) -> bool:
    """Tell whether there is something at a path that is no ordinary file: a pipe, a device, a directory."""
    try:
        mode = os.stat(path).st_mode
    except FileNotFoundError:
        return False
    return not stat.S_ISREG(mode) or os.path.abspath(path).startswith(_STREAMS)


def _to_file(chunks: Iterable[str] | Iterable[bytes], path: str) -> None:
    if is_special(path):
        # Appending: /dev/stdout may be a file that a shell opened with >>, which is not ours to empty.
        with open(os.open(path, os.O_WRONLY | os.O_APPEND), "wb") as special:
            special.writelines(map(encoded, chunks))
        return
    draft = Draft(path)
    try:
        for chunk in chunks:
            draft.write(chunk)
        draft.complete()
        draft.publish()
    except BaseException:  # Ctrl-C as well
        draft.discard()
        raise


def encoded(chunk: str | bytes) -> bytes:
    """Return a piece of a document as the bytes that are written for it."""
    return chunk.encode() if isinstance(chunk, str) else chunk


def failure(error: OSError | ValueError, path: str) -> OutputError:
    """Turn what writing a file raised into an error that names it."""
    reason = getattr(error, "strerror", None) or str(error)
    hint = ""
    if isinstance(error, FileNotFoundError):
        hint = f"There is no directory {os.path.dirname(path) or '.'!r}."
    return OutputError(f"cannot be written: {reason[:1].lower()}{reason[1:]}", path=path, hint=hint)


# Magic number, deflate, no flags, no time, nothing about the level, unknown system (RFC 1952): the same everywhere.
_GZIP_HEADER = b"\x1f\x8b\x08" + bytes(6) + b"\xff"


def compressed(pieces: Iterable[str] | Iterable[bytes], level: int = 6) -> Iterator[bytes]:
    """Yield a document, given in pieces of text or bytes, as one gzip file.

    >>> import gzip
    >>> gzip.decompress(b"".join(compressed(["abc", "def"])))
    b'abcdef'

    Args:
        pieces: The document.
        level: From 1, the fastest, to 9, the smallest.
    """
    import zlib

    packing = zlib.compressobj(level, zlib.DEFLATED, zlib.MAX_WBITS | 16)  # 16: as gzip
    packing.compress(b"")  # zlib's own header, which names the system
    yield _GZIP_HEADER
    for piece in pieces:
        yield packing.compress(encoded(piece))
    yield packing.flush()


# Controls but the line end, and the signs that turn the direction of writing around or break lines unseen.
_STEERING = [*range(0x0A), *range(0x0B, 0x20), *range(0x7F, 0xA0), 0x200E, 0x200F]
_STEERING += [*range(0x2028, 0x202F), *range(0x2066, 0x206A)]
_PICTURES = {code: chr(0x2400 + code) if code < 0x20 else f"<U+{code:04X}>" for code in _STEERING} | {0x09: "    "}


def visible(text: str) -> str:
    r"""Return a text without control characters but line ends; the others become pictures, a tab four blanks.

    >>> visible("a\x1b[2Jb")
    'a␛[2Jb'
    """
    return text.translate(_PICTURES)


# The few characters that XML refuses: a set of all that it allows takes a hundred times as long to compile.
_NOT_XML = "[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]"


def require_xml(text: str, hint: str) -> None:
    """Refuse a text with a character that no XML document can hold, not even escaped.

    Raises:
        UnknownFormatError: There is one.
    """
    found = re.search(_NOT_XML, text)
    if found:
        raise UnknownFormatError(f"XML cannot carry the character U+{ord(found[0]):04X}, and there is one", hint=hint)
