"""REPLACE puts in what XPath has for it: groups by their numbers, escapes, and errors."""

from __future__ import annotations

import pytest

import perezkg
from perezkg import Solutions
from perezkg.sparql.departures import REPLACEMENT, with_replacements


def replaced(call: str) -> str | None:
    """Return what a call gives; None for an error."""
    answer = perezkg.KnowledgeGraph([]).sparql(f"SELECT ({call} AS ?x) {{}}")
    assert isinstance(answer, Solutions)
    found = answer.to_dicts()[0]["x"]
    return None if found is None else str(found)


@pytest.mark.parametrize(
    ("call", "right"),
    [
        ('REPLACE("abc", "(b)", "$1x")', "abxc"),
        ('REPLACE("2020-05", "([0-9]+)-([0-9]+)", "$2_$1")', "05_2020"),
        ('REPLACE("abc", "(b)", "$10")', "ab0c"),
        ('REPLACE("abcdefghijk", "(a)(b)(c)(d)(e)(f)(g)(h)(i)(j)(k)", "$11$1")', "ka"),
        (r'REPLACE("$l A 1", "(\\$l) ", "$1\\$k")', "$l$kA 1"),
        (r'REPLACE("abc", "b", "\\\\")', r"a\c"),
        (r"""replace('abc', '''b''', "\\$1")""", "a$1c"),
        ('REPLACE("abc", "(a)(b)", "$2$1$3")', "bac"),
        ('REPLACE("abc", "b", "[$0]")', "a[b]c"),
        ('REPLACE("ABC", "(b)", "<$1>", "i")', "A<B>C"),
        ('REPLACE("a(b", "[(]|(x)", "<$1>")', "a<>b"),
        ('REPLACE(REPLACE("ab", "(a)", "$1_"), "(b)", "$1_")', "a_b_"),
        ('REPLACE("a", CONCAT("(", "a)"), "$1c")', "ac"),
        ('REPLACE("a", "a", """b\n"c""")', 'b\n"c'),
        ('REPLACE("a", "a", "")', ""),
        ('REPLACE("abc", "b", "$")', None),
        ('REPLACE("abc", "b", "$x")', None),
        (r'REPLACE("abc", "b", "\\n")', None),
        ('CONCAT("REPLACE(a, b, $1x)", REPLACE("a", "(a)", "$1x"))', "REPLACE(a, b, $1x)ax"),
    ],
)
def test_the_replacement_is_xpaths(call: str, right: str | None) -> None:
    assert replaced(call) == right


def test_a_mistake_behind_a_replacement_has_its_place() -> None:
    places = []
    for call in ("REPLACE", "COALESC"):  # the second is as long, and is rewritten by nothing
        with pytest.raises(perezkg.SparqlSyntaxError) as caught:
            perezkg.KnowledgeGraph([]).sparql(
                f'SELECT ({call}E("a", "(a)", "$1x") AS ?z)\n{{ ?x ?y }}'.replace("REPLACEE", "REPLACE ")
            )
        places.append((caught.value.line, caught.value.column))
    assert places[0] == places[1]
    assert places[0][0] == 2


@pytest.mark.parametrize(
    ("values", "right"),
    [
        (r'"(b)" "$10"', "ab0c"),
        (r'"(a)(b)" "$2$1"', "bac"),
        (r'"()()()()()()()()()(b)" "<$10>"', "a<b>c"),
        (r'"b" "\\$\\\\"', r"a$\c"),
        (r'"b" "\\"', None),
        (r'"(b)" "$1x"', "abxc"),
        (r'"b" "x"@en', None),
        (r'"b" 1', None),
    ],
)
def test_the_replacement_is_xpaths_where_it_is_computed(values: str, right: str | None) -> None:
    answer = perezkg.KnowledgeGraph([]).sparql(
        f'SELECT (REPLACE("abc", ?p, ?r) AS ?x) {{ VALUES (?p ?r) {{ ({values}) }} }}'
    )
    assert isinstance(answer, Solutions)
    assert answer.to_dicts() == [{"x": right}]


def test_what_another_store_is_asked_stays_as_it_is_written() -> None:
    inner = '{ SERVICE <http://e.org/> { { BIND(REPLACE(?a, "b", "$1") AS ?c) } } '
    assert with_replacements(f"ASK {inner}}}") == f"ASK {inner}}}"
    assert with_replacements(f"ASK {inner} BIND(REPLACE(?a, ?b, ?d) AS ?e) }}").count(REPLACEMENT.value) == 1


def test_a_pattern_is_not_doubled_with_each_replace_in_it() -> None:
    call = "?x"
    for _ in range(40):
        call = f'REPLACE("a", {call}, "b")'
    assert len(with_replacements(f"ASK {{ FILTER({call}) }}")) < 5000
