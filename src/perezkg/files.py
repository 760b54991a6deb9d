"""Files of text, read whole: found or not, readable or not, UTF-8 or not."""

from __future__ import annotations

import os

from perezkg.errors import InputNotFoundError, InputUnreadableError, nearest


def read_bytes(path: str) -> bytes:
    """Return the bytes of a file; a failure is a `PerezkgError` that says what to do.

    Raises:
        InputNotFoundError: There is no such file.
        InputUnreadableError: It is a directory or may not be read.
    """
    try:
        with open(path, "rb") as file:
            return file.read()
    except (FileNotFoundError, NotADirectoryError):
        raise not_found(path) from None
    except IsADirectoryError:
        raise InputUnreadableError("this is a directory, not a file", path=path, hint="Name the files in it.") from None
    except (OSError, ValueError) as error:  # ValueError: a null character in the name
        reason = getattr(error, "strerror", None) or str(error)
        raise InputUnreadableError(f"cannot be read: {reason}", path=path) from None


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
    if content.startswith(b"\xef\xbb\xbf"):
        content = content[3:]
    try:
        content.decode()
    except UnicodeDecodeError as error:
        if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
            raise InputUnreadableError(
                "this is UTF-16, and RDF and SPARQL files are read as UTF-8",
                path=name,
                hint="Convert it: iconv -f UTF-16 -t UTF-8",
            ) from None
        before = content[: error.start]
        line_start = before.rfind(b"\n") + 1
        line_end = content.find(b"\n", error.start)
        raise InputUnreadableError(
            f"not UTF-8: the byte 0x{content[error.start]:02X} stands where a character should",
            path=name,
            line=before.count(b"\n") + 1,
            column=len(before[line_start:].decode()) + 1,
            source_line=content[line_start : line_end if line_end >= 0 else None].decode(errors="replace"),
            hint="If the file is Latin-1, convert it: iconv -f ISO-8859-1 -t UTF-8",
        ) from None
    # UTF-16 of mere ASCII is valid UTF-8 full of null characters.
    if b"\0" in content[:1024]:
        raise InputUnreadableError("this is not a text file in UTF-8: it has null characters", path=name)
    return content


def not_found(path: str) -> InputNotFoundError:
    """Return the error for a file that is not there, with the nearest name in its folder."""
    try:
        names = os.listdir(os.path.dirname(path) or ".")
    except (OSError, ValueError):
        names = []
    return InputNotFoundError("there is no such file", path=path, hint=nearest(os.path.basename(path), names))
