"""REPLACE puts in what XPath has for it: groups by their numbers, escapes, and errors."""

from __future__ import annotations

import pytest

import perezkg
from perezkg import Solutions


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
