"""Canned queries: headers as YAML has them, parameters by their variables, and the catalogue itself."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from perezkg import errors
from perezkg.sparql.catalogue import CannedQuery, catalogue, find, names, parse_header
from perezkg.sparql.parameters import Parameter, to_term

SAMPLES = Path(__file__).parent / "samples"
ALL = [*catalogue(), CannedQuery((SAMPLES / "all-kinds.rq").read_text(encoding="utf-8"), "all-kinds")]
IDS = [query.name for query in ALL]


def as_text(node: Any) -> Any:
    """Return what a YAML library reads with every scalar as text, which is how the header is read here."""
    if isinstance(node, dict):
        return {key: as_text(value) for key, value in node.items()}
    return [as_text(item) for item in node] if isinstance(node, list) else str(node)


@pytest.mark.parametrize("query", ALL, ids=IDS)
def test_a_yaml_library_reads_the_same_header(query: CannedQuery) -> None:
    lines = [line[2:] for line in query.text.split("\n") if line.startswith("#+")]
    assert query.header == as_text(yaml.safe_load("\n".join(lines)))


@pytest.mark.parametrize("query", ALL, ids=IDS)
def test_every_parameter_like_variable_is_one(query: CannedQuery) -> None:
    looks = {token.text[1:] for token in query.tokens if re.match(r"[?$]_", token.text)}
    assert looks == {variable for parameter in query.parameters.values() for variable in parameter.variables}
    for key in ("defaults", "enumerate"):
        named = {name for item in query.header.get(key, []) for name in item}
        assert named <= set(query.parameters), f"{key} names a parameter that the query does not have"


@pytest.mark.parametrize("query", catalogue(), ids=names())
def test_a_canned_query_is_whole(query: CannedQuery) -> None:
    assert query.form in ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")
    assert query.tags
    for lang in ("en", "es"):
        assert query.summary(lang)
        assert query.description(lang)
    assert query.summary("en") != query.summary("es")
    used = {token.text.partition(":")[0] for token in query.tokens if token.kind == "name" and ":" in token.text}
    declared = set(re.findall(r"(?im)^PREFIX\s+(\w*):", query.text))
    assert used == declared, "declares the prefixes that it uses, for other tools"


def test_parameters_of_every_kind() -> None:
    found = {
        name: (parameter.kind, parameter.required, parameter.default, parameter.choices, parameter.variables)
        for name, parameter in ALL[-1].parameters.items()
    }
    assert found == {
        "start": ("integer", True, "1996", (), ["_start_integer"]),
        "seconds": ("number", False, None, (), ["__seconds_number"]),
        "day": ("date", True, "2008-08-16", (), ["_day_xsd_date"]),
        "thing": ("iri", True, None, ("pz:jefferson-perez", "pz:cuenca"), ["_thing_iri"]),
        "level": ("string", True, "olympic", ("olympic", "world"), ["_level"]),
        "name": ("language", False, None, (), ["__name_es"]),
        "said": ("string", False, "1:17:21", (), ["__said"]),
        "lang": ("string", True, None, (), ["_lang"]),
    }


@pytest.mark.parametrize(
    ("header", "line"),
    [
        ("#+ summary", 1),
        ("#+ summary: a: b", 1),
        ("#+ summary: a # b", 1),
        ("#+ summary: [a]", 1),
        ('#+ summary: "a" b', 1),
        ("#+ summary: a\n#+ summary: b", 2),
        ("#+ summary: a\n#+   - b", 2),
        ("#+ - a", 1),
        ("#+ summary: a\n#+    tags:", 2),
        ("#+ tags:\n#+   - a\n#+       - b", 3),
        ("#+ summary:a", 1),
        ('#+ summary: "', 1),
    ],
)
def test_a_faulty_header_has_its_line(header: str, line: int) -> None:
    with pytest.raises(errors.InputError, match="header") as caught:
        parse_header(header + "\nASK {}", "q.rq")
    assert (caught.value.path, caught.value.line) == ("q.rq", line)


def test_words_and_groups_of_a_header_of_one_language() -> None:
    query = CannedQuery("#+ summary: Years\n#+ tags: results\nASK {}")
    assert (query.summary("en"), query.summary("es"), query.description("es")) == ("Years", "Years", "")
    assert query.tags == ("results",)


@pytest.mark.parametrize(
    ("suffix", "default", "shown"),
    [("", "Río Chobshi", "x='Río Chobshi'"), ("", "Quito", "x=Quito"), ("number", None, "x=20.5")],
)
def test_an_example_can_be_typed_as_it_stands(suffix: str, default: str | None, shown: str) -> None:
    parameter = Parameter("x", suffix, required=True, default=default, choices=())
    assert parameter.example == shown
    assert str(to_term(parameter, shown.partition("=")[2].strip("'")))


def test_a_query_without_header() -> None:
    query = CannedQuery("ASK {}")
    assert (query.summary(), query.tags, query.form, query.parameters) == ("", (), "ASK", {})
    assert repr(query) == "CannedQuery('the query')"
    assert CannedQuery("# nothing").form == ""


def test_find(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert find("medals").name == "medals"
    with pytest.raises(errors.UnknownQueryError, match="Did you mean medals"):
        find("medls")
    with pytest.raises(errors.UnknownQueryError, match="perezkg queries"):
        find("")
    with pytest.raises(errors.InputNotFoundError):
        find("nowhere.rq")
    with pytest.raises(errors.UnknownQueryError):
        find("../queries/medals")
    monkeypatch.chdir(tmp_path)
    Path("mine.rq").write_text("#+ summary: Mine\nASK {}", encoding="utf-8")
    Path("query.txt").write_text("ASK {}", encoding="utf-8")
    Path("medals").write_text("ASK { a: a a: }", encoding="utf-8")
    assert find("mine.rq").summary() == "Mine"
    assert find("query.txt").form == "ASK"
    assert find("medals").form == "SELECT", "a canned query wins over a file of its name; ./medals is the file"
    assert find("./medals").form == "ASK"
    with pytest.raises(errors.InputUnreadableError):
        find(str(tmp_path))
