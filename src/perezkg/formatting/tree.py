"""A Turtle file as its author wrote it: the order, the spelling, the comments, where lists were broken."""

from __future__ import annotations

from dataclasses import dataclass, field

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeAlias

    Node: TypeAlias = "Term | Brackets"


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
