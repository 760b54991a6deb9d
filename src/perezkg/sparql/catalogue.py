"""The canned queries: files of SPARQL with a `#+` header, as grlc and sparql-examples-utils read it too.

The header is a small part of YAML, read here without a YAML library: `key: value`, lists of values, and lists of
one-key maps.
"""

from __future__ import annotations

import os
from functools import cached_property

from perezkg import resources
from perezkg.errors import InputError, UnknownQueryError, nearest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Self, TypeAlias

    from perezkg.sparql.parameters import Parameter
    from perezkg.sparql.tokens import Token

    Item: TypeAlias = str | dict[str, str | list[str]]
    Header: TypeAlias = dict[str, str | list[Item]]

_FORMS = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")


class CannedQuery:
    """A query with its header.

    Attributes:
        text: The whole file, header included.
        name: Its name in the catalogue; "" for a text that has none.
        path: The file it was read from; "" for a text.
        base: The IRI that relative IRIs in it are resolved against; None is that of the working directory.
    """

    def __init__(self, text: str, name: str = "", path: str = "", base: str | None = None) -> None:
        self.text = text
        self.name = name
        self.path = path
        self.base = base

    def __repr__(self) -> str:
        return f"CannedQuery({self.title!r})"

    @property
    def title(self) -> str:
        """What a message calls it."""
        return self.name or self.path or "the query"

    @property
    def where(self) -> str:
        """Where it is, for an error message."""
        return self.path or "query"

    @cached_property
    def header(self) -> Header:
        """The header, as lists and dictionaries of text."""
        return parse_header(self.text, self.where)

    def summary(self, lang: str = "en") -> str:
        """Return what the query answers, in one line of a language, or of English where the header has no other."""
        return self._one_line("summary", lang)

    def description(self, lang: str = "en") -> str:
        """Return more about it, in one line of a language, or of English where the header has no other."""
        return self._one_line("description", lang)

    @property
    def tags(self) -> tuple[str, ...]:
        """The groups it belongs to."""
        tags = self.header.get("tags", [])
        return tuple(tag for tag in tags if isinstance(tag, str)) if isinstance(tags, list) else (tags,)

    @cached_property
    def sparql(self) -> str:
        """The text with codepoint escapes replaced, which is what engines get."""
        from perezkg.sparql.tokens import settle_escapes

        return settle_escapes(self.text, self.where)

    @cached_property
    def tokens(self) -> list[Token]:
        """The tokens of `sparql`."""
        from perezkg.sparql.tokens import tokenize

        return tokenize(self.sparql)

    @property
    def form(self) -> str:
        """SELECT, ASK, CONSTRUCT or DESCRIBE; "" when the text is none of them."""
        return next((token.keyword for token in self.tokens if token.keyword in _FORMS), "")

    @cached_property
    def parameters(self) -> dict[str, Parameter]:
        """The parameters by name, in order of appearance."""
        from perezkg.sparql.parameters import find_parameters

        defaults = {name: value for name, value in self._pairs("defaults").items() if isinstance(value, str)}
        choices = {name: tuple(value) for name, value in self._pairs("enumerate").items() if isinstance(value, list)}
        return find_parameters(self.tokens, defaults, choices)

    def _repr_html_(self) -> str:
        """Return what the query answers, and its parameters, for notebooks."""
        from perezkg.notebook import items, text

        asked = [(0, text(f"{one.name}: {one.type_name} ({one.example})")) for one in self.parameters.values()]
        told = " – ".join(filter(None, (self.title, self.summary())))
        return items(told, asked, "en") + f"<p>{text(self.description())}</p>"

    def _one_line(self, key: str, lang: str) -> str:
        text = self.header.get(key if lang == "en" else f"{key}_{lang}") or self.header.get(key, "")
        return text if isinstance(text, str) else ""

    def _pairs(self, key: str) -> dict[str, str | list[str]]:
        items = self.header.get(key, [])
        pairs: dict[str, str | list[str]] = {}
        for item in items if isinstance(items, list) else []:
            if isinstance(item, dict):
                pairs.update(item)
        return pairs


class Queries(list[CannedQuery]):
    """Canned queries, which a notebook shows as a table.

    Attributes:
        lang: The language of that table.
    """

    lang = "en"

    @classmethod
    def having(cls, words: Iterable[str], lang: str) -> Self:
        """Return the canned queries that have all of some words in name, summary or description, or all queries."""
        found = cls(matching(catalogue(), words, lang))
        found.lang = lang
        return found

    def _repr_html_(self) -> str:
        """Return name, question and parameters of each query, for notebooks."""
        from perezkg.notebook import cell, table, text
        from perezkg.words import words

        heads = words("notebook", self.lang)
        rows = (
            [cell(text(part)) for part in (query.title, query.summary(self.lang), ", ".join(query.parameters))]
            for query in self
        )
        return table((heads["name"], heads["question"], heads["parameters"]), rows, len(self), self.lang)


def catalogue() -> list[CannedQuery]:
    """Return the canned queries by name."""
    return [find(name) for name in names()]


def names() -> list[str]:
    """Return the names of the canned queries, sorted."""
    return sorted(file[:-3] for file in os.listdir(resources.query_directory()) if file.endswith(".rq"))


def matching(queries: Iterable[CannedQuery], words: Iterable[str], lang: str = "en") -> list[CannedQuery]:
    """Return the queries that have all of some words in their name, summary or description.

    Args:
        queries: The queries to look through.
        words: What to look for; case and accents make no difference, and a part of a word will do.
        lang: The language of summaries and descriptions.

    >>> [query.name for query in matching(catalogue(), ["OLIMPICOS", "resultados"], "es")]
    ['olympic-results']
    """
    from perezkg.words import folded

    asked = [folded(word) for word in words]
    texts = ((query, folded(f"{query.name} {query.summary(lang)} {query.description(lang)}")) for query in queries)
    return [query for query, text in texts if all(word in text for word in asked)]


def find(name: str, base: str | None = None) -> CannedQuery:
    """Return the query of a name, of a file, or of standard input.

    Args:
        name: A name of the catalogue, the path of a file (which ends in .rq or exists), or "-".
        base: The IRI that relative IRIs in it are resolved against; None is that of the file.

    Raises:
        UnknownQueryError: There is no such query.
        InputNotFoundError: There is no such .rq file.
        InputUnreadableError: The file is a directory, may not be read, or is not UTF-8; standard input may be closed.
    """
    if name == "-":
        from perezkg.rdf.reading import decode, standard_input

        return CannedQuery(decode(standard_input().read(), "standard input"), path="standard input", base=base)
    if name and os.path.basename(name) == name:
        path = os.path.join(resources.query_directory(), f"{name}.rq")
        if os.path.isfile(path):
            return _read(name, path, base)
    if name.endswith(".rq") or (os.path.exists(name) and name not in names()):
        return _read("", name, base)
    raise UnknownQueryError(
        f"there is no query {name!r}", hint=nearest(name, names()) or "`perezkg queries` lists them all."
    )


def _read(name: str, path: str, base: str | None = None) -> CannedQuery:
    from perezkg.rdf.reading import decode, file_iri, read_bytes

    return CannedQuery(decode(read_bytes(path), path), name, path, base or file_iri(path))


def parse_header(text: str, path: str = "") -> Header:
    r"""Return the `#+` header of a query.

    Raises:
        InputError: A line is outside the part of YAML that is read here; with file and line.

    >>> parse_header("#+ summary: Years\n#+ defaults:\n#+   - start: 1996\n#+ tags:\n#+   - results\nSELECT …")
    {'summary': 'Years', 'defaults': [{'start': '1996'}], 'tags': ['results']}
    """
    header: Header = {}
    base = outer = -1
    items: list[Item] = []
    inner: list[str] | None = None
    for number, whole in enumerate(text.split("\n"), 1):
        if not whole.startswith("#+"):
            continue
        line = whole[2:].rstrip()
        content = line.lstrip(" ")
        if not content:
            continue
        indent = len(line) - len(content)

        def fail(what: str, number: int = number, whole: str = whole) -> InputError:
            return InputError(f"header: {what}", path=path, line=number, source_line=whole)

        if not content.startswith("- ") and content != "-":
            base = indent if base < 0 else base
            key, colon, value = content.partition(":")
            if not colon or indent != base or (value and not value.startswith(" ")):
                raise fail("expected `key: value`, or `- ` of a list, at the right depth")
            if key in header:
                raise fail(f"{key} appears twice")
            items, outer, inner = [], -1, None
            header[key] = _scalar(value, fail) if value.strip() else items
            continue
        if not header or header[next(reversed(header))] is not items:
            raise fail("a list without a key above it")
        item = content[1:].strip()
        if outer >= 0 and indent > outer:
            if inner is None:
                raise fail("a list in a list")
            inner.append(_scalar(item, fail))
            continue
        outer, inner = indent, None
        key, colon, value = item.partition(":")
        if not colon or item[0] in "\"'" or (value and not value.startswith(" ")):
            items.append(_scalar(item, fail))
        elif value.strip():
            items.append({key: _scalar(value, fail)})
        else:
            inner = []
            items.append({key: inner})
    return header


def _scalar(text: str, fail: Callable[[str], InputError]) -> str:
    text = text.strip()
    quote = text[:1]
    if quote in ("'", '"'):
        inner = text[1:-1]
        if len(text) < 2 or not text.endswith(quote) or "\\" in inner or quote in inner.replace(quote * 2, ""):
            raise fail("a quoted value must end where the line ends, without backslash")
        return inner.replace("''", "'") if quote == "'" else inner
    if ": " in text or " #" in text or text.endswith(":") or text[:1] in tuple("[]{}&*!|>%@`#,?") or text[:2] == "- ":
        raise fail("this value means something else in YAML: put it in quotation marks")
    return text
