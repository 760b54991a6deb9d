"""Files of text: found or not, readable or not, UTF-8 or not."""

from __future__ import annotations

import os
import sys

from perezkg.errors import InputNotFoundError, InputUnreadableError, nearest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import BinaryIO

    from perezkg.errors import PerezkgError

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
"""That of UTF-8, which files of Windows begin with; it belongs to no text."""


def read_bytes(path: str) -> bytes:
    """Return the bytes of a file; a failure is a `PerezkgError` that says what to do.

    Raises:
        InputNotFoundError: There is no such file.
        InputUnreadableError: It is a directory or may not be read.
    """
    try:
        with open(path, "rb") as file:
            return file.read()
    except (OSError, ValueError) as error:
        raise fault(error, path) from None


def standard_input() -> BinaryIO:
    """Return standard input, to read bytes from.

    Raises:
        InputUnreadableError: It is closed.
    """
    if sys.stdin is None:
        raise InputUnreadableError("standard input is closed", hint="Name a file, or send something: … | perezkg …")
    return sys.stdin.buffer


def fault(error: OSError | ValueError, path: str) -> PerezkgError:
    """Turn what opening or reading a file raised into an error that says what to do."""
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return not_found(path)
    if isinstance(error, IsADirectoryError):
        return InputUnreadableError("this is a directory, not a file", path=path, hint="Name the files in it.")
    reason = getattr(error, "strerror", None) or str(error)  # ValueError: a null character in the name
    return InputUnreadableError(f"cannot be read: {reason}", path=path)


def read_text(path: str) -> str:
    """Return the text of a UTF-8 file, without byte order mark.

    Raises:
        InputNotFoundError: There is no such file.
        InputUnreadableError: It is a directory, may not be read, or is not UTF-8.
    """
    return decode(read_bytes(path), path)


def decode(content: bytes, name: str) -> str:
    """Return bytes of UTF-8 as text, without byte order mark.

    Raises:
        InputUnreadableError: They are not UTF-8; `name` stands in the message.
    """
    return utf8(content, name).decode()


def utf8(content: bytes, name: str) -> bytes:
    """Return the bytes without byte order mark, once they have proved to be UTF-8.

    Raises:
        InputUnreadableError: They are not; with the place of the first wrong byte, and `name` in the message.
    """
    content = content.removeprefix(BYTE_ORDER_MARK)
    try:
        content.decode()
    except UnicodeDecodeError as error:
        refuse_utf_16(content, name)
        before = content[: error.start]
        line_start = before.rfind(b"\n") + 1
        line_end = content.find(b"\n", error.start)
        line = content[line_start : line_end if line_end >= 0 else None]
        raise not_utf8(name, before.count(b"\n") + 1, line, error.start - line_start) from None
    refuse_nulls(content, name)
    return content


def refuse_utf_16(start: bytes, name: str) -> None:
    """Refuse a file that is not UTF-8 and begins as UTF-16 does.

    Raises:
        InputUnreadableError: It does.
    """
    if start[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise InputUnreadableError(
            "this is UTF-16, and RDF and SPARQL files are read as UTF-8",
            path=name,
            hint="Convert it: iconv -f UTF-16 -t UTF-8",
        )


def refuse_nulls(start: bytes, name: str) -> None:
    """Refuse a file that begins with null characters: UTF-16 of mere ASCII is valid UTF-8 full of them.

    Raises:
        InputUnreadableError: It does.
    """
    if b"\0" in start[:1024]:
        raise InputUnreadableError("this is not a text file in UTF-8: it has null characters", path=name)


def not_utf8(name: str, number: int, line: bytes, wrong: int) -> InputUnreadableError:
    """Return the error for a line, of some number, one of whose bytes is wrong."""
    return InputUnreadableError(
        f"not UTF-8: the byte 0x{line[wrong]:02X} stands where a character should",
        path=name,
        line=number,
        column=len(line[:wrong].decode()) + 1,
        source_line=line.decode(errors="replace"),
        hint="If the file is Latin-1, convert it: iconv -f ISO-8859-1 -t UTF-8",
    )


def not_found(path: str) -> InputNotFoundError:
    """Return the error for a file that is not there, with the nearest name in its folder."""
    try:
        names = os.listdir(os.path.dirname(path) or ".")
    except (OSError, ValueError):
        names = []
    return InputNotFoundError("there is no such file", path=path, hint=nearest(os.path.basename(path), names))
