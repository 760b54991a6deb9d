"""Files become RDF: which syntax a file is in, its bytes, its triples, and where its mistakes are.

Everything is read once into memory as UTF-8; the parser is pyoxigraph's, which keeps every literal as it is written.
Nothing is ever fetched: a remote JSON-LD context is refused.
"""

from __future__ import annotations

import os
import sys

from pyoxigraph import RdfFormat, parse as _parse

from perezkg.errors import (
    InputNotFoundError,
    InputUnreadableError,
    PerezkgError,
    RdfSyntaxError,
    RemoteAccessRefusedError,
    UnknownFormatError,
    nearest,
)
from perezkg.namespaces import PREFIXES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from pyoxigraph import Quad

FORMATS: dict[str, RdfFormat] = {
    "turtle": RdfFormat.TURTLE,
    "ntriples": RdfFormat.N_TRIPLES,
    "nquads": RdfFormat.N_QUADS,
    "trig": RdfFormat.TRIG,
    "rdfxml": RdfFormat.RDF_XML,
    "jsonld": RdfFormat.JSON_LD,
}
"""The RDF syntaxes that can be read, by the names that `--data-format` takes."""

EXTENSIONS: dict[str, str] = {
    ".ttl": "turtle",
    ".turtle": "turtle",
    ".nt": "ntriples",
    ".nq": "nquads",
    ".trig": "trig",
    ".rdf": "rdfxml",
    ".xml": "rdfxml",
    ".owl": "rdfxml",
    ".jsonld": "jsonld",
    ".json": "jsonld",
}
"""File name extension to the name of the syntax; each may be followed by `.gz`."""

STANDARD_INPUT = "-"


class DataFile:
    """A file of RDF, read but not parsed.

    Attributes:
        name: The file as the user named it; "standard input" for "-".
        content: Its bytes: UTF-8 without byte order mark, decompressed.
        format: The syntax they are in.
        base: The IRI that relative IRIs in it are resolved against; None for standard input.
    """

    __slots__ = ("base", "content", "format", "name")

    def __init__(self, name: str, content: bytes, format: RdfFormat, base: str | None = None) -> None:  # noqa: A002 - the contract's word
        self.name = name
        self.content = content
        self.format = format
        self.base = base

    def __repr__(self) -> str:
        """Return a short text that names the file."""
        return f"DataFile({self.name!r}, {len(self.content)} bytes of {self.format.name})"


def read(path: str, format: str | None = None) -> DataFile:  # noqa: A002 - the contract's word
    """Read a file of RDF.

    Args:
        path: The file, or "-" for standard input.
        format: One of `FORMATS`; needed for standard input and for an unknown extension.

    Returns:
        The bytes and their syntax; they are parsed by `parse`.

    Raises:
        InputNotFoundError: There is no such file.
        InputUnreadableError: It is a directory, may not be read, or is not UTF-8.
        UnknownFormatError: The syntax is not known.
    """
    syntax = _syntax(path, format)
    if path == STANDARD_INPUT:
        return DataFile("standard input", _utf8(sys.stdin.buffer.read(), "standard input"), syntax)
    content = read_bytes(path)
    if path.lower().endswith(".gz"):
        content = _decompress(content, path)
    return DataFile(path, _utf8(content, path), syntax, _file_iri(path))


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
        raise _not_found(path) from None
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
    return _utf8(read_bytes(path), path).decode()


def parse(file: DataFile) -> Iterator[Quad]:
    """Yield the triples of a file exactly as they are written (`01.50` stays `01.50`).

    Blank nodes get labels of their own, so that those of two files never coincide.

    Raises:
        RdfSyntaxError: With the place of the mistake.
        RemoteAccessRefusedError: A JSON-LD context would have to be fetched.
    """
    try:
        yield from _parse(file.content, file.format, base_iri=file.base, rename_blank_nodes=True)
    except SyntaxError as error:
        raise syntax_error(file, error) from None


def syntax_error(file: DataFile, error: SyntaxError) -> PerezkgError:
    """Turn what pyoxigraph's parser raised into an error that shows the place and says what to do."""
    text = file.content.decode()
    message = str(error.msg)
    line, column = error.lineno or 0, error.offset or 0
    if "LoadDocumentCallback" in message or "remote context" in message:
        return _remote_context(file.name, text)
    if line:
        message = message.partition(": ")[2] or message
    elif file.format == RdfFormat.RDF_XML:
        line, column = _xml_position(file.content)
    lines = text.split("\n")
    return RdfSyntaxError(
        f"not valid {file.format.name}: {message}",
        path=file.name,
        line=line,
        column=column,
        source_line=lines[line - 1] if 0 < line <= len(lines) else "",
        hint=_hint(message, text),
    )


def _hint(message: str, text: str) -> str:
    if message.startswith("The prefix "):
        prefix = message.split()[2].rstrip(":")
        if prefix in PREFIXES:
            return f"Declare it at the top of the file: @prefix {prefix}: <{PREFIXES[prefix]}> ."
        return nearest(prefix, PREFIXES) or f"Declare it at the top of the file: @prefix {prefix}: <…> ."
    if "end of file" in message:
        return "A closing quotation mark, bracket or full stop is missing here or before."
    if "No scheme found" in message:
        return "Write the whole IRI, from http: or https: on."
    if not text.strip():
        return "The file is empty."
    return ""


def _remote_context(name: str, text: str) -> RemoteAccessRefusedError:
    import re

    # The value of the first @context or @import that is a string: the parser does not say which one it was.
    found = re.search(r'"@(?:context|import)"\s*:\s*(?:\[[^]{}]*?)?("(?:[^"\\]|\\.)*")', text)
    line = text.count("\n", 0, found.start(1)) + 1 if found else 0
    column = found.start(1) - text.rfind("\n", 0, found.start(1)) if found else 0
    return RemoteAccessRefusedError(
        f"the JSON-LD context {found[1] if found else ''} would have to be fetched, and perezkg fetches nothing",
        path=name,
        line=line,
        column=column,
        source_line=text.split("\n")[line - 1] if found else "",
        hint="Put the context itself into the file in place of its address.",
    )


def _xml_position(content: bytes) -> tuple[int, int]:
    """Return where XML itself is broken; (0, 0) when the XML is well formed and only the RDF in it is wrong."""
    from xml.parsers import expat

    parser = expat.ParserCreate()
    try:
        parser.Parse(content, True)  # noqa: FBT003 - expat knows no keywords
    except expat.ExpatError as error:
        return error.lineno, error.offset + 1
    return 0, 0


def _syntax(path: str, name: str | None) -> RdfFormat:
    if name is not None:
        if name not in FORMATS:
            raise UnknownFormatError(
                f"unknown RDF format {name!r}",
                hint=nearest(name, FORMATS) or f"Known formats: {', '.join(FORMATS)}.",
            )
        return FORMATS[name]
    if path == STANDARD_INPUT:
        raise UnknownFormatError(
            "the format of standard input is not known", hint=f"Say it: --data-format {'|'.join(FORMATS)}"
        )
    stem = path[:-3] if path.lower().endswith(".gz") else path
    extension = os.path.splitext(stem)[1].lower()
    if extension in EXTENSIONS:
        return FORMATS[EXTENSIONS[extension]]
    if not os.path.exists(path):
        raise _not_found(path)
    if os.path.isdir(path):
        raise InputUnreadableError("this is a directory, not a file", path=path, hint="Name the files in it.")
    known = " ".join(EXTENSIONS)
    raise UnknownFormatError(
        f"the format of a file that ends in {extension!r} is not known" if extension else "its format is not known",
        path=path,
        hint=f"Known endings: {known}. Or say it: --data-format {'|'.join(FORMATS)}",
    )


def _not_found(path: str) -> InputNotFoundError:
    try:
        names = os.listdir(os.path.dirname(path) or ".")
    except (OSError, ValueError):
        names = []
    return InputNotFoundError("there is no such file", path=path, hint=nearest(os.path.basename(path), names))


def _utf8(content: bytes, name: str) -> bytes:
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


def _decompress(content: bytes, path: str) -> bytes:
    import gzip
    import zlib

    try:
        return gzip.decompress(content)
    except (OSError, EOFError, zlib.error) as error:
        raise InputUnreadableError(f"cannot be decompressed: {error}", path=path) from None


def _file_iri(path: str) -> str:
    # urllib.parse.quote would do, at the cost of importing it in every process.
    safe = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~/:"
    absolute = os.path.abspath(path).replace(os.sep, "/")
    quoted = "".join(chr(byte) if byte in safe else f"%{byte:02X}" for byte in os.fsencode(absolute))
    return f"file://{'' if quoted.startswith('/') else '/'}{quoted}"
