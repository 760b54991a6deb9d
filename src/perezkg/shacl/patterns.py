r"""Regular expressions of XPath, as sh:pattern takes them, in the words of Python's `re`.

They differ: `\p{Lu}`, `\i`, `\c` and `[a-z-[aeiou]]` are unknown to Python; `\w`, `\s`, `.` and `$` mean something else
to it; and it knows much that XPath does not have. Source: XPath and XQuery Functions and Operators 3.1, 5.6, and XML
Schema 1.1 Part 2, appendix G.
"""

from __future__ import annotations

import re
from functools import cache

from perezkg.rdf.xsd import NAME_CHARACTERS, NAME_START

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_FLAGS = {"i": re.IGNORECASE, "s": re.DOTALL, "m": re.MULTILINE, "x": 0, "q": 0}
_SPACE = " \\t\\n\\r"
_QUANTIFIER = re.compile(r"([?*+]|\{([0-9]+)(?:,([0-9]*))?\})\??")
_PROPERTY = re.compile(r"\{(L[ultmo]?|M[nce]?|N[dlo]?|P[cdseifo]?|Z[slp]?|S[mcko]?|C[cfon]?)\}")
_LETTERS = {"n": "\\n", "r": "\\r", "t": "\\t"}
_ESCAPED = frozenset("\\|.?*+(){}-[]^$")
_CLASSES = {"s": _SPACE, "i": NAME_START, "c": NAME_CHARACTERS, "d": "\\d"}
_LAST = 0x10FFFF


class PatternError(ValueError):
    """A text is no regular expression of XPath, or has flags that XPath does not have."""


@cache
def compiled(pattern: str, flags: str = "") -> re.Pattern[str]:
    r"""Return what finds a regular expression of XPath in a text.

    Args:
        pattern: The expression.
        flags: Any of i, m, q, s and x.

    Raises:
        PatternError: With the reason.

    >>> [bool(compiled(r"^\p{Lu}\p{Ll}+$").search(text)) for text in ("Élan", "élan", "Elan\n")]
    [True, False, False]
    >>> compiled("(?=a)")
    Traceback (most recent call last):
    perezkg.shacl.patterns.PatternError: "(?=" at character 1 is not of XPath's regular expressions
    """
    for flag in flags:
        if flag not in _FLAGS:
            raise PatternError(f'there is no flag "{flag}", only i, m, q, s and x')
    given = re.RegexFlag(0)
    for flag in flags:
        given |= _FLAGS[flag]
    text = re.escape(pattern) if "q" in flags else _Translator(pattern, flags).translated()
    try:
        return re.compile(text, given)
    except (re.error, OverflowError, RecursionError) as error:
        raise PatternError(str(error)) from None


class _Translator:
    """Reads a regular expression once, from its beginning to its end."""

    def __init__(self, pattern: str, flags: str) -> None:
        self._text = pattern
        self._at = 0
        self._flags = flags
        self._groups = 0
        self._open: list[int] = []

    def translated(self) -> str:
        return "".join(self._pieces())

    def _pieces(self) -> Iterator[str]:
        is_atom = False  # whether a quantifier may follow
        while self._at < len(self._text):
            start, sign = self._at, self._text[self._at]
            self._at += 1
            if "x" in self._flags and sign in "\t\n\r ":
                continue
            if sign in "?*+{":
                found = _QUANTIFIER.match(self._text, start)
                if not is_atom or found is None:
                    raise self._refused(start, start + 1)
                self._at = found.end()
                is_atom = False
                yield found[0]
                continue
            is_atom = sign not in "^|("
            if sign == "(":
                yield self._group(start)
            elif sign == ")":
                if not self._open:
                    raise self._refused(start, self._at)
                self._open.pop()
                yield sign
            elif sign == "[":
                yield self._class(start)
            elif sign == "\\":
                yield self._escape(start)
            elif sign == ".":
                yield sign if "s" in self._flags else "[^\\n\\r]"
            elif sign == "^":
                yield "(?!(?<=\\n)\\Z)^" if "m" in self._flags else sign
            elif sign == "$":
                yield "(?=\\n|\\Z)" if "m" in self._flags else "\\Z"
                is_atom = False
            else:
                yield sign if sign == "|" else re.escape(sign)
        if self._open:
            raise self._refused(self._open[-1], self._open[-1] + 1)

    def _group(self, start: int) -> str:
        self._open.append(start)
        if self._text.startswith("?", self._at):
            if not self._text.startswith("?:", self._at):
                raise self._refused(start, start + 3)
            self._at += 2
            return "(?:"
        self._groups += 1
        return "("

    def _escape(self, start: int) -> str:
        """Return an escape outside brackets; it stands behind its backslash."""
        sign = self._text[self._at : self._at + 1]
        if not sign.isascii() or not sign.isdecimal() or sign == "0":
            kind, members = self._members(start)
            return f"[{'^' if kind == 'not' else ''}{members}]"
        # As many digits as there are groups before.
        size = max((n for n in (1, 2) if self._text[self._at : self._at + n].isdecimal()
                    and int(self._text[self._at : self._at + n]) <= self._groups), default=0)  # fmt: skip
        if not size:
            raise self._refused(start, start + 2)
        self._at += size
        return f"(?:\\{self._text[start + 1 : self._at]})"

    def _members(self, start: int) -> tuple[str, str]:
        """Read what stands behind a backslash: "one" sign, "many", or what is "not" there, as members of a class."""
        sign = self._text[self._at : self._at + 1]
        self._at += 1
        if not sign:
            raise self._refused(start, self._at)
        if sign in _LETTERS:
            return "one", _LETTERS[sign]
        if sign in _ESCAPED:
            return "one", "\\" + sign
        if sign in "pP":
            found = _PROPERTY.match(self._text, self._at)
            if found is None:
                end = max(self._text.find("}", start) + 1, self._at)
                if self._text.startswith("{Is", self._at):
                    raise PatternError(f"blocks of Unicode are not supported: {self._text[start:end]}")
                raise self._refused(start, end)
            self._at = found.end()
            return "many" if sign == "p" else "not", _category(found[1])
        if sign in "wW":  # not punctuation, separators or others
            members = "".join(map(_category, "PZC"))
            return "not" if sign == "w" else "many", members
        if sign.lower() in _CLASSES:
            return "many" if sign.islower() else "not", _CLASSES[sign.lower()]
        raise self._refused(start, self._at)

    def _class(self, start: int) -> str:
        """Return a class of characters; its bracket is open."""
        text = self._text
        negative = text.startswith("^", self._at)
        self._at += negative
        members: list[str] = []
        alternatives: list[str] = []  # classes that are the other way round
        is_range = False
        last = ""
        first = self._at
        while True:
            sign = text[self._at : self._at + 1]
            if not sign or (sign == "[") or (sign == "]" and self._at == first):
                raise self._refused(start, self._at)
            self._at += 1
            if sign == "]" or (sign == "-" and text.startswith("[", self._at) and self._at - 1 > first):
                break
            kind, member = self._members(self._at - 1) if sign == "\\" else ("one", re.escape(sign))
            if sign == "-" and last == "one" and not is_range and not text.startswith(("]", "-["), self._at):
                is_range, member = True, "-"  # between two single characters; elsewhere it is one of its own
            elif is_range:
                if kind != "one":
                    raise self._refused(start, self._at)
                is_range = False
                members[-2:] = [f"{members[-2]}-{member}"]
                last = "many"
                continue
            last = kind
            if kind == "not":
                alternatives.append(f"[^{member}]")
            else:
                members.append(member)
        without = ""
        if sign == "-":
            self._at += 1
            without = f"(?!{self._class(self._at - 1)})"
            if not text.startswith("]", self._at):
                raise self._refused(start, self._at)
            self._at += 1
        if not without and not alternatives:
            return f"[{'^' if negative else ''}{''.join(members)}]"
        choices = [*([f"[{''.join(members)}]"] if members else []), *alternatives]
        if negative:
            return f"(?:{without}(?!{'|'.join(choices)})[\\s\\S])"
        return f"(?:{without}(?:{'|'.join(choices)}))"

    def _refused(self, start: int, end: int) -> PatternError:
        return PatternError(
            f'"{self._text[start:end]}" at character {start + 1} is not of XPath\'s regular expressions'
        )


@cache
def _category(name: str) -> str:
    """Return the characters of a general category of Unicode, or of a class of them, as members of a class of `re`."""
    from unicodedata import category

    ranges: list[str] = []
    first: int | None = None
    for number in range(_LAST + 2):
        if number <= _LAST and category(chr(number)).startswith(name):
            first = number if first is None else first
        elif first is not None:
            ranges.append(f"\\U{first:08x}-\\U{number - 1:08x}")
            first = None
    return "".join(ranges)
