"""What the libraries take by themselves, the floor of each work of `bench/scale`: `python floors.py WORK FILE [MORE]`.

Scripts of a few lines that understand no options: with pyoxigraph, with rdflib, with pyshacl, or with the standard
library.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any


def load(file: str) -> None:
    """Load a file with pyoxigraph and count its triples."""
    import pyoxigraph

    store = pyoxigraph.Store()
    store.load(path=file)
    print(len(store))


def load_with_rdflib(file: str) -> None:
    """Load a file with rdflib and count its triples."""
    import rdflib

    print(len(rdflib.Graph().parse(file, format="nt")))


def select(file: str, query: str, format: str) -> None:  # noqa: A002
    """Load a file, run a query and write its rows with pyoxigraph's own writer."""
    import pyoxigraph

    store = pyoxigraph.Store()
    store.load(path=file)
    answer: Any = store.query(query)
    answer.serialize(sys.stdout.buffer, getattr(pyoxigraph.QueryResultsFormat, format.upper()))


def construct(file: str, query: str) -> None:
    """Load a file, run a CONSTRUCT and write its triples with pyoxigraph's own writer."""
    import pyoxigraph

    store = pyoxigraph.Store()
    store.load(path=file)
    answer: Any = store.query(query)
    answer.serialize(sys.stdout.buffer, pyoxigraph.RdfFormat.N_TRIPLES)


def export(file: str) -> None:
    """Parse a file, sort its triples and write Turtle with pyoxigraph."""
    import pyoxigraph

    triples = sorted((quad.triple for quad in pyoxigraph.parse(path=file)), key=str)
    pyoxigraph.serialize(triples, sys.stdout.buffer, pyoxigraph.RdfFormat.TURTLE)


def index(file: str, folder: str) -> None:
    """Load a file in bulk into a store on disk, and optimise it."""
    import pyoxigraph

    store = pyoxigraph.Store(folder)
    store.bulk_load(path=file)
    store.optimize()
    store.flush()


def ask(folder: str, query: str) -> None:
    """Open a store on disk, ask the query in a file, and write CSV with pyoxigraph's own writer."""
    import pyoxigraph

    store = pyoxigraph.Store.read_only(folder)
    with open(query, encoding="utf-8") as file:
        answer: Any = store.query(file.read())
    answer.serialize(sys.stdout.buffer, pyoxigraph.QueryResultsFormat.CSV)


def validate(file: str, core: str, rules: str, background: str) -> None:
    """Check a file by shacl with SHACL Core shapes, and by pyoxigraph with the queries of a JSON file."""
    import json

    import pyoxigraph
    import shacl

    store = pyoxigraph.Store()
    store.load(path=file)
    store.load(path=background)
    with open(rules, encoding="utf-8") as texts:
        answers: list[Any] = [store.query(text) for text in json.load(texts)]
    found = sum(len(list(answer)) for answer in answers)
    with open(core, encoding="utf-8") as shapes, open(file, encoding="utf-8") as data, open(background) as more:
        report = shacl.Shapes.from_text(shapes.read(), "ntriples").validate_text(data.read() + more.read(), "ntriples")
    print(found, len(report.results))


def table(file: str, out: str) -> None:
    """Read CSV and write the same with the standard library."""
    import csv

    with open(file, encoding="utf-8", newline="") as read, open(out, "w", encoding="utf-8", newline="") as written:
        csv.writer(written).writerows(csv.reader(read))


if __name__ == "__main__":
    work: Callable[..., None] = globals()[sys.argv[1]]
    work(*sys.argv[2:])
