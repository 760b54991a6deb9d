"""Triples as text, a node at a time: Turtle and N-Triples from the same templates."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from operator import itemgetter
from urllib.parse import quote

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

_PREFIXES = {
    "dcterms": "http://purl.org/dc/terms/",
    "oa": "http://www.w3.org/ns/oa#",
    "prov": "http://www.w3.org/ns/prov#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "sport": "https://w3id.org/perezkg/sport#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
_ESCAPES = {ord("\\"): "\\\\", ord('"'): '\\"', 10: "\\n", 13: "\\r"}
_DATES = {4: "xsd:gYear", 7: "xsd:gYearMonth", 10: "xsd:date"}
# What may stand unescaped in the path of an IRI, beside letters of all writings.
_UNRESERVED = re.compile(r"[^\w.~+-]|_|\.(?=\.*(?: |\Z))")


class Syntax:
    """How terms and nodes are written.

    Args:
        base: The IRI that all of one's own begin with.
        name: turtle or ntriples.
    """

    def __init__(self, base: str, name: str = "turtle") -> None:
        self._turtle = name == "turtle"
        self._base = base
        self._root = "" if self._turtle else base
        self.head = ""
        if self._turtle:
            used = "".join(f"@prefix {prefix}: <{space}> .\n" for prefix, space in _PREFIXES.items())
            self.head = f"@base <{base}> .\n{used}\n"
        self.template = cache(self._template)

    def iri(self, path: str) -> str:
        """Write an IRI below the base."""
        return f"<{self._root}{path}>"

    def term(self, name: str) -> str:
        """Write an IRI that is given with a prefix."""
        if self._turtle:
            return name
        prefix, _, local = name.partition(":")
        return f"<{_PREFIXES[prefix]}{local}>"

    def text(self, value: str, lang: str = "") -> str:
        """Write a text."""
        return f'"{self.escaped(value)}"@{lang}' if lang else f'"{self.escaped(value)}"'

    def escaped(self, value: str) -> str:
        """Return a text as it stands between quotation marks."""
        if '"' in value or "\\" in value or "\n" in value or "\r" in value:
            return value.translate(_ESCAPES)
        return value

    def number(self, value: str | int) -> str:
        """Write an integer or a decimal."""
        if self._turtle:
            return str(value)
        return f'"{value}"^^{self.term("xsd:decimal" if "." in str(value) else "xsd:integer")}'

    def date(self, value: str) -> str:
        """Write a date, a month or a year."""
        return f'"{value}"^^{self.term(_DATES[len(value)])}'

    def compiled(self, *nodes: tuple[str, str, tuple[tuple[str, str], ...]]) -> Callable[..., str]:
        """Return a function that writes several nodes at once.

        Args:
            nodes: The subject; the class, or nothing; properties and their values. Subjects and values are terms with
                gaps, `{0}`, for the texts that the function is given; two or more of them.
        """
        text = []
        for subject, kind, pairs in nodes:
            if self._turtle:
                told = [f"a {kind}"] if kind else []
                told += [f"{name} {value}" for name, value in pairs]
                text.append(f"{subject} {'; '.join(told)}.\n")
                continue
            told = [f"{self.term('rdf:type')} {self.term(kind)}"] if kind else []
            told += [f"{self.term(name)} {value}" for name, value in pairs]
            text += [f"{subject} {triple} .\n" for triple in told]
        pieces = re.split(r"\{(\d+)\}", "".join(text))
        chosen = itemgetter(*map(int, pieces[1::2]))

        def filled(*values: str) -> str:
            # A third of the time that str.format takes, which reads its template anew each time.
            told = pieces[:]
            told[1::2] = chosen(values)
            return "".join(told)

        return filled

    def _template(self, kind: str, properties: tuple[str, ...]) -> Callable[..., str]:
        return self.compiled(("{0}", kind, tuple((name, f"{{{n}}}") for n, name in enumerate(properties, 1))))

    def numbered(self, path: str, prefix: str) -> tuple[str, str, str]:
        r"""Return how IRIs that end in a number are written: what is declared first, what precedes it, what follows.

        >>> Syntax("http://example.org/").numbered("list#row=", "row")
        ('@prefix row: <http://example.org/list#row=> .\n', 'row:', '')
        """
        if self._turtle:
            return f"@prefix {prefix}: <{self._base}{path}> .\n", f"{prefix}:", ""
        return "", f"<{self._base}{path}", ">"

    def node(self, iri: str, kind: str, pairs: list[tuple[str, str]]) -> str:
        """Write a node."""
        written: str = self.template(kind, tuple(name for name, _ in pairs))(iri, *(value for _, value in pairs))
        return written

    def triple(self, subject: str, name: str, value: str) -> str:
        """Write one triple more about a node."""
        return f"{subject} {self.term(name)} {value} .\n"


@lru_cache(1 << 13)
def slug(text: str) -> str:
    """Return a text as a step of an IRI's path; two texts get the same only if they differ by the case of letters.

    >>> slug("Jackie JOYNER-KERSEE"), slug("Bucureşti"), slug("a/b c?"), slug("..")
    ('jackie_joyner-kersee', 'bucureşti', 'a%2Fb_c%3F', '%2E%2E')
    """
    return _UNRESERVED.sub(_percent, text.casefold())


def _percent(found: re.Match[str]) -> str:
    return _escaped(found[0])


@lru_cache(1 << 10)
def _escaped(sign: str) -> str:
    if sign == " ":
        return "_"
    return quote(sign, safe="") if sign not in "_." else f"%{ord(sign):02X}"
