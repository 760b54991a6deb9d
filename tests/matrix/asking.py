"""What every engine is asked: each case of the golden answers, and literals of many datatypes to give back."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse, serialize
from tests.queries.test_golden import ASKED, CASES, ask, source

from perezkg import resources
from perezkg.sparql.catalogue import CannedQuery, find
from perezkg.sparql.parameters import resolve
from perezkg.sparql.prepare import Prepared, prepare

if TYPE_CHECKING:
    from collections.abc import Iterable

    from perezkg.sparql.results import Result


def query_of(case: str) -> str:
    """Return the name of the canned query of a case."""
    return CASES[case][0]


SELECTIONS = tuple(dict.fromkeys(map(source, ASKED)))
_XSD = "http://www.w3.org/2001/XMLSchema#"
# Every datatype of the data and its neighbours, in canonical forms: what comes back may be compared to the letter.
PROBES = {
    "integer": ("4570", "0", "-1"),
    "decimal": ("1.5", "79.25", "-84.38798"),
    "double": ("1.5E0",),
    "boolean": ("true", "false"),
    "date": ("2008-08-16", "1974-07-01"),
    "dateTime": ("2008-08-16T09:00:00", "2008-08-16T09:00:00Z", "2008-08-16T09:00:00+08:00"),
    "time": ("09:00:00",),
    "gYear": ("1996",),
    "gYearMonth": ("1996-07",),
    "dayTimeDuration": ("PT1H17M21S", "PT1M47.7S", "P7D"),
    "yearMonthDuration": ("P1Y2M",),
    "duration": ("P1Y2M3DT4H",),
    "anyURI": ("https://example.org/a?b=c",),
    "string": ("Jefferson Pérez", "tab\tand\nline", 'quote " and \\', "walker 🏅"),
}
_IN_LANGUAGES = (("Pekín", "es"), ("walk", "en"))
_PREDICATE = NamedNode("https://example.org/probe")
DATATYPES = CannedQuery(f"SELECT ?probe ?value WHERE {{ ?probe <{_PREDICATE.value}> ?value }}")


@cache
def home(case: str) -> Result:
    """Return the answer of Oxigraph embedded, which the golden files prove."""
    return ask(case, "oxigraph")


def prepared(case: str) -> Prepared:
    """Return what perezkg would send for a case."""
    name, parameters = CASES[case]
    given = dict(parameters)
    lang = str(given.pop("lang", "en"))
    query = find(name)
    return prepare(query, resolve(query, given, lang))


def cases(selection: str) -> list[str]:
    """Return the cases that are asked of a selection of the data."""
    return [case for case in ASKED if source(case) == selection]


def data(selection: str) -> bytes:
    """Return the data of a selection with the concepts, as N-Triples; the literals are written as in the files."""
    files = (*resources.data_files(selection), resources.ontology_file("concepts.ttl"))
    return _n_triples(quad.triple for file in files for quad in parse(path=file))


def probes() -> list[Literal]:
    """Return the literals that are given to each engine."""
    typed = [Literal(text, datatype=NamedNode(_XSD + name)) for name, texts in PROBES.items() for text in texts]
    return typed + [Literal(text, language=language) for text, language in _IN_LANGUAGES]


def probe_data() -> bytes:
    """Return the literals as N-Triples, each said of a node that is numbered."""
    return _n_triples(
        Triple(NamedNode(f"https://example.org/{number}"), _PREDICATE, term) for number, term in enumerate(probes())
    )


def _n_triples(triples: Iterable[Triple]) -> bytes:
    found = serialize(triples, format=RdfFormat.N_TRIPLES)
    assert found is not None
    return found
