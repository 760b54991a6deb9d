"""Turtle as a tree that keeps comments, line breaks and spelling, read with the tokens of `positions`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeVar

from perezkg.errors import InputError, place
from perezkg.turtle_text.positions import Unscannable, tokens
from perezkg.vocabulary import RDF

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeAlias

    Node: TypeAlias = "Term | Brackets"

_TYPE = RDF + "type"


@dataclass(slots=True)
class Comment:
    """A comment.

    Attributes:
        text: From its # on.
        own_line: No token stands before it on its line.
        gap: An empty line stands before it.
    """

    text: str
    own_line: bool
    gap: bool


@dataclass(slots=True)
class Item:
    """Anything that a comment can belong to.

    Attributes:
        leading: The comments above it.
        trailing: The comments behind it, on its line.
        gap: An empty line stands before it, after its leading comments.
    """

    leading: list[Comment] = field(default_factory=list)
    trailing: list[str] = field(default_factory=list)
    gap: bool = False


@dataclass(slots=True)
class Term(Item):
    """An IRI, a blank node's label or a literal, as it is spelt."""

    text: str = ""


@dataclass(slots=True)
class Pair(Item):
    """A predicate and its objects.

    Attributes:
        verb: The predicate; `a` for rdf:type.
        objects: At least one.
        broken: The author has broken the line between two of them.
    """

    verb: str = ""
    objects: list[Node] = field(default_factory=list)
    broken: bool = False


@dataclass(slots=True)
class Brackets(Item):
    """A blank node in square brackets, or a list in round ones.

    Attributes:
        round: It is a list.
        pairs: What is said of the blank node.
        members: What is in the list.
        broken: The author has broken the line somewhere between the brackets.
        closing: The comments above the closing bracket.
    """

    round: bool = False
    pairs: list[Pair] = field(default_factory=list)
    members: list[Node] = field(default_factory=list)
    broken: bool = False
    closing: list[Comment] = field(default_factory=list)


@dataclass(slots=True)
class Statement(Item):
    """A subject with its predicates, up to the full stop.

    Attributes:
        below: The author has broken the line after the subject.
        closing: The comments above the full stop.
    """

    subject: Node = field(default_factory=Term)
    pairs: list[Pair] = field(default_factory=list)
    below: bool = False
    closing: list[Comment] = field(default_factory=list)


@dataclass(slots=True)
class Directive(Item):
    """A declaration of a prefix, or of the base when `prefix` is None."""

    prefix: str | None = None
    iri: str = ""


@dataclass(slots=True)
class Document:
    """A file: directives and statements in their order.

    Attributes:
        items: What the file says.
        used: The prefixes that occur in names.
        closing: The comments at the end.
    """

    items: list[Directive | Statement] = field(default_factory=list)
    used: set[str] = field(default_factory=set)
    closing: list[Comment] = field(default_factory=list)


@dataclass(slots=True)
class Token:
    """A token and what stands between it and the token before it."""

    kind: str
    text: str
    start: int
    comments: list[Comment]
    new_line: bool
    gap: bool


def read_document(text: str, name: str = "") -> Document:
    """Return the tree of a Turtle text that a parser has accepted.

    Args:
        text: Turtle 1.1.
        name: The file, for messages.

    Raises:
        InputError: It has something of RDF 1.2, which is not formatted, or brackets nested too deeply.

    >>> document = read_document("@prefix e: <http://e.org/> . e:s a e:C ; e:p 1 . # one")
    >>> [type(item).__name__ for item in document.items], document.items[1].trailing
    (['Directive', 'Statement'], ['# one'])
    """
    reader = _Reader(text, name)
    try:
        return reader.document()
    except RecursionError:
        raise InputError("brackets are nested too deeply to be formatted", path=name) from None


def _tokenized(text: str) -> list[Token]:
    """Return the tokens of a text; the last is of the kind "end", with the comments at the end of the file."""
    found: list[Token] = []
    comments: list[Comment] = []
    breaks = breaks_since_token = 0
    for kind, written, at in tokens(text):
        if kind == "space" and written[0] == "#":
            comments.append(Comment(written.rstrip(), breaks_since_token > 0 or not found, breaks > 1))
            breaks = 0
        elif kind == "space":
            ends = written.replace("\r\n", "\n").replace("\r", "\n").count("\n")
            breaks_since_token += ends
            breaks += ends
        else:
            found.append(Token(kind, written, at, comments, breaks_since_token > 0, breaks > 1))
            comments, breaks, breaks_since_token = [], 0, 0
    found.append(Token("end", "", len(text), comments, new_line=True, gap=breaks > 1))
    return found


_AnyItem = TypeVar("_AnyItem", bound=Item)


class _Reader:
    """Reads tokens by recursive descent; each comment goes to the item that it stands above or behind."""

    def __init__(self, text: str, name: str) -> None:
        self._text = text
        self._name = name
        try:
            self._tokens = _tokenized(text)
        except Unscannable as error:
            raise self._unknown(error.args[0]) from None
        self._next = 0
        self._prefixes: dict[str, str] = {}
        self._found = Document()
        self._last: Item | None = None
        self._pending: list[Comment] = []

    def document(self) -> Document:
        while self._peek().kind != "end":
            token = self._peek()
            word = token.text.lower().lstrip("@")
            if token.kind in ("language", "name") and word in ("prefix", "base"):
                self._found.items.append(self._directive(word))
            else:
                self._found.items.append(self._statement())
        self._absorb()
        self._found.closing = self._release()
        return self._found

    def _directive(self, word: str) -> Directive:
        directive = self._begin(Directive())
        self._take()
        if word == "prefix":
            directive.prefix = self._take("name").text[:-1]
        directive.iri = self._take("iri").text
        if directive.prefix is not None:
            self._prefixes[directive.prefix] = directive.iri[1:-1]
        self._last = directive
        if self._peek().text == ".":
            self._take()
        # Comments inside a directive stand above it.
        directive.leading += self._release()
        return directive

    def _statement(self) -> Statement:
        statement = self._begin(Statement())
        statement.subject = self._term(Term())
        self._last = None
        statement.below = self._peek().new_line
        if not (isinstance(statement.subject, Brackets) and self._peek().text == "."):
            statement.pairs = self._pairs()
        self._absorb()
        statement.closing = self._release()
        self._take("mark", ".")
        self._last = statement
        return statement

    def _pairs(self) -> list[Pair]:
        pairs = []
        while self._peek().text not in (".", "]"):
            pair = self._begin(Pair())
            pair.verb = self._verb(self._take())
            self._last = None
            while True:
                obj = self._term(self._begin(Term()))
                pair.objects.append(obj)
                self._last = obj
                if self._peek().text != ",":
                    break
                pair.broken |= self._peek().new_line
                self._take()
                pair.broken |= self._peek().new_line
            pairs.append(pair)
            if self._peek().text != ";":
                break
            while self._peek().text == ";":
                self._take()
                self._last = pair
        return pairs

    def _verb(self, token: Token) -> str:
        if token.kind == "iri" and token.text[1:-1] == _TYPE:
            return "a"
        if token.kind == "name" and token.text != "a":
            prefix, colon, local = token.text.partition(":")
            if colon and self._prefixes.get(prefix, "") + local == _TYPE:
                return "a"
            self._found.used.add(prefix)
        elif token.kind not in ("iri", "name"):
            raise self._unknown(token.start)
        return token.text

    def _term(self, term: Term) -> Node:
        token = self._take()
        self._last = None
        if token.kind == "mark" and token.text in ("[", "("):
            return self._brackets(term, token)
        if token.kind not in ("iri", "name", "blank", "string", "number"):
            raise self._unknown(token.start)
        term.text = token.text
        self._note_prefix(token)
        if token.kind == "string" and self._peek().kind == "language":
            term.text += self._take().text
        elif token.kind == "string" and self._peek().text == "^^":
            self._take()
            datatype = self._take()
            self._note_prefix(datatype)
            term.text += "^^" + datatype.text
        # A comment inside a literal stands above it.
        term.leading += self._release()
        return term

    def _brackets(self, start: Item, opening: Token) -> Brackets:
        brackets = Brackets(start.leading, [], start.gap, round=opening.text == "(")
        first = self._next
        self._last = None
        if brackets.round:
            while self._peek().text != ")":
                member = self._term(self._begin(Term()))
                brackets.members.append(member)
                self._last = member
        else:
            brackets.pairs = self._pairs()
        self._absorb()
        brackets.closing = self._release()
        self._take("mark", ")" if brackets.round else "]")
        brackets.broken = any(token.new_line for token in self._tokens[first : self._next])
        self._last = None
        return brackets

    def _note_prefix(self, token: Token) -> None:
        prefix, colon, _ = token.text.partition(":")
        if token.kind == "name" and colon:
            self._found.used.add(prefix)

    def _begin(self, item: _AnyItem) -> _AnyItem:
        """Give an item, before its first token is taken, the comments above it."""
        self._absorb()
        item.leading = self._release()
        item.gap = self._peek().gap
        return item

    def _absorb(self) -> None:
        """Share out the comments before the next token: behind the last item, or above the next one."""
        token = self._peek()
        for comment in token.comments:
            if self._last is not None and not comment.own_line:
                self._last.trailing.append(comment.text)
            else:
                self._pending.append(comment)
        token.comments = []

    def _release(self) -> list[Comment]:
        released, self._pending = self._pending, []
        return released

    def _peek(self) -> Token:
        return self._tokens[min(self._next, len(self._tokens) - 1)]

    def _take(self, kind: str = "", text: str = "") -> Token:
        token = self._peek()
        if token.kind == "end" or (kind and token.kind != kind) or (text and token.text != text):
            raise self._unknown(token.start)
        self._absorb()
        self._next += 1
        return token

    def _unknown(self, offset: int) -> InputError:
        line, column, source = place(self._text, offset)
        return InputError(
            "this is not Turtle 1.1",
            path=self._name,
            line=line,
            column=column,
            source_line=source,
            hint="Triple terms, annotations and versions of RDF 1.2 are not formatted yet.",
        )
