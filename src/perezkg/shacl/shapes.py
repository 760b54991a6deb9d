"""The two graphs of SHACL, indexed: the shapes graph and the data graph; and the files that hold shapes.

Shapes come from perezkg's own file, from its profiles or from the user. A rule in them that asks for something from the
network is refused.
"""

from __future__ import annotations

from functools import cached_property

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Store

from perezkg import resources
from perezkg.errors import InputError, RemoteAccessRefusedError, SparqlSyntaxError, UsageError, nearest, place
from perezkg.rdf import reading
from perezkg.shacl.report import SUFFIXES, PropertyPath, Rule, severity_name
from perezkg.sparql.prepare import refuse_remote
from perezkg.sparql.tokens import settle_escapes, tokenize
from perezkg.vocabulary import OWL, PREFIXES, RDF, RDFS, SH

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import TypeAlias

    from perezkg.rdf.reading import DataFile
    from perezkg.rdf.terms import Rdf11Term
    from perezkg.shacl.report import Path

    About: TypeAlias = tuple[Rdf11Term, NamedNode | None, Rdf11Term | None]

TYPE = RDF + "type"
SUBCLASS = RDFS + "subClassOf"
TARGETS = ("targetClass", "targetNode", "targetSubjectsOf", "targetObjectsOf")
"""The properties by which a shape says which nodes it is about, without SHACL's namespace."""

TEXT_CONSTRAINT = PREFIXES["pzsh"] + "TextConstraint"
"""The class of the constraints that compare passages with a text; `perezkg.shacl.provenance_check` checks them."""

QUERIES = (SH + "select", SH + "ask")
"""The properties whose values are queries."""

_HOLDERS = ("property", "node", "not", "qualifiedValueShape", "sparql")
_LISTED_HOLDERS = ("and", "or", "xone")
_CLASSES = (RDFS + "Class", OWL + "Class")
_DEEPEST_PATH = 50


class ShapesError(InputError):
    """The shapes are at fault: a rule is not SPARQL, or a shape is none that SHACL allows.

    Args:
        message: What is wrong.
        hint: What to do about it.
        path: The file that it is in, where that is known.
        query: The query that it is in, as far as it is in one.
        offset: Where in the query.
        about: The statement that it is about, as far as it is known: subject, predicate, object.
    """

    def __init__(
        self,
        message: str,
        *,
        hint: str = "",
        path: str = "",
        query: str = "",
        offset: int = 0,
        about: About | None = None,
    ) -> None:
        super().__init__(message, hint=hint, path=path)
        self.query = query
        self.offset = offset
        self.about = about

    def place_in(self, files: Iterable[tuple[DataFile, list[Quad]]]) -> None:
        """Find the place of the mistake in the files of shapes: in a query that one has letter for letter, or another.

        Args:
            files: The files, each with its triples.
        """
        from perezkg.shacl.locations import Wanted, place_of

        for file, quads in files:
            found = None
            if self.about is not None:
                found = place_of(file, quads, Wanted(*self.about, "subject" if self.about[2] is None else "object"))
            elif self.query and (start := (text := file.content.decode()).find(self.query)) >= 0:
                found = place(text, start + self.offset)
            if found is not None:
                self.path = file.name
                self.line, self.column, self.source_line = found
                return


class IndexedGraph:
    """Triples, indexed by subject and predicate.

    Args:
        quads: The triples; graph names are ignored.
    """

    __slots__ = ("_by_subject", "quads")

    def __init__(self, quads: Iterable[Quad]) -> None:
        self.quads = list(quads)
        self._by_subject: dict[Rdf11Term, dict[str, list[Rdf11Term]]] = {}
        for quad in self.quads:
            # A triple term of RDF 1.2 may be among the objects; nothing asks for it, as SHACL 1.0 has none.
            self._by_subject.setdefault(quad.subject, {}).setdefault(quad.predicate.value, []).append(quad.object)  # type: ignore[arg-type]

    def values(self, node: Rdf11Term, predicate: str) -> list[Rdf11Term]:
        """Return the objects of a node and predicate, in the order of the file."""
        return self._by_subject.get(node, {}).get(predicate, [])

    def value(self, node: Rdf11Term, predicate: str) -> Rdf11Term | None:
        """Return the first object of a node and predicate."""
        return next(iter(self.values(node, predicate)), None)

    def subjects(self, predicate: str) -> Iterator[Rdf11Term]:
        """Yield the nodes that have a predicate."""
        return (node for node, properties in self._by_subject.items() if predicate in properties)

    def nodes(self) -> list[Rdf11Term]:
        """Return all subjects, in the order of the file."""
        return list(self._by_subject)

    def properties(self, node: Rdf11Term) -> dict[str, list[Rdf11Term]]:
        """Return the objects of a node by predicate."""
        return self._by_subject.get(node, {})

    def kinds(self) -> set[Rdf11Term]:
        """Return every class that something is said to be of."""
        return {kind for node in self._by_subject for kind in self.values(node, TYPE)}

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

    def texts(self, node: Rdf11Term, predicate: str) -> dict[str, str]:
        """Return the literals of a node and predicate by language tag ("": none); several in a language are joined."""
        found: dict[str, list[str]] = {}
        for text in self.values(node, predicate):
            if isinstance(text, Literal):
                found.setdefault(text.language or "", []).append(text.value)
        return {tag: " ".join(sorted(words)) for tag, words in sorted(found.items())}


class Shapes(IndexedGraph):
    """A shapes graph.

    Args:
        quads: Its triples.
    """

    def is_active(self, node: Rdf11Term) -> bool:
        """Return whether a shape or constraint is not deactivated."""
        return not any(
            isinstance(flag, Literal) and flag.value in ("true", "1") for flag in self.values(node, SH + "deactivated")
        )

    def of_type(self, kind: str) -> Iterator[Rdf11Term]:
        """Yield the shapes or constraints of a class, without those that are deactivated."""
        wanted = NamedNode(kind)
        return (node for node in self.subjects(TYPE) if wanted in self.values(node, TYPE) and self.is_active(node))

    def holders(self, node: Rdf11Term) -> list[tuple[str, Rdf11Term]]:
        """Return the shapes that use a node, each after the property by which it does: "property", "and", "sparql"."""
        return self._holders.get(node, [])

    @cached_property
    def _holders(self) -> dict[Rdf11Term, list[tuple[str, Rdf11Term]]]:
        found: dict[Rdf11Term, list[tuple[str, Rdf11Term]]] = {}
        for shape, properties in self._by_subject.items():
            used = [(name, node) for name in _HOLDERS for node in properties.get(SH + name, ())]
            lists = ((name, node) for name in _LISTED_HOLDERS for node in properties.get(SH + name, ()))
            used += ((name, node) for name, listed in lists for node in self.items(listed))
            for name, node in used:
                found.setdefault(node, []).append((name, shape))
        return found

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

    def focus_nodes(self, data: DataGraph) -> set[Rdf11Term]:
        """Return every node of the data that some shape targets."""
        found: set[Rdf11Term] = set()
        for shape in self.targeting():
            classes = [*self.values(shape, SH + "targetClass"), *([shape] if self.is_class(shape) else [])]
            found.update(
                self.values(shape, SH + "targetNode"),
                *map(data.instances, classes),
                *map(data.subjects_of, self.values(shape, SH + "targetSubjectsOf")),
                *map(data.objects_of, self.values(shape, SH + "targetObjectsOf")),
            )
        return found

    def name(self, node: Rdf11Term) -> str:
        """Return the IRI of a shape or constraint; of a blank node, the IRI of the nearest shape that uses it."""
        seen: set[Rdf11Term] = set()
        while isinstance(node, BlankNode) and node not in seen:
            seen.add(node)
            holders = self.holders(node)
            if not holders:
                return ""
            node = holders[0][1]
        return node.value if isinstance(node, NamedNode) else ""

    def severity(self, shape: Rdf11Term) -> tuple[str, str]:
        """Return the severity of a shape's results, by name and by IRI.

        A SPARQL constraint has that of its shape: in SHACL 1.0 constraints have none of their own.
        """
        severity = self.value(shape, SH + "severity")
        iri = severity.value if isinstance(severity, NamedNode) else SH + "Violation"
        return severity_name(iri), iri

    def path(self, node: Rdf11Term, depth: int = 0) -> Path | None:
        """Return the property path that a node stands for; None when it is not well formed."""
        if isinstance(node, NamedNode):
            return node
        if depth > _DEEPEST_PATH:  # a path that contains itself
            return None
        members = self.items(node)
        if members:
            return self._path_of("sequencePath", members, depth)
        alternatives = self.value(node, SH + "alternativePath")
        if alternatives is not None:
            return self._path_of("alternativePath", self.items(alternatives), depth)
        for kind in ("inversePath", *SUFFIXES):
            inner = self.value(node, SH + kind)
            if inner is not None:
                return self._path_of(kind, [inner], depth)
        return None

    def _path_of(self, kind: str, nodes: list[Rdf11Term], depth: int) -> Path | None:
        members = [self.path(node, depth + 1) for node in nodes]
        whole = tuple(member for member in members if member is not None)
        return PropertyPath(kind, whole) if whole and len(whole) == len(members) else None

    def rule(self, iri: str) -> Rule:
        """Return what a rule says about itself."""
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


class DataGraph:
    """A data graph: what is checked, and the background that checks of classes and concepts need.

    Named graphs are merged, as a shape sees one graph.

    Args:
        data: What is checked.
        background: The concepts and the class hierarchy, whose nodes are not reported.

    Attributes:
        data: What is checked.
        all: Data and background, each triple once.
        subjects: The nodes that the data describe.
    """

    def __init__(self, data: Iterable[Quad], background: Iterable[Quad]) -> None:
        self.data = list(data)
        # In the order in which they were read.
        self.all = list(
            dict.fromkeys(Quad(q.subject, q.predicate, q.object) for part in (self.data, background) for q in part)
        )
        self.subjects: set[Rdf11Term] = {quad.subject for quad in self.data}  # type: ignore[misc]
        self._instances: dict[Rdf11Term, set[Rdf11Term]] = {}
        self._subclasses: dict[Rdf11Term, set[Rdf11Term]] = {}
        for quad in self.all:
            if quad.predicate.value == TYPE:
                self._instances.setdefault(quad.object, set()).add(quad.subject)  # type: ignore[arg-type]
            elif quad.predicate.value == SUBCLASS:
                self._subclasses.setdefault(quad.object, set()).add(quad.subject)  # type: ignore[arg-type]

    @cached_property
    def subjects_in_order(self) -> dict[Rdf11Term, int]:
        """The nodes that the data describe, each with how many come before it."""
        return {node: i for i, node in enumerate(dict.fromkeys(quad.subject for quad in self.data))}  # type: ignore[misc]

    def subclasses(self, wanted: Rdf11Term) -> set[Rdf11Term]:
        """Return a class and all classes below it."""
        found = {wanted}
        waiting = [wanted]
        while waiting:
            below = self._subclasses.get(waiting.pop(), set()) - found
            found |= below
            waiting.extend(below)
        return found

    def instances(self, wanted: Rdf11Term) -> set[Rdf11Term]:
        """Return the instances of a class and of all classes below it."""
        return set().union(*(self._instances.get(kind, set()) for kind in self.subclasses(wanted)))

    def subjects_of(self, predicate: Rdf11Term) -> set[Rdf11Term]:
        """Return the subjects of a predicate."""
        return {quad.subject for quad in self._by_predicate.get(predicate, ())}  # type: ignore[misc]

    def objects_of(self, predicate: Rdf11Term) -> set[Rdf11Term]:
        """Return the objects of a predicate."""
        return {quad.object for quad in self._by_predicate.get(predicate, ())}  # type: ignore[misc]

    def rewritten(self) -> set[NamedNode]:
        """Return the predicates of literals that a store would not keep as they are written, such as `107.70`.

        A query over the store would see other terms than SHACL does, so a rule that reads one of these predicates is
        asked elsewhere.
        """
        graph = DefaultGraph()
        node = NamedNode("urn:literal")
        literals = {quad.object for quad in self.all if not isinstance(quad.object, NamedNode)}
        store = Store()
        store.extend(Quad(node, node, literal, graph) for literal in literals)
        changed = literals - {quad.object for quad in store}
        return {quad.predicate for quad in self.all if quad.object in changed} if changed else set()

    def store(self) -> Store:
        """Return data and background in an Oxigraph store."""
        store = Store()
        store.extend(self.all)
        return store

    @cached_property
    def _by_predicate(self) -> dict[Rdf11Term, list[Quad]]:
        found: dict[Rdf11Term, list[Quad]] = {}
        for quad in self.all:
            found.setdefault(quad.predicate, []).append(quad)
        return found


def own(name: str) -> DataFile:
    """Read a file of the ontology folder."""
    return reading.read(resources.ontology_file(name))


def profiles() -> tuple[str, ...]:
    """Return the names of the profiles that perezkg ships.

    >>> profiles()
    ('completeness', 'provenance')
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
        if quad.predicate.value in QUERIES and isinstance(quad.object, Literal):
            try:
                text = settle_escapes(quad.object.value, file.name)
                refuse_remote(text, tokenize(text), file.name)
            except (RemoteAccessRefusedError, SparqlSyntaxError) as error:
                _place(error, file, quad, quads)
                raise
    return quads


def _place(error: RemoteAccessRefusedError | SparqlSyntaxError, file: DataFile, quad: Quad, quads: list[Quad]) -> None:
    """Make an error name its place in the file instead of that in the query, if it can be found there."""
    from perezkg.shacl.locations import Wanted, place_of

    found = place_of(file, quads, Wanted(quad.subject, quad.predicate, quad.object, "object"))  # type: ignore[arg-type]
    if found is None:
        error.line = error.column = 0
        return
    line, column, source = found
    # In a long string ("""…""") the lines of the query are lines of the file, and the line at fault is found again.
    below = file.content.decode().split("\n")[line - 1 + error.line - 1 : line + error.line - 1]
    if error.line > 1 and below and error.source_line.strip() in below[0]:
        error.line, error.source_line = line + error.line - 1, below[0]
    else:
        error.line, error.column, error.source_line = line, column, source
