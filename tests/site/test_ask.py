"""What the SPARQL page needs beside a browser: its engine from npm, and canned queries that are cut at their values."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

import perezkg
from perezkg.errors import PackageMissingError
from perezkg.rdf.terms import as_sparql
from perezkg.sparql.catalogue import catalogue
from perezkg.sparql.parameters import resolve
from perezkg.sparql.prepare import prepare
from perezkg.web.site.ask import data, engine, questions
from perezkg.web.site.asking import Asking

QUERIES = catalogue()


def told(script: list[str]) -> Any:
    """Return what a script makes known."""
    return json.loads("".join(script).partition(" = ")[2].removesuffix(";\n"))


@pytest.mark.parametrize("lang", ["en", "es"])
def test_a_query_with_its_values_is_the_one_that_perezkg_asks(lang: str) -> None:
    asking = Asking(perezkg.load(), QUERIES, lang, "2026-11-28", "https://w3id.org/perezkg/id/jefferson-perez")
    offered = {query["name"]: query for query in told(questions(asking, {}))["queries"]}
    assert offered.keys() == {query.name for query in QUERIES}
    for query in QUERIES:
        given = {row.name: row.example.partition("=")[2].strip("'") for row in query.parameters.values()}
        values = resolve(query, {**given, **({"lang": lang} if "lang" in given else {})})
        terms = {row.name: as_sparql(values[row.variables[0]]) for row in query.parameters.values()}
        parts = offered[query.name]["parts"]
        assert (
            "".join(part if isinstance(part, str) else terms[part[0]] for part in parts) == prepare(query, values).text
        )
        # Without a value the variable stays, as it does where a parameter may be left out.
        assert "".join(part if isinstance(part, str) else part[1] for part in parts) == prepare(query, {}).text
        for row in offered[query.name]["parameters"]:
            assert row["value"] == lang or row["name"] != "lang"


def test_the_page_has_each_triple_once() -> None:
    graph = perezkg.load(source="biography")
    lines = told(data(graph.with_concepts)).splitlines()
    assert len(lines) == len(set(lines)) == len({quad.triple for quad in graph.with_concepts})


@pytest.mark.parametrize(
    ("npm", "said"),
    [
        (None, "comes from npm, which is not installed"),
        ("exit 1", "npm could not fetch the package"),
        ("true", "npm could not fetch the package"),
        ("echo other > oxigraph-0.5.11.tgz", "its digest is another"),
    ],
)
def test_an_engine_that_cannot_be_had_is_told(
    npm: str | None, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if npm is not None:
        (tmp_path / "npm").write_text(f"#!/bin/sh\n{npm}\n", encoding="utf-8")
        (tmp_path / "npm").chmod(0o755)
    monkeypatch.setenv("PATH", os.pathsep.join([str(tmp_path), "/nowhere"]))
    with pytest.raises(PackageMissingError, match=said) as error:
        engine()
    assert error.value.hint
