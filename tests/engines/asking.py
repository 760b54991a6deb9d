"""The engines that are compared, and their answers in a form that is equal for equal answers."""

from __future__ import annotations

import re
import signal
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from pyoxigraph import Literal, NamedNode, RdfFormat, parse, serialize
from tests.engines.generating import DATA
from tests.matrix import in_process
from tests.suites.comparing import bag, canonical

from perezkg.errors import PerezkgError
from perezkg.graph import KnowledgeGraph
from perezkg.rdf.reading import DataFile
from perezkg.sparql.catalogue import CannedQuery
from perezkg.sparql.prepare import prepare
from perezkg.sparql.results import Boolean, Solutions

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import FrameType

    from perezkg.sparql.results import Result

SECONDS = 2.0
"""How long an engine may work at a query; products of patterns take rdflib for ever."""


class Answer(NamedTuple):
    """What an engine says.

    Attributes:
        kind: "rows", "triples" or "truth"; "error" or "slow" where there is no answer.
        content: The answer, equal to others that say the same in whatever order; or why there is none.
        text: The answer for people.
        order: The values of what the rows are sorted by first, in their order; None where nothing is, or where the
            standard does not say in which order such values come.
    """

    kind: str
    content: object
    text: str = ""
    order: tuple[object, ...] | None = None


class _TooSlowError(BaseException):
    """The time is over; no library catches it."""


def _too_slow(_: int, __: FrameType | None) -> None:
    raise _TooSlowError


def graph(data: str = DATA) -> KnowledgeGraph:
    """Return data as perezkg asks it."""
    return KnowledgeGraph([DataFile("data.ttl", data.encode(), RdfFormat.TURTLE)])


def comparable(result: Result, text: str) -> Answer:
    """Return the answer to a query so that it can be compared with others."""
    if isinstance(result, Solutions):
        return Answer("rows", bag(result.variables, result.rows), _shown(result), _order(result, text))
    if isinstance(result, Boolean):
        return Answer("truth", bool(result), str(bool(result)))
    triples = canonical(result)
    return Answer("triples", triples, triples)


_KEY = re.compile(r" ORDER BY (?:DESC\()?\?(\w+)\)?(?: [^{}]*)?$")
_ORDERED = {
    "integer": float,
    "decimal": float,
    "double": float,
    "float": float,
    "byte": float,
    "string": str,
    "gYear": int,
}


def _order(result: Solutions, text: str) -> tuple[object, ...] | None:
    found = _KEY.search(text)
    if not found or found[1] not in result.variables:
        return None
    place = result.variables.index(found[1])
    values: list[object] = []
    for row in result.rows:
        term = row[place]
        kind = term.datatype.value.rpartition("#")[2] if isinstance(term, Literal) else ""
        if isinstance(term, NamedNode):
            values.append(term.value)
        elif isinstance(term, Literal) and kind in _ORDERED:
            values.append(_ORDERED[kind](term.value))
        else:
            return None
    return tuple(values) if len(set(map(type, values))) == 1 else None


def _shown(result: Solutions) -> str:
    rows = sorted(" ".join("UNDEF" if term is None else str(term) for term in row) for row in result.rows)
    return f"{len(rows)} rows of {' '.join(result.variables)}: {'; '.join(rows)}"


def ask(data: KnowledgeGraph, text: str, engine: str) -> Answer:
    """Ask an engine of perezkg."""
    before = signal.signal(signal.SIGALRM, _too_slow)
    signal.setitimer(signal.ITIMER_REAL, SECONDS)
    try:
        return comparable(data.sparql(text, engine=engine), text)
    except PerezkgError as error:
        return Answer("error", str(error).partition("\n")[0], str(error))
    except _TooSlowError:
        return Answer("slow", "")
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def ask_jena(texts: Sequence[str], data: str = DATA) -> list[Answer]:
    """Ask Jena queries, in one process; `tests.matrix.in_process.missing("arq")` says whether it is here."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        (folder / "data.nt").write_bytes(serialize(parse(data, RdfFormat.TURTLE), format=RdfFormat.N_TRIPLES) or b"")
        for number, text in enumerate(texts):
            (folder / f"{number}.rq").write_text(text, encoding="utf-8")
        command = [*in_process.command("arq", f"-Dpatience={SECONDS * 1000:.0f}"), place]
        ended = subprocess.run(command, capture_output=True, text=True, timeout=in_process.PATIENCE, check=False)
        if ended.returncode:
            raise RuntimeError(f"Jena ended with {ended.returncode}: {ended.stderr[-2000:]}")
        found = []
        for number, text in enumerate(texts):
            result = in_process.read(folder, str(number), prepare(CannedQuery(text), {}))
            found.append(Answer("error", result, result) if isinstance(result, str) else comparable(result, text))
        return found
