"""What is wrong with a file that cannot be read: errors that say what to do, made when there is one."""

from __future__ import annotations

import os

from perezkg.errors import InputNotFoundError, InputUnreadableError, RdfSyntaxError, nearest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from perezkg.errors import PerezkgError


def fault(error: OSError | ValueError, path: str) -> PerezkgError:
    """Turn what opening or reading a file raised into an error that says what to do."""
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return not_found(path)
    if isinstance(error, IsADirectoryError):
        return InputUnreadableError("this is a directory, not a file", path=path, hint="Name the files in it.")
    reason = getattr(error, "strerror", None) or str(error)  # ValueError: a null character in the name
    return InputUnreadableError(f"cannot be read: {reason}", path=path)


def not_found(path: str) -> InputNotFoundError:
    """Return the error for a file that is not there, with the nearest name in its folder."""
    try:
        names = os.listdir(os.path.dirname(path) or ".")
    except (OSError, ValueError):
        names = []
    return InputNotFoundError("there is no such file", path=path, hint=nearest(os.path.basename(path), names))


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


def broken_archive(error: Exception, path: str) -> InputUnreadableError:
    """Return the error for a .gz file that is none, or only the beginning of one."""
    return InputUnreadableError(f"cannot be decompressed: {error}", path=path)


def refuse_nested_entities(name: str, content: bytes) -> None:
    """Refuse XML entities made of entities: ten lines of them can stand for more text than a machine holds."""
    if b"<!ENTITY" in content:
        import re

        match = re.search(rb"""<!ENTITY\s[^>]*?["'][^"'>]*&[A-Za-z_][^"'>]*["']""", content)
        if match:
            line = content.count(b"\n", 0, match.start()) + 1
            raise RdfSyntaxError(
                "an XML entity is made of other entities, which perezkg does not read",
                path=name,
                line=line,
                hint="Write the whole IRI in its place.",
            )
