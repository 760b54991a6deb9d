"""rdflib as an engine, for a second opinion.

Where rdflib departs from SPARQL 1.1, its algebra is mended (`perezkg.sparql.rdflib_algebra`), or its answers are
converted here.
"""

from __future__ import annotations

from itertools import zip_longest
from urllib.parse import urljoin

from pyoxigraph import BlankNode, Literal, NamedNode, QueryBoolean, QuerySolutions, Triple
from rdflib import Dataset
from rdflib.graph import DATASET_DEFAULT_GRAPH_ID
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.algebra import traverse
from rdflib.plugins.sparql.evaluate import evalPart
from rdflib.plugins.sparql.parserutils import CompValue
from rdflib.plugins.sparql.sparql import QueryContext
from rdflib.term import BNode, URIRef, Variable
from rdflib.term import Literal as RdflibLiteral

from perezkg.errors import EvaluationError, LimitReachedError, RemoteAccessRefusedError, UsageError
from perezkg.rdf.rdflib_terms import from_rdflib, quiet, to_rdflib, triple_from_rdflib
from perezkg.rdf.terms import shortest_forms, shortest_rows, shortest_triples
from perezkg.sparql.departures import with_columns_written_out, with_tags_in_lower_case
from perezkg.sparql.engines import answer_kind
from perezkg.sparql.prepare import refuse_remote
from perezkg.sparql.rdflib_algebra import mended, with_variables
from perezkg.sparql.results import Boolean, Solutions, Triples, ordered_rows, ordered_triples
from perezkg.sparql.tokens import tokenize

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

    from pyoxigraph import Store
    from rdflib.plugins.sparql.sparql import Query

    from perezkg.rdf.terms import Term
    from perezkg.sparql.prepare import Prepared
    from perezkg.sparql.results import Result


class RdflibEngine:
    """Answers with rdflib from a copy of a pyoxigraph store."""

    __slots__ = ("_graph",)

    def __init__(self, store: Store) -> None:
        # The copy is taken from the store, not from the files, because the store has numbers in their shortest form,
        # which is what Oxigraph answers with.
        self._graph = Dataset()
        with quiet():
            for quad in store:
                name = quad.graph_name
                named = isinstance(name, (NamedNode, BlankNode))
                graph = self._graph.graph(to_rdflib(name)) if named else self._graph.graph(DATASET_DEFAULT_GRAPH_ID)
                try:
                    graph.add((to_rdflib(quad.subject), to_rdflib(quad.predicate), to_rdflib(quad.object)))
                except TypeError as error:
                    raise EvaluationError(f"the data cannot be asked with rdflib: {error}") from None

    def run(self, query: Prepared, *, spool: bool = False) -> Result:
        """Evaluate a query; see `perezkg.sparql.engines.Engine`. The answer is in memory, however long it is."""
        del spool
        if query.services:
            # rdflib finds the address with a regular expression: after SERVICE SILENT, or before a body that it cannot
            # cut out, it has no rows and says nothing; and it waits for ever.
            raise UsageError("rdflib cannot be relied upon for SERVICE", hint="Ask with --engine oxigraph.")
        with quiet():
            return self._run(query)

    def _run(self, query: Prepared) -> Result:
        prepared = self._read(query)
        # Oxigraph reads the query as well: a syntax error is the same on both engines then, and so is the order of the
        # columns of SELECT *, which rdflib takes from a set.
        kind = answer_kind(query)
        try:
            if isinstance(kind, QuerySolutions):
                names = tuple(variable.value for variable in kind.variables)
                rows = _rows(names, self._graph.query(prepared).bindings)
                return Solutions(names, ordered_rows(rows, ordered=query.ordered))
            if isinstance(kind, QueryBoolean):
                return Boolean(bool(self._graph.query(prepared).askAnswer))
            if prepared.algebra.name == "DescribeQuery":
                return Triples(ordered_triples(self._describe(prepared, query.text)))
            triples = self._graph.query(prepared).graph or ()
            return Triples(ordered_triples(shortest_triples(filter(None, (triple_from_rdflib(*t) for t in triples)))))
        except LimitReachedError:
            raise
        except RecursionError:
            raise EvaluationError("the query is nested too deeply for rdflib", path=query.path) from None
        except Exception as error:  # rdflib raises whatever its Python runs into
            raise EvaluationError(f"rdflib could not evaluate the query: {error}", path=query.path) from error

    def _read(self, query: Prepared) -> Query:
        try:
            # It reads a name of a column before as one without a value.
            text = with_tags_in_lower_case(query.text)
            prepared = prepareQuery(_readable(with_columns_written_out(text) or text))
        except Exception as error:  # noqa: BLE001 - pyparsing's, or whatever its actions raise
            refuse_remote(query.text, tokenize(query.text), query.path)
            answer_kind(query)
            raise EvaluationError(
                f"rdflib cannot read the query, which Oxigraph can: {error}", path=query.path
            ) from None

        def visit(node: Any) -> Any:  # noqa: ANN401 - a node of rdflib's algebra may be anything
            # The tokens have been looked at already; this is the engine's own reading of the text.
            if isinstance(node, CompValue) and (node.name == "ServiceGraphPattern" or dict.get(node, "datasetClause")):
                raise RemoteAccessRefusedError(
                    "SERVICE and FROM reach for other graphs, and perezkg asks only the graph it was given",
                    path=query.path,
                )
            mended(node, visit)
            # To rdflib "a" and "a"^^xsd:string are two terms, as 1.5 and 1.50 are; the graph here has the first ones.
            constant = from_rdflib(node) if isinstance(node, RdflibLiteral) else None
            if isinstance(constant, Literal):
                return to_rdflib(shortest_forms([constant]).get(constant, constant))
            return None

        prepared.algebra = traverse(prepared.algebra, visitPre=visit)
        with_variables(prepared.algebra)
        return prepared

    def _describe(self, prepared: Query, text: str) -> Iterator[Triple]:
        """Yield all triples of the resources, and of the blank nodes in them.

        rdflib's own DESCRIBE adds reified statements, Oxigraph's does not.
        """
        algebra = prepared.algebra
        waiting: set[URIRef | BNode] = {term for term in algebra.PV if isinstance(term, URIRef)}
        if algebra.p is not None:
            # It counts the columns of subqueries among those that are described.
            words = [token.text for token in tokenize(text)]
            asked = words[next(at for at, word in enumerate(words) if word.upper() == "DESCRIBE") : words.index("{")]
            names = [
                name for name in algebra.PV if isinstance(name, Variable) and {f"?{name}", f"${name}", "*"} & {*asked}
            ]
            rows = list(evalPart(QueryContext(self._graph, initBindings={}), algebra.p))
            waiting = waiting if rows else set()  # Oxigraph describes what it finds in solutions
            found = (row.get(name) for row in rows for name in names)
            waiting.update(term for term in found if isinstance(term, (URIRef, BNode)))
        seen = set(waiting)
        while waiting:
            for triple in self._graph.triples((waiting.pop(), None, None)):
                described = triple_from_rdflib(*triple[:3])
                if described is not None:
                    yield described
                if isinstance(triple[2], BNode) and triple[2] not in seen:
                    seen.add(triple[2])
                    waiting.add(triple[2])


def _readable(text: str) -> str:
    """Return a query as rdflib can read it.

    Its parser makes the tabulators in strings spaces, DESCRIBE * is more than it can translate, it takes a relative
    BASE as it is, and forgets a FILTER of nothing but a constant that is false.
    """
    tokens = tokenize(text)
    variables = dict.fromkeys(token.text for token in tokens if token.kind == "variable")
    parts, end, before, base, filtered = [], 0, "", "", False
    for token, following in zip_longest(tokens, tokens[1:]):
        written = ""
        constant = token.kind != "variable" and token.text not in ("(", ")")
        if filtered and constant and following is not None and following.text == ")":
            written = f"!(!({token.text}))"
        elif token.kind == "string" and "\t" in token.text:
            written = token.text.replace("\t", "\\t")
        elif token.text == "*" and before == "DESCRIBE":
            written = " ".join(variables) or "?_"
        elif token.kind == "iri" and before == "BASE":
            base = urljoin(base, token.text[1:-1])
            written = f"<{base}>"
        if written:
            parts += [text[end : token.start], written]
            end = token.start + len(token.text)
        filtered = token.keyword == "FILTER" or (filtered and token.text == "(")
        before = token.keyword
    return "".join([*parts, text[end:]])


def _rows(names: tuple[str, ...], bindings: Iterable[Any]) -> list[tuple[Term | None, ...]]:
    variables = [Variable(name) for name in names]
    rows: list[tuple[Term | None, ...]] = []
    for binding in bindings:
        cells = (binding.get(variable) for variable in variables)
        rows.append(tuple(None if cell is None else from_rdflib(cell) for cell in cells))
    return shortest_rows(rows)
