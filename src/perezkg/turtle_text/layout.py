"""Canonical Turtle: one way to lay out what an author wrote, so that a change of a triple is a change of its lines.

What is settled here: spaces, indents, the layout of `;` and `,`, `a` before the other predicates and for rdf:type, the
prefixes (at the top, sorted, only those in use, as `@prefix`), line ends, one empty line where there were more, and at
the end one line feed. What stays the author's: the order of subjects, predicates and objects, because it tells a reader
what belongs together, and sorting would move lines that nobody changed; the spelling of terms, with the text of
literals as it is; comments, at their place; and whether the objects of a predicate, a list or a blank node stand on one
line, and a subject without type on a line of its own, because a limit on the width would lay a list out anew when one
of its words grew. A list that is broken somewhere is broken everywhere.
"""

from __future__ import annotations

from collections import Counter

from pyoxigraph import BlankNode, RdfFormat

from perezkg.errors import UnknownFormatError
from perezkg.rdf.reading import DataFile, parse
from perezkg.turtle_text.tree import Brackets, Comment, Directive, Statement, Term, read_document

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from perezkg.turtle_text.tree import Document, Item, Node, Pair

_INDENT = "    "


def lay_out(document: Document) -> str:
    """Return the text of a document.

    >>> from perezkg.turtle_text.tree import read_document
    >>> print(lay_out(read_document("@prefix e:<http://e.org/>. e:s e:p 1,2;a e:C.")), end="")
    @prefix e: <http://e.org/> .
    <BLANKLINE>
    e:s a e:C ;
        e:p 1 , 2 .
    """
    _settle_prefixes(document)
    blocks: list[str] = []
    before: Directive | Statement | None = None
    was_one_line = True
    for item in document.items:
        text = _directive(item) if isinstance(item, Directive) else _statement(item)
        one_line = "\n" not in text
        together = isinstance(before, Directive) and isinstance(item, Directive)
        apart = not together and not (was_one_line and one_line and type(before) is type(item))
        blocks += _above(item, "", apart=apart and before is not None, first=before is None)
        blocks.append(text + "\n")
        before, was_one_line = item, one_line
    blocks += _comments(document.closing, "", first=before is None)
    return "".join(blocks)


# Prefixes


def _settle_prefixes(document: Document) -> None:
    """Put the directives at the top, the prefixes sorted and only those that are used, where that changes no name.

    A prefix that is bound twice, or a base that does not come first, leaves all of them where they are.
    """
    directives = [item for item in document.items if isinstance(item, Directive)]
    statements = [item for item in document.items if isinstance(item, Statement)]
    bound: dict[str | None, str] = {}
    for position, directive in enumerate(directives):
        if bound.setdefault(directive.prefix, directive.iri) != directive.iri:
            return
        if directive.prefix is None and (position > 0 or document.items[0] is not directive):
            return
    if not directives:
        return
    head, first_gap = document.items[0].leading, document.items[0].gap
    document.items[0].leading = []
    kept: dict[str, Directive] = {}
    base: list[Directive] = []
    homeless: list[Comment] = []
    met_statement = False
    for item in document.items:
        if isinstance(item, Statement):
            met_statement = True
            item.leading[:0] = homeless
            homeless = []
            continue
        wanted = item.prefix in document.used or not statements
        item.gap = False
        if item.prefix is None:
            base.append(item)
        elif wanted and item.prefix not in kept and not met_statement:
            kept[item.prefix] = item
            item.leading[:0] = homeless
            homeless = []
        else:
            # What goes away, or goes up from among the statements, leaves its comments at their place.
            homeless += item.leading + [Comment(text, own_line=True, gap=False) for text in item.trailing]
            item.leading, item.trailing = [], []
            if wanted:
                kept.setdefault(item.prefix, item)
    document.closing[:0] = homeless
    top = base + [kept[prefix] for prefix in sorted(kept)]
    for directive in top:
        for comment in directive.leading:
            comment.gap = False
    items: list[Directive | Statement] = [*top, *statements]
    if items:
        if items[0].leading and head:
            items[0].leading[0].gap = first_gap
        else:
            items[0].gap = first_gap
        items[0].leading[:0] = head
    else:
        document.closing[:0] = head
    document.items = items


def _directive(directive: Directive) -> str:
    start = "@base" if directive.prefix is None else f"@prefix {directive.prefix}:"
    return f"{start} {directive.iri} ." + _behind(directive.trailing)


# Statements


def _statement(statement: Statement) -> str:
    subject = _object(statement.subject, "")
    pairs = _in_order(statement.pairs)
    parts = [subject]
    trailing: list[str] = []
    for position, pair in enumerate(pairs):
        if position:
            parts.append(" ;" + _behind(trailing) + "\n")
            parts += _above(pair, _INDENT)
            parts.append(_INDENT)
        elif pair.leading or (statement.below and pair.verb != "a"):
            parts.append("\n")
            parts += _above(pair, _INDENT, first=True)
            parts.append(_INDENT)
        else:
            parts.append(" ")
        text, trailing = _pair(pair, _INDENT)
        parts.append(text)
    if not pairs:
        trailing = statement.subject.trailing
    if statement.closing:
        parts.append((" ;" if pairs else "") + _behind(trailing) + "\n")
        parts += _comments(statement.closing, _INDENT)
        parts.append("." + _behind(statement.trailing))
    else:
        parts.append(" ." + _behind(trailing + statement.trailing))
    return "".join(parts)


def _in_order(pairs: list[Pair]) -> list[Pair]:
    """Return the pairs with the types first, and otherwise as their author arranged them."""
    return sorted(pairs, key=lambda pair: pair.verb != "a")


def _pair(pair: Pair, indent: str) -> tuple[str, list[str]]:
    """Return a predicate with its objects, and the comments that go behind the mark after it."""
    deeper = indent + _INDENT
    objects = pair.objects
    parts = [pair.verb]
    # Brackets that span lines follow one another on the line of the bracket before: `] , [`.
    hugging = all(isinstance(obj, Brackets) and _spans_lines(obj) and not obj.leading for obj in objects)
    broken = not hugging and (pair.broken or any(obj.leading or obj.trailing for obj in objects[:-1]))
    broken = broken or bool(objects[-1].leading and len(objects) > 1)
    for position, obj in enumerate(objects):
        if position:
            behind = _behind(objects[position - 1].trailing)
            parts.append(" ," + behind + (f"\n{deeper}" if behind and hugging else ""))
        if (position and broken) or obj.leading:
            parts.append("\n")
            parts += _above(obj, deeper, first=True)
            parts += [deeper, _object(obj, deeper)]
        elif parts[-1].endswith(deeper) and position:
            parts.append(_object(obj, indent))
        else:
            parts += [" ", _object(obj, indent)]
    return "".join(parts), objects[-1].trailing + pair.trailing


def _object(node: Node, indent: str) -> str:
    if isinstance(node, Term):
        return node.text
    opening, closing = ("(", ")") if node.round else ("[", "]")
    if not (node.members or node.pairs or node.closing):
        return opening + closing
    if not _spans_lines(node):
        members = [_object(member, indent) for member in node.members]
        pairs = [_pair(pair, indent)[0] for pair in _in_order(node.pairs)]
        return f"{opening} {' '.join(members)}{' ; '.join(pairs)} {closing}"
    deeper = indent + _INDENT
    parts = [opening, "\n"]
    for position, member in enumerate(node.members):
        parts += _above(member, deeper, first=not position)
        parts.append(deeper + _object(member, deeper) + _behind(member.trailing) + "\n")
    for position, pair in enumerate(_in_order(node.pairs)):
        parts += _above(pair, deeper, first=not position)
        text, trailing = _pair(pair, deeper)
        mark = " ;" if position + 1 < len(node.pairs) or node.closing else ""
        parts.append(deeper + text + mark + _behind(trailing) + "\n")
    parts += _comments(node.closing, deeper, first=not (node.members or node.pairs))
    parts.append(indent + closing)
    return "".join(parts)


def _spans_lines(node: Brackets) -> bool:
    return bool(node.broken and (node.members or node.pairs or node.closing))


# Comments


def _above(item: Item, indent: str, *, apart: bool = False, first: bool = False) -> list[str]:
    """Return what stands above an item: its comments and the author's empty lines, of which `apart` wants one."""
    gap = item.gap and not (first and not item.leading)
    if apart and not gap and not any(comment.gap for comment in item.leading):
        if item.leading:
            return ["\n", *_comments(item.leading, indent, first=True)]
        gap = True
    return [*_comments(item.leading, indent, first=first), *(["\n"] if gap else [])]


def _comments(comments: Sequence[Comment], indent: str, *, first: bool = False) -> list[str]:
    lines = []
    for position, comment in enumerate(comments):
        if comment.gap and (position or not first):
            lines.append("\n")
        lines.append(f"{indent}{comment.text}\n")
    return lines


def _behind(comments: Iterable[str]) -> str:
    text = " ".join(comments)
    return f" {text}" if text else ""


def formatted(file: DataFile) -> str:
    r"""Return the text of a Turtle file in canonical layout; the triples are the same.

    Raises:
        UnknownFormatError: It is not Turtle.
        RdfSyntaxError: It breaks the grammar of Turtle.
        InputError: It uses RDF 1.2.

    >>> from pyoxigraph import RdfFormat
    >>> print(formatted(DataFile("a.ttl", b"<x:s>\ta <x:C>;<x:p> 'one' ,\n'two'. # end", RdfFormat.TURTLE)), end="")
    <x:s> a <x:C> ;
        <x:p> 'one' ,
            'two' . # end
    """
    if file.format != RdfFormat.TURTLE:
        raise UnknownFormatError(f"this is {file.format.name}, and only Turtle is formatted", path=file.name)
    before = _fingerprint(file)
    text = lay_out(read_document(file.content.decode(), file.name))
    if _fingerprint(DataFile(file.name, text.encode(), file.format, file.base)) != before:
        raise AssertionError(f"formatting would change the triples of {file.name}")
    return text


def _fingerprint(file: DataFile) -> Counter[tuple[str, ...]]:
    """Return the triples of a file, with all blank nodes alike: enough to notice a slip, and linear in time."""
    return Counter(
        tuple("_" if isinstance(term, BlankNode) else str(term) for term in quad.triple) for quad in parse(file)
    )
