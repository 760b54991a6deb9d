"""Files of shapes: perezkg's own, its profiles, anybody's; read, and refused when a rule reaches for the network."""

from __future__ import annotations

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Store

from perezkg import resources
from perezkg.errors import InputError, RemoteAccessRefusedError, SparqlSyntaxError, UsageError, nearest
from perezkg.rdf import reading
from perezkg.shacl.report import Rule
from perezkg.sparql.prepare import refuse_remote
from perezkg.vocabulary import OWL, RDF, RDFS, SH

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pyoxigraph import Quad

    from perezkg.rdf.reading import DataFile
    from perezkg.rdf.terms import Rdf11Term

SUBCLASS = RDFS + "subClassOf"


class Triples:
    """Data and background as one graph.

    The background (the concepts, the class hierarchy) makes class and membership checks work; its nodes are never
    reported. Named graphs are merged: a shape sees one graph.

    Args:
        data: What is to be checked.
        background: What it is checked against.
    """

    __slots__ = ("_instances", "_predicates", "_subclasses", "all", "data", "subjects")

    def __init__(self, data: Iterable[Quad], background: Iterable[Quad]) -> None:
        self.data = list(data)
        # Merged and without duplicates, in the order read.
        self.all = list(
            dict.fromkeys(Quad(q.subject, q.predicate, q.object) for part in (self.data, background) for q in part)
        )
        self.subjects: set[Rdf11Term] = {quad.subject for quad in self.data}  # type: ignore[misc]
        self._instances: dict[Rdf11Term, set[Rdf11Term]] = {}
        self._subclasses: dict[Rdf11Term, set[Rdf11Term]] = {}
        self._predicates: dict[Rdf11Term, list[Quad]] | None = None
        for quad in self.all:
            if quad.predicate.value == TYPE:
                self._instances.setdefault(quad.object, set()).add(quad.subject)  # type: ignore[arg-type]
            elif quad.predicate.value == SUBCLASS:
                self._subclasses.setdefault(quad.object, set()).add(quad.subject)  # type: ignore[arg-type]

    def subclasses(self, wanted: Rdf11Term) -> set[Rdf11Term]:
        """Return a class and all below it."""
        found = {wanted}
        waiting = [wanted]
        while waiting:
            below = self._subclasses.get(waiting.pop(), set()) - found
            found |= below
            waiting.extend(below)
        return found

    def instances(self, wanted: Rdf11Term) -> set[Rdf11Term]:
        """Return the instances of a class and of all below it."""
        return set().union(*(self._instances.get(kind, set()) for kind in self.subclasses(wanted)))

    def subjects_of(self, predicate: Rdf11Term) -> set[Rdf11Term]:
        """Return the subjects of a predicate."""
        return {quad.subject for quad in self._with(predicate)}  # type: ignore[misc]

    def objects_of(self, predicate: Rdf11Term) -> set[Rdf11Term]:
        """Return the objects of a predicate."""
        return {quad.object for quad in self._with(predicate)}  # type: ignore[misc]

    def rewritten(self) -> set[NamedNode]:
        """Return the predicates of the literals that a store would not keep as they are written (`107.70`).

        A store compares values where SPARQL over these triples compares terms, so a rule that meets one of these
        predicates is not left to the store.
        """
        graph = DefaultGraph()
        node = NamedNode("urn:literal")
        literals = {quad.object for quad in self.all if not isinstance(quad.object, NamedNode)}
        store = Store()
        store.extend(Quad(node, node, literal, graph) for literal in literals)
        changed = literals - {quad.object for quad in store}
        return {quad.predicate for quad in self.all if quad.object in changed} if changed else set()

    def store(self) -> Store:
        """Return all of it in an Oxigraph store."""
        store = Store()
        store.extend(self.all)
        return store

    def _with(self, predicate: Rdf11Term) -> list[Quad]:
        if self._predicates is None:
            self._predicates = {}
            for quad in self.all:
                self._predicates.setdefault(quad.predicate, []).append(quad)
        return self._predicates.get(predicate, [])


TYPE = RDF + "type"
NIL = RDF + "nil"
TARGETS = ("targetClass", "targetNode", "targetSubjectsOf", "targetObjectsOf")
_HOLDERS = ("property", "node", "not", "qualifiedValueShape", "sparql")
_LISTED_HOLDERS = ("and", "or", "xone")
_CLASSES = (RDFS + "Class", OWL + "Class")


class ShapesError(InputError):
    """The shapes themselves are at fault: a rule that is not SPARQL, a shape that SHACL does not allow."""


class Shapes:
    """A shapes graph, indexed by subject and predicate.

    Args:
        quads: Its triples.
    """

    __slots__ = ("_by_subject", "_holders", "quads")

    def __init__(self, quads: Iterable[Quad]) -> None:
        self.quads = list(quads)
        self._by_subject: dict[Rdf11Term, dict[str, list[Rdf11Term]]] = {}
        for quad in self.quads:
            # An RDF 1.2 triple term is nothing that SHACL 1.0 knows.
            self._by_subject.setdefault(quad.subject, {}).setdefault(quad.predicate.value, []).append(quad.object)  # type: ignore[arg-type]
        self._holders: dict[Rdf11Term, list[tuple[str, Rdf11Term]]] | None = None

    def values(self, node: Rdf11Term, predicate: str) -> list[Rdf11Term]:
        """Return the objects of a node and predicate, in the order of the file."""
        return self._by_subject.get(node, {}).get(predicate, [])

    def value(self, node: Rdf11Term, predicate: str) -> Rdf11Term | None:
        """Return the first object of a node and predicate."""
        return next(iter(self.values(node, predicate)), None)

    def subjects(self, predicate: str) -> Iterator[Rdf11Term]:
        """Yield the nodes that have a predicate."""
        return (node for node, properties in self._by_subject.items() if predicate in properties)

    def items(self, node: Rdf11Term) -> list[Rdf11Term]:
        """Return the members of an RDF list; none when the node is not a list."""
        found: list[Rdf11Term] = []
        seen: set[Rdf11Term] = set()
        while node not in seen:
            seen.add(node)
            first, rest = self.value(node, RDF + "first"), self.value(node, RDF + "rest")
            if first is None or rest is None:
                break
            found.append(first)
            node = rest
        return found

    def is_active(self, node: Rdf11Term) -> bool:
        """Return whether a shape or constraint is not deactivated."""
        return not any(
            isinstance(flag, Literal) and flag.value in ("true", "1") for flag in self.values(node, SH + "deactivated")
        )

    def holders(self, node: Rdf11Term) -> list[tuple[str, Rdf11Term]]:
        """Return the shapes that use a node, each with how: "property", "node", "and", …, "sparql"."""
        if self._holders is None:
            self._holders = {}
            for shape, properties in self._by_subject.items():
                for name in _HOLDERS:
                    for used in properties.get(SH + name, ()):
                        self._holders.setdefault(used, []).append((name, shape))
                for name in _LISTED_HOLDERS:
                    for listed in properties.get(SH + name, ()):
                        for used in self.items(listed):
                            self._holders.setdefault(used, []).append((name, shape))
        return self._holders.get(node, [])

    def is_class(self, node: Rdf11Term) -> bool:
        """Return whether a shape is itself a class, and so targets its own instances."""
        return any(isinstance(kind, NamedNode) and kind.value in _CLASSES for kind in self.values(node, TYPE))

    def targeting(self) -> list[Rdf11Term]:
        """Return the shapes that declare targets of their own, in the order of the file."""
        found = dict.fromkeys(node for name in TARGETS for node in self.subjects(SH + name))
        for node in self._by_subject:
            if self.is_class(node) and any(key.startswith(SH) for key in self._by_subject[node]):
                found[node] = None
        return [node for node in found if self.is_active(node)]

    def focus_nodes(self, data: Triples) -> set[Rdf11Term]:
        """Return every node of the data that some shape targets."""
        found: set[Rdf11Term] = set()
        for shape in self.targeting():
            classes = [*self.values(shape, SH + "targetClass"), *([shape] if self.is_class(shape) else [])]
            for wanted in classes:
                found.update(data.instances(wanted))
            found.update(self.values(shape, SH + "targetNode"))
            for predicate in self.values(shape, SH + "targetSubjectsOf"):
                found.update(data.subjects_of(predicate))
            for predicate in self.values(shape, SH + "targetObjectsOf"):
                found.update(data.objects_of(predicate))
        return found

    def name(self, node: Rdf11Term) -> str:
        """Return the IRI of a shape or constraint; of a blank one, the IRI of the nearest shape that holds it."""
        seen: set[Rdf11Term] = set()
        while isinstance(node, BlankNode) and node not in seen:
            seen.add(node)
            holders = self.holders(node)
            if not holders:
                return ""
            node = holders[0][1]
        return node.value if isinstance(node, NamedNode) else ""

    def texts(self, node: Rdf11Term, predicate: str) -> dict[str, str]:
        """Return the literals of a node and predicate by language tag, "" for none; of one language, joined."""
        found: dict[str, list[str]] = {}
        for text in self.values(node, predicate):
            if isinstance(text, Literal):
                found.setdefault(text.language or "", []).append(text.value)
        return {tag: " ".join(sorted(words)) for tag, words in sorted(found.items())}

    def rule(self, iri: str) -> Rule:
        """Return what a rule says of itself."""
        node = NamedNode(iri)
        query = self.value(node, SH + "select")
        described = (
            self.texts(node, key) for key in (SH + "description", RDFS + "comment", SH + "name", RDFS + "label")
        )
        return Rule(
            iri,
            self.texts(node, SH + "message"),
            next(filter(None, described), {}),
            query.value if isinstance(query, Literal) else "",
        )


_QUERIES = (SH + "select", SH + "ask")


def own(name: str) -> DataFile:
    """Return a file of the ontology folder."""
    return reading.read(resources.ontology_file(name))


def profiles() -> tuple[str, ...]:
    """Return the names of the profiles that perezkg ships.

    >>> profiles()
    ('provenance',)
    """
    return tuple(resources.profile_files())


def profile_file(name: str) -> DataFile:
    """Return the shapes of a profile.

    Raises:
        UsageError: There is no such profile; the nearest name is in its hint.
    """
    paths = resources.profile_files()
    if name not in paths:
        raise UsageError(
            f"there is no profile {name!r}", hint=nearest(name, paths) or f"Choose one of: {', '.join(paths)}."
        )
    return reading.read(paths[name])


def shape_quads(file: DataFile) -> list[Quad]:
    """Return the triples of a file of shapes.

    Raises:
        RdfSyntaxError: The file breaks the grammar of its syntax.
        ShapesError: There are no shapes in it.
        RemoteAccessRefusedError: A rule in it asks for something from the network.
        SparqlSyntaxError: A rule in it is an update.
    """
    quads = list(reading.parse(file))
    if not any(quad.predicate.value.startswith(SH) for quad in quads):
        raise ShapesError("this file holds no shapes", path=file.name, hint="Whatever is checked against it conforms.")
    for quad in quads:
        if quad.predicate.value in _QUERIES and isinstance(quad.object, Literal):
            try:
                refuse_remote(quad.object.value, path=file.name)
            except (RemoteAccessRefusedError, SparqlSyntaxError) as error:
                _place(error, file, quad, quads)
                raise
    return quads


def _place(error: RemoteAccessRefusedError | SparqlSyntaxError, file: DataFile, quad: Quad, quads: list[Quad]) -> None:
    """Let an error tell the place in the file instead of that in the query, so far as the file's syntax allows."""
    from perezkg.shacl.locations import Wanted, place_of

    found = place_of(file, quads, Wanted(quad.subject, quad.predicate, quad.object, "object"))  # type: ignore[arg-type]
    if found is None:
        error.line = error.column = 0
        return
    line, column, source = found
    # In a long string the lines of the query are lines of the file; its words are kept in error.source_line.
    below = file.content.decode().split("\n")[line - 1 + error.line - 1 : line + error.line - 1]
    if error.line > 1 and below and error.source_line.strip() in below[0]:
        error.line, error.source_line = line + error.line - 1, below[0]
    else:
        error.line, error.column, error.source_line = line, column, source
