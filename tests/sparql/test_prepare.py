"""Values into queries: whole variables only, and no value ever becomes query text."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode

import perezkg
from perezkg import errors
from perezkg.sparql.catalogue import CannedQuery
from perezkg.sparql.parameters import resolve
from perezkg.sparql.prepare import bind, declare_prefixes, prepare, refuse_excess, refuse_remote
from perezkg.sparql.tokens import settle_escapes, tokenize

X = {"_x": Literal("X")}
SAMPLE = (Path(__file__).parent / "samples" / "all-kinds.rq").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        ("ASK { ?s ?p ?_x }", 'ASK { ?s ?p "X" }'),
        ("ASK{?s?p$_x}", 'ASK{?s?p"X"}'),
        ("ASK { ?s ?p ?_xy, ?_x, ?__x }", 'ASK { ?s ?p ?_xy, "X", ?__x }'),
        ("ASK { ?s ?p '?_x', \"?_x\", '''?_x' ''', \"\"\"\"?_x\"\"\" }", None),
        (r"ASK { ?s ?p 'a\'?_x', '\\', ?_x }", r"ASK { ?s ?p 'a\'?_x', '\\', " + '"X" }'),
        ("ASK { <http://e.org/?_x> ?p <http://e.org/#?_x> } # ?_x", None),
        ("ASK { ?s ?p ?o FILTER(?_x<?o) }", 'ASK { ?s ?p ?o FILTER("X"<?o) }'),
        ("ASK { ?s ?p ?o FILTER(?o<?_x||?o>?_x) }", 'ASK { ?s ?p ?o FILTER(?o<"X"||?o>"X") }'),
        ("ASK { ?s ?p ?o FILTER(1 < ?_x && ?_x > 2) }", 'ASK { ?s ?p ?o FILTER(1 < "X" && "X" > 2) }'),
        ("ASK { ?s a:b?_x }", 'ASK { ?s a:b"X" }'),
        (r"ASK { ?s a:b\'c ?_x }", r"ASK { ?s a:b\'c " + '"X" }'),
        (r"ASK { ?s a:b\#c ?_x }", r"ASK { ?s a:b\#c " + '"X" }'),
        ("ASK { ?s a:b.c ?_x.?s a:%41 ?_x}", 'ASK { ?s a:b.c "X".?s a:%41 "X"}'),
        ("SELECT (CONCAT(?_x, ?s) AS ?y) { ?s ?p ?o }", 'SELECT (CONCAT("X", ?s) AS ?y) { ?s ?p ?o }'),
        ("# '\nASK { ?s ?p ?_x } # '", "# '\nASK { ?s ?p \"X\" } # '"),
        ("ASK { ?s ?p 'a'@en-x, ?_x }", "ASK { ?s ?p 'a'@en-x, \"X\" }"),
        (
            "SELECT ?s { ?s ?p ?o } ORDER BY (?o = ?_x) LIMIT ?_x",
            'SELECT ?s { ?s ?p ?o } ORDER BY (?o = "X") LIMIT "X"',
        ),
        ("SELECT ?s { ?s ?p ?o } GROUP BY ?s OFFSET ?_x", 'SELECT ?s { ?s ?p ?o } GROUP BY ?s OFFSET "X"'),
    ],
)
def test_only_whole_variables_are_replaced(text: str, bound: str | None) -> None:
    assert bind(text, tokenize(text), X) == (text if bound is None else bound)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT ?_x { ?s ?p ?o }",
        "SELECT DISTINCT ?s $_x { ?s ?p ?o }",
        "SELECT (?o AS ?_x) { ?s ?p ?o }",
        "SELECT (1 AS ?x) ?_x { ?s ?p ?o }",
        "SELECT (COUNT(DISTINCT ?s) AS ?n) ?_x { ?s ?p ?o }",
        "SELECT ?s { BIND(1 AS ?_x) }",
        "SELECT ?s { VALUES ?_x { 1 } }",
        "SELECT ?s { VALUES (?s ?_x) { (1 2) } }",
        "SELECT ?s { ?s ?p ?o } GROUP BY ?_x",
        "SELECT ?s { ?s ?p ?o } ORDER BY ?_x",
    ],
)
def test_a_parameter_cannot_stand_for_a_column(text: str) -> None:
    with pytest.raises(errors.SparqlSyntaxError, match="is used where only a variable is allowed") as caught:
        bind(text, tokenize(text), X, path="q.rq")
    assert text[caught.value.column - 1 :].startswith(("?_x", "$_x"))
    assert "(… AS ?x)" in caught.value.hint


# What people have used to break out, and what is special to any of the tokenizers on the way.
HOSTILE = [
    'x" } #', "x' } #", '"""', "'''", "\\", '\\"', "\\\\", '\\u0022 } #', "\\\\u0022", "\\U00000022", "\\u005C",
    "}\n#", "\r\n", "\t",
    "?_x", "$_x", "<http://e.org/>", "> } #", "@en", "^^<http://e.org/>", "é", "😀", "\u2028", "\u0085", "\x00", "\x7f",
    '" . SERVICE <http://127.0.0.1/> { ?s ?p ?o } #', "", " ", "\\u", "\\U", "\\u00", "\\'",
]  # fmt: skip


@pytest.mark.parametrize("engine", ["oxigraph", "rdflib"])
@pytest.mark.parametrize("value", HOSTILE)
def test_hostile_values_come_back_intact(kg: perezkg.KnowledgeGraph, engine: str, value: str) -> None:
    answer = kg.sparql("SELECT (?_x AS ?a) (?_y_es AS ?b) {}", engine=engine, x=value, y=value)
    assert answer.rows == [(Literal(value), Literal(value, language="es"))]  # type: ignore[union-attr]


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> perezkg.KnowledgeGraph:
    """Return a graph of nothing: what a value becomes does not depend on data."""
    path = tmp_path_factory.mktemp("empty") / "empty.ttl"
    path.touch()
    return perezkg.load(path)


@pytest.mark.parametrize("engine", ["oxigraph", "rdflib"])
@settings(max_examples=60, deadline=None)
@given(value=st.text(st.characters(exclude_categories=["Cs"])) | st.text("\\\"'uU0025C#<>{}?$\n\r nt"))
def test_any_text_comes_back_intact(empty: perezkg.KnowledgeGraph, engine: str, value: str) -> None:
    answer = empty.sparql("SELECT (?_x AS ?a) (?_y_es AS ?b) {}", engine=engine, x=value, y=value)
    assert answer.rows == [(Literal(value), Literal(value, language="es"))]  # type: ignore[union-attr]


@pytest.mark.parametrize("engine", ["oxigraph", "rdflib"])
@settings(max_examples=60, deadline=None)
@given(tail=st.text(st.characters(exclude_categories=["Cs"])))
def test_an_iri_is_intact_or_refused(empty: perezkg.KnowledgeGraph, engine: str, tail: str) -> None:
    iri = "http://e.org/" + tail
    try:
        answer = empty.sparql("SELECT (?_x_iri AS ?a) {}", engine=engine, x=iri)
    except errors.ParameterValueError:
        with pytest.raises(ValueError):  # noqa: PT011 - its words do not matter
            NamedNode(iri)
    else:
        assert answer.rows == [(NamedNode(iri),)]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "value",
    [
        "http://e.org/> } #", 'http://e.org/"', "http://e.org/{", "http://e.org/ x", "http://e.org/\n", "http://e.org/\\u003E",
        "http://e.org/`", "http://e.org/|", "http://e.org/^", "no-colon", "", "<>", "http://[",
        "pz:a b", "pz:a>b", "<pz:a",
        "pzz:cuenca", "dbo:name",
    ],
)  # fmt: skip
def test_what_is_no_iri_is_refused(kg: perezkg.KnowledgeGraph, value: str) -> None:
    with pytest.raises(errors.ParameterValueError, match="parameter x"):
        kg.sparql("ASK { ?_x_iri ?p ?o }", x=value)


@pytest.mark.parametrize(
    ("value", "iri"),
    [
        ("pz:cuenca", "https://w3id.org/perezkg/id/cuenca"),
        ("<http://e.org/x>", "http://e.org/x"),
        ("http://e.org/it's#x", "http://e.org/it's#x"),
        ("urn:isbn:123", "urn:isbn:123"),
        ("URN:isbn:123", "URN:isbn:123"),
        (perezkg.IRI("http://e.org/x"), "http://e.org/x"),
        (NamedNode("http://e.org/x"), "http://e.org/x"),
    ],
)
def test_iris(kg: perezkg.KnowledgeGraph, value: object, iri: str) -> None:
    assert kg.sparql("SELECT (?_x_iri AS ?a) {}", x=value).rows == [(NamedNode(iri),)]  # type: ignore[union-attr]


INTEGER, DECIMAL, DOUBLE, DATE = (
    NamedNode("http://www.w3.org/2001/XMLSchema#" + name) for name in ("integer", "decimal", "double", "date")
)


def term_of(suffix: str, value: object) -> object:
    query = CannedQuery(f"ASK {{ ?s ?p ?_x{suffix} }}")
    return resolve(query, {"x": value})["_x" + suffix]


@pytest.mark.parametrize(
    ("suffix", "value", "term"),
    [
        ("_integer", "1996", Literal("1996", datatype=INTEGER)),
        ("_integer", "+01996", Literal("1996", datatype=INTEGER)),
        ("_integer", " -007 ", Literal("-7", datatype=INTEGER)),
        ("_integer", 2**63 - 1, Literal("9223372036854775807", datatype=INTEGER)),
        ("_integer", -(2**63), Literal("-9223372036854775808", datatype=INTEGER)),
        ("_integer", 1996, Literal("1996", datatype=INTEGER)),
        ("_integer", Literal(1996), Literal("1996", datatype=INTEGER)),
        ("_number", "20", Literal("20.0", datatype=DECIMAL)),
        ("_number", "-0.50", Literal("-0.5", datatype=DECIMAL)),
        ("_number", "-0", Literal("0.0", datatype=DECIMAL)),
        ("_number", ".5", Literal("0.5", datatype=DECIMAL)),
        ("_number", "1e3", Literal("1.0E3", datatype=DOUBLE)),
        ("_number", "-12.50E-1", Literal("-1.25E0", datatype=DOUBLE)),
        ("_number", Decimal("4641.10"), Literal("4641.1", datatype=DECIMAL)),
        ("_number", Decimal("1E+3"), Literal("1000.0", datatype=DECIMAL)),
        ("_number", 0.1, Literal("1.0E-1", datatype=DOUBLE)),
        ("_number", 0.1 + 0.2, Literal("3.0000000000000004E-1", datatype=DOUBLE)),
        ("_number", 3, Literal("3.0", datatype=DECIMAL)),
        ("_xsd_date", "2008-02-29", Literal("2008-02-29", datatype=DATE)),
        ("_xsd_date", dt.date(2008, 8, 16), Literal("2008-08-16", datatype=DATE)),
        ("_es", "Pérez", Literal("Pérez", language="es")),
        ("", "1:17:21", Literal("1:17:21")),
        ("", 5, Literal("5")),
        ("", "a=b", Literal("a=b")),
    ],
)
def test_values_are_terms_in_canonical_form(suffix: str, value: object, term: Literal) -> None:
    assert term_of(suffix, value) == term


@pytest.mark.parametrize(
    ("suffix", "value"),
    [
        ("_integer", "19.96"), ("_integer", ""), ("_integer", "1_000"), ("_integer", "١٢"), ("_integer", "1e3"),
        ("_integer", True), ("_integer", 1.5), ("_integer", Decimal("1.5")), ("_integer", [1]),
        ("_integer", "9" * 5000), ("_integer", 2**63), ("_integer", -(2**63) - 1),
        ("_number", "."), ("_number", "1,5"), ("_number", "INF"), ("_number", "1e999"), ("_number", float("nan")),
        ("_xsd_date", "2008-02-30"), ("_xsd_date", "2007-02-29"), ("_xsd_date", "20080216"), ("_xsd_date", "2008-2-16"),
        ("_xsd_date", "2008"), ("_xsd_date", "2008-W07-6"), ("_xsd_date", "0000-01-01"),
        ("_xsd_date", dt.datetime.now(dt.UTC)),
        ("", b"bytes"), ("", "\udc80"), ("_iri", "\udc80"),
    ],
)  # fmt: skip
def test_ill_typed_values_are_refused(suffix: str, value: object) -> None:
    with pytest.raises(errors.ParameterValueError, match="parameter x"):
        term_of(suffix, value)


def test_parameters_are_checked() -> None:
    query = CannedQuery(SAMPLE, "all-kinds")
    values = resolve(query, {"thing": "pz:cuenca", "level": "world", "seconds": "1.50"}, lang="es")
    assert {name: str(term) for name, term in values.items()} == {
        "_start_integer": '"1996"^^<http://www.w3.org/2001/XMLSchema#integer>',
        "__seconds_number": '"1.5"^^<http://www.w3.org/2001/XMLSchema#decimal>',
        "_day_xsd_date": '"2008-08-16"^^<http://www.w3.org/2001/XMLSchema#date>',
        "_thing_iri": "<https://w3id.org/perezkg/id/cuenca>",
        "_level": '"world"',
        "__said": '"1:17:21"',
        "_lang": '"es"',
    }
    text = prepare(query, values).text
    assert "$_no' } # ?_no" in text
    assert set(re.findall(r"[?$]__?[a-z]\w*", text.split("WHERE")[1])) == {"?_no", "$_no", "?__name_es"}
    with pytest.raises(errors.MissingParameterError, match="pz:jefferson-perez, pz:cuenca"):
        resolve(query, {})
    with pytest.raises(errors.UnknownParameterError, match="Did you mean level"):
        resolve(query, {"levl": "world", "thing": "pz:cuenca"})
    with pytest.raises(errors.ParameterValueError, match="Did you mean olympic"):
        resolve(query, {"level": "olimpic", "thing": "pz:cuenca"})
    assert resolve(query, {"thing": "https://w3id.org/perezkg/id/cuenca"})["_thing_iri"].value.endswith("cuenca")


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("ASK { SERVICE <http://e.org/> { ?s ?p ?o } }", 7),
        ("ASK{service silent?s{?s ?p ?o}}", 5),
        ("ASK { FILTER(1<2)SERVICE<http://e.org/>{} }", 18),
        ("ASK { ?s ?p 1SERVICE <http://e.org/> {} }", 14),
        ("ASK { \\u0053ERVICE <http://e.org/> {} }", 7),
        ("SELECT * FROM <http://e.org/> { ?s ?p ?o }", 10),
        ("SELECT * FROM NAMED <http://e.org/> { ?s ?p ?o }", 10),
        ("LOAD <http://e.org/>", 1),
        # An engine reads `<` here, then a string, where the longest token is an IRI.
        ("ASK { FILTER(1 <'>') SERVICE <http://e.org/> {} #'\n}", None),
        ("ASK { FILTER(1 <a:#>'''\n) SERVICE <http://e.org/> {} #'''\n}", None),
        ("ASK { FILTER((1) <a:#>'''\n) SERVICE <http://e.org/> {} #'''\n}", None),
    ],
)
def test_what_reaches_out_is_refused(text: str, column: int | None) -> None:
    settled = settle_escapes(text)
    with pytest.raises(errors.RemoteAccessRefusedError) as caught:
        refuse_remote(settled, tokenize(settled))
    assert caught.value.line == 1
    assert column in (None, caught.value.column)
    allowed = column is not None and "FROM" not in text and "LOAD" not in text
    assert ("--allow-service" if allowed else "--data FILE") in caught.value.hint


@pytest.mark.parametrize(
    "text",
    [
        "SELECT ?service { ?service ?from ?load }",
        "ASK { ?s ?p 'SERVICE <http://e.org/> {}' } # SERVICE",
        "ASK { ?s service:from from:service, <http://e.org/SERVICE#from> }",
        "ASK { ?s ?p 'x'@service }",
        "ASK { VALUES (?a ?b) { (<http://e.org/#a> <http://e.org/b>) } }",
        "ASK { ?s ?p '''FROM''' . FILTER(?a < ?b && ?c > 'SERVICE') }",
        "ASK { FILTER(?a) ?s ?p <http://e.org/#a> } # SERVICE",
    ],
)
def test_the_same_words_elsewhere_are_fine(text: str) -> None:
    refuse_remote(text, tokenize(text))


@pytest.mark.parametrize(
    ("most", "what"),
    [
        ("ASK { " + "{" * 99 + "}" * 99 + " }", "more than 100 brackets"),
        ("ASK { FILTER" + "(" * 99 + "1" + ")" * 99 + " }", "more than 100 brackets"),
        ("ASK { ?s ?p " + "[?p " * 99 + "1" + "]" * 99 + " }", "more than 100 brackets"),
        ("ASK { FILTER(" + "!" * 1000 + "?x) }", "more than 1000 operators"),
        ("ASK { {}" + " UNION {}" * 1000 + " }", "more than 1000 operators"),
    ],
)
def test_a_query_is_as_deep_and_long_as_any_question_needs(most: str, what: str) -> None:
    refuse_excess(most, tokenize(most))
    one_more = re.sub(r"(\{\{|\(\(|\[\?p \[|!|\} UNION \{)", lambda found: LONGER[found[0]], most, count=1)
    with pytest.raises(errors.SparqlSyntaxError, match=what):
        refuse_excess(one_more, tokenize(one_more))


LONGER = {"{{": "{{{", "((": "(((", "[?p [": "[[?p [", "!": "!!", "} UNION {": "} UNION {} UNION {"}


@pytest.mark.parametrize(
    ("opens", "closes"),
    [
        ("(!", ")"),
        ("!STR(", ")"),
        ("!IF(1, 2, ", ")"),
        ("(?a && !", ")"),
        ("(1 = !(2 + ", "))"),
        ("!(!?a && ", ")"),
        ("1 IN (! ", ")"),
        ("! EXISTS { FILTER", "}"),
        ("! NOT EXISTS { FILTER(", ")}"),
    ],
)
def test_negations_inside_one_another_double_the_work_at_a_mistake(opens: str, closes: str) -> None:
    text = "ASK { FILTER(" + opens * 11 + "(?x ?x)" + closes * 11 + ") }"
    with pytest.raises(errors.SparqlSyntaxError, match="more than 10 negations inside one another"):
        perezkg.KnowledgeGraph([]).sparql(text)
    text = "ASK { FILTER(" + opens * 9 + "(?x ?x)" + closes * 9 + ") }"
    with pytest.raises(errors.SparqlSyntaxError, match="cannot stand here"):
        perezkg.KnowledgeGraph([]).sparql(text)


def test_negations_beside_one_another_are_fine() -> None:
    text = "ASK { FILTER(" + " && ".join(f"!(?a{number} = 1)" for number in range(100)) + ") }"
    perezkg.KnowledgeGraph([]).sparql(text)


def test_many_statements_beside_one_another_are_fine() -> None:
    text = "ASK { " + "?s ?p ?o , ?x ; ?q ?y . { ?a ?b [] } " * 1100 + "}"
    refuse_excess(text, tokenize(text))


@pytest.mark.parametrize(
    "text", ["INSERT DATA {}", "DELETE WHERE { ?s ?p ?o }", "CLEAR ALL", "drop graph <http://e.org/>"]
)
def test_updates_are_refused(text: str) -> None:
    with pytest.raises(errors.SparqlSyntaxError, match="is an update"):
        refuse_remote(text, tokenize(text))


def _declared(text: str, path: str = "") -> str:
    return declare_prefixes(text, tokenize(text), path)


def test_known_prefixes_are_declared() -> None:
    assert _declared("PREFIX pz: <http://e.org/> ASK { pz:a ?p 'pz:b src:c' }") == ""
    assert _declared("ASK { pz:a a sport:Person }").count("PREFIX") == 2
    with pytest.raises(errors.SparqlSyntaxError, match="Did you mean sport") as caught:
        _declared("ASK {\n  ?s a sprt:Person }", path="-e")
    assert (caught.value.line, caught.value.column) == (2, 8)
    with pytest.raises(errors.SparqlSyntaxError, match="PREFIX zzz"):
        _declared("ASK { ?s a zzz:Person }")


# What opens or ends something in SPARQL, and the blank.
ASCII_SIGNS = [rf"\u{ord(sign):04X}" for sign in " \"'\\<>{}#?$@"]


def test_escapes_are_settled_before_any_engine_sees_them(kg: perezkg.KnowledgeGraph) -> None:
    for engine in ("oxigraph", "rdflib"):
        answer = kg.sparql(r"""SELECT ("\u00E9\U0001F600" AS ?a) ("\\u0022" AS ?b) ('\t\\' AS ?c) {}""", engine=engine)
        assert answer.rows == [(Literal("é😀"), Literal(r"\u0022"), Literal("\t\\"))]  # type: ignore[union-attr]
    for escape in (r"\u0022", r"\u005C", r"\u000A", r"\U00000027", r"\uD800", r"\UFFFFFFFF", *ASCII_SIGNS):
        with pytest.raises(errors.SparqlSyntaxError, match="may not be written so"):
            settle_escapes(f'ASK {{ ?s ?p "{escape}" }}')


def test_tokenizing_is_linear() -> None:
    for part in ("a.", "a-", ":", "'", '"', "<a", "\\", "''' ", "a:b.", "%4", "?", "1.", "@a-"):
        tokenize(part * 20_000)


@given(st.text("SELECT{}?_x$'\"\\<>#:.a1 \n"))
def test_tokens_cover_the_text(text: str) -> None:
    end = 0
    for token in tokenize(text):
        between = text[end : token.start]
        assert not re.sub(r"#[^\r\n]*|\s", "", between)
        end = token.start + len(token.text)
