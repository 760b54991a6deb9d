"""Whether a mutant is noticed: quickly, and for those that seem not to be, by a complete validation.

A mutant is killed when its validation report holds a violation, a warning or an unchecked node that the report of the
data as they are does not hold. Notes (sh:Info) kill nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Store, serialize
from tests.mutation.core_judge import CoreJudge, Found
from tests.mutation.live import LiveGraph

from perezkg import resources
from perezkg.rdf import reading
from perezkg.rdf.rdflib_terms import to_rdflib
from perezkg.rdf.reading import DataFile
from perezkg.shacl.pyshacl_engine import AsWritten
from perezkg.shacl.report import UNCHECKED, Names
from perezkg.shacl.restating import restated
from perezkg.shacl.rules import check_rules, whole_graph_rules
from perezkg.shacl.shapes import SUBCLASS, TYPE, Shapes
from perezkg.shacl.validate import validate

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pyoxigraph import Triple
    from tests.mutation.facts import Facts
    from tests.mutation.mutants import Mutant


_GRAVE = ("violation", "warning", UNCHECKED)


def background() -> list[Quad]:
    """Return what the validation reads beside the data: the concepts, the class hierarchy."""
    concepts = reading.parse(reading.read(resources.ontology_file("concepts.ttl")))
    ontology = reading.parse(reading.read(resources.ontology_file("sport.ttl")))
    return [*concepts, *(quad for quad in ontology if quad.predicate.value == SUBCLASS)]


class Judge:
    """Judges mutants of one graph.

    Args:
        facts: The data.
        shape_files: The shapes.
    """

    def __init__(self, facts: Facts, shape_files: list[DataFile]) -> None:
        self._facts = facts
        self._shape_files = shape_files
        self._shapes = Shapes(quad for file in shape_files for quad in reading.parse(file))
        data = [Quad(triple.subject, triple.predicate, triple.object) for triple in facts.triples]
        hierarchy = [quad for quad in self._shapes.quads if quad.predicate.value == SUBCLASS]
        beside = [*background(), *hierarchy]
        self._background = {str(quad.subject) for quad in beside} - {str(quad.subject) for quad in data}
        self._live = LiveGraph(data, beside)
        self._as_written = AsWritten(self._live.rdflib)
        self._names = Names()
        rules = whole_graph_rules(self._shapes, self._live.triples)
        self._rules = [rule for rule in rules if self._shapes.severity(rule.shape)[0] in _GRAVE]
        self._core = CoreJudge(self._live, self._shapes, restated(self._shapes, rules))
        self._untouched = self.complete((), ())

    def close(self) -> None:
        """Give the settings of pyshacl back, which are the process's."""
        self._core.close()

    def quick(self, mutant: Mutant) -> Found | None:
        """Return the first result that the mutant has and the data have not, or None.

        The first in a fixed order: SHACL Core before the rules, the nodes changed before others, rules in the order of
        the file, the graver before the slighter.
        """
        self._live.change(mutant.removed, mutant.added)
        try:
            return self._first(mutant)
        finally:
            self._live.change(mutant.added, mutant.removed)

    def thorough(self, mutant: Mutant) -> Found | None:
        """Return the same from a complete validation of the mutant, as `perezkg validate` makes it."""
        return self._worst(self.complete(mutant.removed, mutant.added))

    def complete(self, removed: Iterable[Triple], added: Iterable[Triple]) -> set[Found]:
        """Return what `perezkg.shacl.validate.validate` says of changed data."""
        triples = sorted((self._facts.present - set(removed)) | set(added), key=str)
        content = serialize(triples, format=RdfFormat.N_TRIPLES)
        assert content is not None
        report = validate([DataFile("mutant.nt", content, RdfFormat.N_TRIPLES)], shapes=self._shape_files)
        return {
            Found(
                result.severity,
                result.rule,
                result.component,
                str(result.focus),
                "" if result.value is None else str(result.value),
            )
            for result in (*report, *report.unchecked)
        }

    def _first(self, mutant: Mutant) -> Found | None:
        for results in self._core.new_results(mutant):
            if found := self._worst(results):
                return found
        if found := self._unchecked(mutant):
            return found
        changed = {triple.predicate.value for triple in (*mutant.removed, *mutant.added)}
        if self._is_rewritten(mutant):
            return self.thorough(mutant)
        for rule in self._rules:
            # `a` is no IRI in a query, so any rule may read a type.
            if TYPE in changed or SUBCLASS in changed or rule.query.meets(changed):
                said = check_rules([rule], self._shapes, self._live.triples, self._names, self._as_written.rows)
                found = self._worst(Found(r.severity, r.rule, r.component, str(r.focus), str(r.value)) for r in said)
                if found:
                    return found
        return None

    def _unchecked(self, mutant: Mutant) -> Found | None:
        """Return a node that no shape is about any more."""
        for subject in sorted({triple.subject for triple in (*mutant.removed, *mutant.added)}, key=str):
            node = to_rdflib(subject)
            if isinstance(subject, NamedNode) and next(self._live.rdflib.triples((node, None, None)), None):
                found = Found(UNCHECKED, "", "", str(subject), "")
                if not self._core.is_checked(node) and not self._was_unchecked(found):
                    return found
        return None

    def _was_unchecked(self, found: Found) -> bool:
        return any(each.severity == UNCHECKED and each.focus == found.focus for each in self._untouched)

    def _is_rewritten(self, mutant: Mutant) -> bool:
        """Return whether a store would change a literal that is put in; rules on it are not left to the store."""
        literals = {triple.object for triple in mutant.added if isinstance(triple.object, Literal)}
        node = NamedNode("urn:literal")
        store = Store()
        store.extend(Quad(node, node, literal, DefaultGraph()) for literal in literals)
        return bool(literals - {quad.object for quad in store})

    def _worst(self, results: Iterable[Found]) -> Found | None:
        new = [
            found
            for found in results
            if found.severity in _GRAVE and found not in self._untouched and found.focus not in self._background
        ]
        return min(new, key=lambda found: (_GRAVE.index(found.severity), found), default=None)
