"""A mistake in a file of RDF: where it is, and what to do about it."""

from __future__ import annotations

from pyoxigraph import RdfFormat

from perezkg.errors import InputUnreadableError, RdfSyntaxError, RemoteAccessRefusedError, nearest
from perezkg.vocabulary import PREFIXES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from perezkg.errors import PerezkgError


def value_too_long(name: str, error: MemoryError) -> PerezkgError:
    """Return the error for a value that is longer than the parser's buffer."""
    return InputUnreadableError(f"a value is too long to be read: {error}", path=name)


def in_document(
    name: str,
    format: RdfFormat,  # noqa: A002
    content: bytes,
    error: SyntaxError,
) -> PerezkgError:
    """Turn what the parser raised about a file that is in memory into an error with place, line and hint."""
    text = content.decode()
    message = str(error.msg)
    if "LoadDocumentCallback" in message or "remote context" in message:
        return _remote_context(name, text)
    place = None
    if not error.lineno and format == RdfFormat.RDF_XML:
        place = _xml_position(content)
    lines = text.split("\n")

    def line_of(number: int) -> str:
        return lines[number - 1] if 0 < number <= len(lines) else ""

    return at_line(name, format, error, line_of, place=place, empty=not text.strip())


def at_line(
    name: str,
    format: RdfFormat,  # noqa: A002 - the name that users know
    error: SyntaxError,
    line_of: Callable[[int], str],
    *,
    place: tuple[int, int] | None = None,
    empty: bool = False,
) -> RdfSyntaxError:
    """Turn what the parser raised into an error with place, line and hint.

    Args:
        name: The file.
        format: Its syntax.
        error: What the parser raised.
        line_of: Returns the text of a line, by its number from 1.
        place: Line and column, where the parser does not know them.
        empty: Whether the file holds nothing but white space.
    """
    message = str(error.msg)
    if error.lineno:
        message = message.partition(": ")[2] or message
    line, column = place or (error.lineno or 0, error.offset or 0)
    return RdfSyntaxError(
        f"not valid {format.name}: {message}",
        path=name,
        line=line,
        column=column,
        source_line=line_of(line),
        hint=_hint(message, empty=empty),
    )


def _hint(message: str, *, empty: bool) -> str:
    if message.startswith("The prefix "):
        prefix = message.split()[2].rstrip(":")
        if prefix in PREFIXES:
            return f"Declare it at the top of the file: @prefix {prefix}: <{PREFIXES[prefix]}> ."
        return nearest(prefix, PREFIXES) or f"Declare it at the top of the file: @prefix {prefix}: <…> ."
    if "end of file" in message:
        return "A closing quotation mark, bracket or full stop is missing here or before."
    if "No scheme found" in message:
        return "Write the whole IRI, from http: or https: on."
    if empty:
        return "The file is empty."
    return ""


def _remote_context(name: str, text: str) -> RemoteAccessRefusedError:
    import json

    # The parser does not say which context it was; the first one named by a string must be it.
    address = next(_named_contexts(json.loads(text)), "")
    offset = text.find(f'"{address}"')
    line = text.count("\n", 0, offset) + 1 if offset >= 0 else 0
    return RemoteAccessRefusedError(
        f"the JSON-LD context {address or 'of this file'} would have to be fetched, and perezkg fetches nothing",
        path=name,
        line=line,
        column=offset - text.rfind("\n", 0, offset) if line else 0,
        source_line=text.split("\n")[line - 1] if line else "",
        hint="Put the context itself into the file in place of its address.",
    )


def _named_contexts(node: object, key: str = "") -> Iterator[str]:
    if isinstance(node, str) and key in ("@context", "@import"):
        yield node
    elif isinstance(node, list):
        for item in node:
            yield from _named_contexts(item, key)
    elif isinstance(node, dict):
        for name, value in node.items():
            yield from _named_contexts(value, name)


def _xml_position(content: bytes) -> tuple[int, int]:
    """Return where XML itself is broken; (0, 0) when the XML is well formed and only the RDF in it is wrong."""
    from xml.parsers import expat

    parser = expat.ParserCreate()
    try:
        parser.Parse(content, True)  # noqa: FBT003 - expat knows no keywords
    except expat.ExpatError as error:
        return error.lineno, error.offset + 1
    return 0, 0
