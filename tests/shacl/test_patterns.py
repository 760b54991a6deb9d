"""Regular expressions as XPath has them."""

from __future__ import annotations

import re
import sys
from unicodedata import category

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perezkg.shacl.patterns import PatternError, compiled


@pytest.mark.parametrize(
    ("pattern", "flags", "fits", "does_not"),
    [
        (r"^\p{Lu}\p{Ll}+$", "", ["Élan", "Ωμ"], ["élan", "X", "Elan\n"]),
        (r"^\P{L}+$", "", ["12 .", "٣"], ["a", "1a"]),
        (r"^[\p{L}\-.']+$", "", ["O'Neill", "Pérez-Q."], ["a b", "1"]),
        (r"^[^\P{Lu}]$", "", ["A"], ["a", "1"]),
        (r"^[\P{Lu}x]$", "", ["a", "1"], ["A"]),
        (r"^[a-z-[aeiou]]+$", "", ["bcd"], ["bad", "-", "B"]),
        (r"^[^a-z-[0-9]]$", "", ["A", "é"], ["a", "5"]),
        (r"^[\d-[5-9]]$", "", ["4", "٣"], ["5", "-"]),
        (r"^[a-z-[c-x-[m]]]$", "", ["a", "m", "z"], ["c", "n"]),
        (r"^\i\c*$", "", ["a1", "_", "é-.", ":"], ["1a", "-a", "a b"]),
        (r"^[\i-[:]][\c-[:]]*$", "", ["a1"], ["a:b", ":"]),
        (r"^\I\C$", "", ["1/", "-|"], ["a/", "1a"]),
        (r"^\w+$", "", ["aé1", "٣"], ["a_b", "a-b", "a b", ""]),
        (r"^\W$", "", ["_", "-", " "], ["a"]),
        (r"^[\W\d]+$", "", ["-1_"], ["a"]),
        (r"^\s$", "", [" ", "\t", "\n"], ["\xa0", "\u2003"]),
        (r"^\S$", "", ["\xa0"], [" "]),
        (r"^\d$", "", ["1", "٣"], ["²"]),
        ("^.$", "", ["a", "\x85"], ["\n", "\r"]),
        ("^.$", "s", ["\n", "\r"], [""]),
        ("a$", "", ["a"], ["a\n", "a\nb"]),
        ("a$", "m", ["a", "a\nb", "a\n"], ["ab"]),
        ("^b", "m", ["a\nb"], ["ab"]),
        ("^$", "m", ["", "a\n\nb"], ["a", "a\n"]),
        ("É", "i", ["é", "É"], ["e"]),
        ("a b [ ] c", "x", ["ab c"], ["abc", "a b c"]),
        ("a.b[", "q", ["xa.b["], ["axb["]),
        ("A.B", "qi", ["a.b"], ["axb"]),
        (r"^(a)(b)\2\1$", "", ["abba"], ["abab"]),
        (r"^(a)\10$", "", ["aa0"], ["a"]),
        ("^a{2,3}?$", "", ["aa", "aaa"], ["a", "aaaa"]),
        ("^a{0}b{2,}$", "", ["bb"], ["b", "abb"]),
        ("^(?:a|b|)$", "", ["a", "b", ""], ["c"]),
        (r"^[\n\-\]\\^-]$", "", ["\n", "-", "]", "\\", "^"], ["n", "a"]),
        (r"^[\w-.]$", "", ["a", "-", "."], ["/", "_"]),
        ("^[a-c-e]$", "", ["b", "-", "e"], ["d"]),
        ("^[-a]$", "", ["-", "a"], ["b"]),
        ("^[&&]|[a||b]|[~~]$", "", ["&", "|", "~"], ["c"]),
        (r"^\{\}\.\$\^\|$", "", ["{}.$^|"], [""]),
        ("#", "x", ["#"], [""]),
        ("^[#]-/@!%,;<=>~`\"'&_ $", "", ["#-/@!%,;<=>~`\"'&_ "], [""]),
    ],
)
def test_what_fits(pattern: str, flags: str, fits: list[str], does_not: list[str]) -> None:
    found = compiled(pattern, flags)
    assert [text for text in fits if not found.search(text)] == []
    assert [text for text in does_not if found.search(text)] == []


@pytest.mark.parametrize(
    ("pattern", "flags", "reason"),
    [
        (r"\bfoo", "", r'"\b" at character 1'),
        (r"foo\Z", "", r'"\Z" at character 4'),
        (r"\x41", "", r'"\x" at character 1'),
        ("(?=a)", "", '"(?=" at character 1'),
        ("a(?i)", "", '"(?i" at character 2'),
        ("(?<n>a)", "", '"(?<" at character 1'),
        ("a*+", "", '"+" at character 3'),
        ("a**", "", '"*" at character 3'),
        ("*a", "", '"*" at character 1'),
        ("a|*", "", '"*" at character 3'),
        ("a{,3}", "", '"{" at character 2'),
        ("a{x}", "", '"{" at character 2'),
        ("(a", "", '"(" at character 1'),
        ("a)", "", '")" at character 2'),
        ("[a", "", '"[a" at character 1'),
        ("[]", "", '"[" at character 1'),
        ("[a[b]]", "", '"[a" at character 1'),
        (r"[\1]", "", r'"\1" at character 2'),
        (r"\1(a)", "", r'"\1" at character 1'),
        ("\\", "", '"\\" at character 1'),
        (r"\p{Xx}", "", r'"\p{Xx}" at character 1'),
        (r"\p{IsGreek}", "", "blocks of Unicode are not supported"),
        (r"\pL", "", r'"\p'),
        ("[z-a]", "", "bad character range"),
        ("[a--]", "", "bad character range"),
        (r"[a-\d]", "", '"[a-\\d" at character 1'),
        ("a{99999999999}", "", "too large"),
        ("a", "g", 'there is no flag "g"'),
        ("a", "I", 'there is no flag "I"'),
    ],
)
def test_what_is_refused(pattern: str, flags: str, reason: str) -> None:
    with pytest.raises(PatternError) as caught:
        compiled(pattern, flags)
    assert reason in str(caught.value)


@given(st.text(st.sampled_from("ab01é\n.-^$|?*+(){}[]\\pPLuNdicsw,:=<_# "), max_size=12), st.text(max_size=5))
def test_any_text_is_translated_or_refused(pattern: str, text: str) -> None:
    try:
        found = compiled(pattern)
    except PatternError:
        return
    if not re.search(r"[*+}]", pattern):  # else it may take long
        found.search(text)


def test_categories_are_those_of_unicode() -> None:
    for name in ("Lu", "N", "Zs", "Cn"):
        found = compiled(rf"\p{{{name}}}")
        others = compiled(rf"\P{{{name}}}")
        for number in (*range(0x3000), 0xE000, 0xFFFF, 0x10400, sys.maxunicode):
            sign = chr(number)
            assert bool(found.search(sign)) == category(sign).startswith(name) != bool(others.search(sign))
