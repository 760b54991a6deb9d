"""Terms found in a text by their names: for the RDF syntaxes whose positions no reader here keeps."""

from __future__ import annotations

import re

from pyoxigraph import Literal, NamedNode

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from perezkg.validation.report import Term

_DEFINES = r'(?:"@id"\s*:\s*"|rdf:about\s*=\s*["\']|rdf:ID\s*=\s*["\'])'


def search(text: str, terms: Iterable[Term]) -> int | None:
    """Return the offset of the last of some terms, each looked for after the one before it.

    The first is looked for where it is described (`"@id"`, `rdf:about`) before it is looked for anywhere. When a term
    is not found, the place of the one before it must do.

    >>> text = '[{"@id": "ex:a", "ex:knows": {"@id": "ex:b"}}, {"@id": "ex:b", "@type": "ex:C"}]'
    >>> text[search(text, [NamedNode("http://example.org/b")]):]
    'ex:b", "@type": "ex:C"}]'
    """
    found: int | None = None
    for term in terms:
        start = 0 if found is None else found + 1
        places = (_find(text, written, start, is_first=found is None) for written in _spellings(term))
        place = next((place for place in places if place is not None), None)
        if place is None:
            break
        found = place
    return found


def _find(text: str, written: str, start: int, *, is_first: bool) -> int | None:
    word = rf"(?<![\w-]){re.escape(written)}(?![\w-])"
    if is_first:
        for described in re.finditer(rf"{_DEFINES}(?:[^\"'<>\s]*[:/#])?({word})", text):
            # {"@id": "…"} with nothing else in it only mentions the node.
            start, end = described.start(), described.end() + 1
            before, after = text[max(0, start - 99) : start], text[end : end + 99]
            alone = before.rstrip().endswith("{") and after.lstrip().startswith("}")
            if not alone:
                # Point at the whole name: back from the local part to the quotation mark.
                return max(text.rfind(quote, 0, described.start(1)) for quote in "\"'") + 1
    match = re.compile(word).search(text, start)
    return match.start() if match else None


def _spellings(term: Term) -> Iterator[str]:
    if isinstance(term, NamedNode):
        yield term.value
        local = re.split(r"[#/:]", term.value)[-1]
        if local:
            yield local
    elif isinstance(term, Literal):
        yield term.value
        escaped = term.value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
        if escaped != term.value:
            yield escaped
        yield term.value.replace("&", "&amp;").replace("<", "&lt;")
