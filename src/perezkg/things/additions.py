"""What one file adds to things that another one describes."""

from __future__ import annotations

from pyoxigraph import NamedNode

from perezkg.vocabulary import RDF

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pyoxigraph import Quad

    from perezkg.rdf.terms import Term

    Statements = list[tuple[NamedNode, Term]]
    Additions = dict[Term, list[tuple[str, Statements]]]

TYPE = NamedNode(RDF + "type")


def additions(files: Sequence[tuple[str, Iterable[Quad]]]) -> Additions:
    """Return what each file says of things that are described, with their class, in another one.

    Args:
        files: The name of each, and its statements.

    Returns:
        For each such thing, the names of the files that add to it, each with properties and values.
    """
    if len(files) < 2:
        return {}
    told: list[tuple[str, dict[Term, Statements]]] = []
    described: set[Term] = set()
    for name, quads in files:
        things: dict[Term, Statements] = {}
        # Of a thing that has its class here, nothing is added; of most it is told before all else.
        own: set[Term] = set()
        for quad in quads:
            if quad.predicate == TYPE:
                own.add(quad.subject)
                things.pop(quad.subject, None)
            elif quad.subject not in own:
                things.setdefault(quad.subject, []).append((quad.predicate, quad.object))
        described |= own
        told.append((name, things))
    added: Additions = {}
    for name, things in told:
        for thing, statements in things.items():
            if thing in described:
                added.setdefault(thing, []).append((name, statements))
    return added
