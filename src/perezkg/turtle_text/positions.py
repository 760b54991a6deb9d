"""Where the triples of a Turtle, TriG, N-Triples or N-Quads text stand: a reader that keeps positions.

The parser says what a file means, this says where. It runs only when there is something to report, on text that the
parser has accepted; what it does not know (the triple terms of RDF 1.2) it gives up on as a whole, with `Unscannable`.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from pyoxigraph import BlankNode, NamedNode, RdfFormat, parse

from perezkg.vocabulary import RDF

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from perezkg.rdf.terms import Rdf11Term

_FIRST, _REST, _NIL, _TYPE = (NamedNode(RDF + name) for name in ("first", "rest", "nil", "type"))

# All that may stand in a prefixed name but the full stop: no blank, no ASCII punctuation but - _ : %, and any letter.
_NAME = r"[^\x00-\x24\x26-\x2C./;<=>?@\[\\\]^`{|}~\x7F]"
_LOCAL = rf"(?:{_NAME}|\\.|\.+(?={_NAME}|\\))"
TOKEN = re.compile(
    rf"""(?P<space>[ \t\r\n]+|\#[^\r\n]*)
|(?P<string>\"\"\"(?:[^"\\]|\\.|"(?!\"\"))*\"\"\"|'''(?:[^'\\]|\\.|'(?!''))*'''|"(?:[^"\\\r\n]|\\.)*"|'(?:[^'\\\r\n]|\\.)*')
|(?P<iri><[^<>"{{}}\s]*>)
|(?P<language>@[A-Za-z]+(?:-[A-Za-z0-9]+)*)
|(?P<blank>_:{_LOCAL}*)
|(?P<number>[+-]?(?:[0-9]+\.[0-9]*[eE][+-]?[0-9]+|\.?[0-9]+[eE][+-]?[0-9]+|[0-9]*\.[0-9]+|[0-9]+)(?![\w:]))
|(?P<name>{_NAME}(?:{_NAME}|\.+(?={_NAME}))*:?{_LOCAL}*|:{_LOCAL}*)
|(?P<mark>\^\^|[.;,()\[\]{{}}])""",
    re.VERBOSE | re.DOTALL,
)
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:(?!.*/\.\.?(?:[/?#]|$))[^\\]*")


class Unscannable(Exception):  # noqa: N818 - not an error: the positions are looked for in another way
    """The text has what is not Turtle 1.1, TriG, N-Triples or N-Quads: at the offset in `args`, where it is known."""


class Placed(NamedTuple):
    """A triple and the offsets of its three terms in the text."""

    subject: Rdf11Term
    predicate: NamedNode
    object: Rdf11Term
    subject_at: int
    predicate_at: int
    object_at: int


class Token(NamedTuple):
    """A token: its kind, which is that of a group of `TOKEN`, its text and its offset."""

    kind: str
    text: str
    start: int


_END = Token("end", "", 0)


def tokens(text: str) -> Iterator[Token]:
    """Yield the tokens of a text; stretches of blanks, and comments, are tokens of the kind "space".

    Raises:
        Unscannable: Something is none; with its offset.
    """
    at = 0
    while at < len(text):
        match = TOKEN.match(text, at)
        if match is None:
            raise Unscannable(at)
        yield Token(match.lastgroup or "", match[0], at)
        at = match.end()


def scan(text: str, base: str | None = None, *, quads: bool = False) -> list[Placed]:
    """Return the triples of a text with the offset of each term.

    The triples of an RDF list and of a blank node in brackets stand where the bracket or the member stands. Blank nodes
    keep their labels after "L"; those without label are A0, A1, ….

    Args:
        text: Turtle, TriG, N-Triples or, with `quads`, N-Quads.
        base: What relative IRIs are resolved against.
        quads: A fourth term before the full stop names a graph.

    Raises:
        Unscannable: The text has something else.

    >>> [(str(t.object), t.object_at) for t in scan("<x:s> <x:p> 1 , 'a' .")][1]
    ('"a"', 16)
    """
    scanner = _Scanner(text, base, quads=quads)
    try:
        scanner.document()
    except (RecursionError, ValueError, IndexError, SyntaxError) as error:
        raise Unscannable from error
    return scanner.found


class _Scanner:
    def __init__(self, text: str, base: str | None, *, quads: bool) -> None:
        self.found: list[Placed] = []
        self._tokens = [token for token in tokens(text) if token.kind != "space"]
        self._next = 0
        self._base = base
        self._quads = quads
        self._prefixes: dict[str, str] = {}
        self._anonymous = 0
        self._known: dict[tuple[str, str | None], Rdf11Term] = {}

    def document(self) -> None:
        while self._next < len(self._tokens):
            token = self._peek()
            word = token.text.lower()
            if token.kind == "language" or (token.kind == "name" and word in ("prefix", "base", "version")):
                self._directive(word.lstrip("@"))
            elif token.text == "{" or (token.kind == "name" and word == "graph") or self._names_graph():
                self._graph()
            else:
                self._triples()
                self._skip(".")

    def _directive(self, word: str) -> None:
        self._take()
        if word == "prefix":
            prefix = self._take().text
            self._prefixes[prefix.rstrip(":")] = self._named(self._take()).value
        elif word == "base":
            self._base = self._named(self._take()).value
        elif word == "version":
            self._take()
        else:
            raise Unscannable
        self._skip(".")

    def _names_graph(self) -> bool:
        i = self._next + 1
        if self._peek().text == "[" and self._at(i).text == "]":
            i += 1
        return self._at(i).text == "{"

    def _graph(self) -> None:
        while self._take().text != "{":
            pass
        while self._peek().text != "}":
            self._triples()
            self._skip(".")
        self._take()

    def _triples(self) -> None:
        token = self._peek()
        subject = self._term()
        # [ :p :o ] . needs nothing more
        if token.text != "[" or self._peek().text not in (".", "}", ""):
            self._predicates(subject, token.start)

    def _predicates(self, subject: Rdf11Term, at: int) -> None:
        while True:
            token = self._take()
            predicate = self._named(token)
            while True:
                object_at = self._peek().start
                value = self._term()
                self.found.append(Placed(subject, predicate, value, at, token.start, object_at))
                if self._quads and self._peek().text != ".":
                    self._take()
                if not self._skip(","):
                    break
            if not self._skip(";"):
                return
            while self._skip(";"):
                pass
            if self._peek().text in (".", "]", "}", ""):
                return

    def _named(self, token: Token) -> NamedNode:
        if token.kind == "name" and token.text == "a":
            return _TYPE
        if token.kind == "iri" and _ABSOLUTE.fullmatch(token.text, 1, len(token.text) - 1):
            return NamedNode(token.text[1:-1])
        if token.kind == "iri" and isinstance(found := self._parsed(token.text), NamedNode):
            return found
        prefix, colon, local = token.text.partition(":")
        if token.kind != "name" or not colon or prefix not in self._prefixes:
            raise Unscannable
        return NamedNode(self._prefixes[prefix] + re.sub(r"\\(.)", r"\1", local))

    def _term(self) -> Rdf11Term:
        token = self._take()
        if token.kind == "blank":
            return BlankNode("L" + token.text[2:])
        if token.text == "[" and token.kind == "mark":
            return self._brackets(token.start)
        if token.text == "(" and token.kind == "mark":
            return self._list(token.start)
        if token.kind == "string":
            return self._parsed(token.text + self._behind_string())
        if token.kind == "number" or token.text in ("true", "false"):
            return self._parsed(token.text)
        return self._named(token)

    def _brackets(self, at: int) -> BlankNode:
        node = self._fresh()
        if not self._skip("]"):
            self._predicates(node, at)
            if not self._skip("]"):
                raise Unscannable
        return node

    def _list(self, at: int) -> Rdf11Term:
        if self._skip(")"):
            return _NIL
        head = node = self._fresh()
        while True:
            member_at = self._peek().start
            self.found.append(Placed(node, _FIRST, self._term(), at, member_at, member_at))
            if self._skip(")"):
                self.found.append(Placed(node, _REST, _NIL, at, member_at, member_at))
                return head
            after = self._fresh()
            self.found.append(Placed(node, _REST, after, at, member_at, self._peek().start))
            node, at = after, self._peek().start

    def _fresh(self) -> BlankNode:
        self._anonymous += 1
        return BlankNode(f"A{self._anonymous - 1}")

    def _behind_string(self) -> str:
        """Return the language or, with its whole IRI, the datatype of a literal."""
        if self._peek().kind == "language":
            return self._take().text
        if self._peek().text == "^^":
            self._take()
            return f"^^{self._named(self._take())}"
        return ""

    def _parsed(self, text: str) -> Rdf11Term:
        """Let the parser read one term: relative IRIs, escapes and kinds of numbers are its business."""
        key = text, self._base
        if key not in self._known:
            self._known[key] = next(iter(parse(f"<x:s> <x:p> {text} .", RdfFormat.TURTLE, base_iri=self._base))).object
        return self._known[key]

    def _at(self, i: int) -> Token:
        return self._tokens[i] if i < len(self._tokens) else _END

    def _peek(self) -> Token:
        return self._at(self._next)

    def _take(self) -> Token:
        token = self._tokens[self._next]
        self._next += 1
        return token

    def _skip(self, mark: str) -> bool:
        token = self._peek()
        if token.kind == "mark" and token.text == mark:
            self._next += 1
            return True
        return False
