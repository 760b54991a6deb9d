"""The canned queries as a site asks them: in one language, as of one day, about one person where it has a subject."""

from __future__ import annotations

import os
from shlex import quote
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode

from perezkg import resources
from perezkg.rdf.terms import as_text
from perezkg.sparql.results import Solutions
from perezkg.vocabulary import PREFIXES, RDF, SPORT

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pyoxigraph import Store

    from perezkg.graph import AskableGraph
    from perezkg.sparql.catalogue import CannedQuery
    from perezkg.sparql.results import Result

    Rows = list[dict[str, str]]

_TOPIC, _COMPETITOR, _TYPE = (
    NamedNode(iri) for iri in (PREFIXES["foaf"] + "primaryTopic", SPORT + "competitor", RDF + "type")
)
_PERSON = NamedNode(SPORT + "Person")
_SUBJECTS = ("athlete", "node", "person", "about")


class Asking:
    """Asks canned queries.

    Args:
        graph: The graph.
        queries: The canned queries.
        lang: The language of labels.
        date: The day for which queries tell what is true, as 2008-08-16.
        subject: IRI of the person that the graph is about; empty when it is about several.
    """

    def __init__(self, graph: AskableGraph, queries: Iterable[CannedQuery], lang: str, date: str, subject: str) -> None:
        self._graph = graph
        self._queries = {query.name: query for query in queries}
        self.lang = lang
        self.date = date
        self.subject = subject
        self._answers: dict[tuple[str, tuple[tuple[str, str], ...]], Result] = {}
        shipped = set(resources.data_files())
        self._names = [os.path.basename(name) for name in graph.names if name not in shipped]

    @property
    def options(self) -> list[str]:
        """The options by which the command line asks the same data in the same language."""
        data = ["--data", *map(quote, self._names)] if self._names else []
        return [*data, *(["--lang", self.lang] if self.lang != "en" else [])]

    @property
    def files(self) -> str:
        """What loads the same data in Python."""
        return ", ".join(map(repr, self._names))

    @property
    def queries(self) -> list[CannedQuery]:
        """The canned queries."""
        return list(self._queries.values())

    def parameters(self, query: CannedQuery) -> dict[str, object] | None:
        """Return what to give to a query on a page of its own; None when it needs what only a reader can choose."""
        given: dict[str, object] = {}
        for name, parameter in query.parameters.items():
            if name == "date":
                given[name] = self.date
            elif parameter.required and parameter.default is None and name != "lang":
                if name not in _SUBJECTS or not self.subject:
                    return None
                given[name] = self.subject
        return given

    def run(self, query: CannedQuery, given: dict[str, object]) -> Result:
        """Return the answer of a query; what several pages ask is asked once."""
        asked = (query.name, tuple(sorted((name, str(value)) for name, value in given.items())))
        if asked not in self._answers:
            self._answers[asked] = self._graph.run(query, given, lang=self.lang)
        return self._answers[asked]

    def last(self, query: CannedQuery, given: dict[str, object]) -> Result:
        """Return the answer of a query for the last time: it may be large, and is kept no longer."""
        answer = self.run(query, given)
        self._answers = {asked: kept for asked, kept in self._answers.items() if kept is not answer}
        return answer

    def rows(self, name: str, **given: object) -> Rows:
        """Return the rows of a query as texts by the names of their columns, without those that are empty."""
        query = self._queries[name]
        if "date" in query.parameters:
            given.setdefault("date", self.date)
        answer = self.run(query, given)
        if not isinstance(answer, Solutions):
            return []
        return [
            {
                column: term.value if hasattr(term, "value") else as_text(term)
                for column, term in zip(answer.variables, row, strict=True)
                if term is not None
            }
            for row in answer.rows
        ]


def subject_of(store: Store) -> str:
    """Return the IRI of the person that a graph is about; empty when it is about several.

    That is the one that it names as its topic (foaf:primaryTopic), else one who has more than half of its results.
    """
    people = {quad.subject for quad in store.quads_for_pattern(None, _TYPE, _PERSON, None)}
    named = sorted(
        quad.object.value
        for quad in store.quads_for_pattern(None, _TOPIC, None, None)
        if isinstance(quad.object, NamedNode) and quad.object in people
    )
    if named:
        return named[0]
    results: dict[str, int] = {}
    for quad in store.quads_for_pattern(None, _COMPETITOR, None, None):
        if isinstance(quad.object, NamedNode) and quad.object in people:
            results[quad.object.value] = results.get(quad.object.value, 0) + 1
    most = max(results.values(), default=0)
    return (
        min((iri for iri, number in results.items() if number == most), default="")
        if (2 * most > sum(results.values()))
        else ""
    )
