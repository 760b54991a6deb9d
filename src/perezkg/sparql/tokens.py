"""SPARQL 1.1 as tokens: enough of the grammar to tell a variable or a keyword from the same letters elsewhere."""

from __future__ import annotations

import re

from perezkg.errors import SparqlSyntaxError, place

TYPE_CHECKING = False
if TYPE_CHECKING:
    from perezkg.errors import InputError

# What names are made of: every character but the signs of ASCII. The grammar allows fewer beyond ASCII; a query with
# one of the others is refused by every engine, and this set costs a tenth of the time to compile. A prefix has an end
# to its length, or a long text of words and full stops would be searched for a colon from each word anew.
_LETTER = r"[^\x00-/:-@\[-^`{-\x7F]"
_FIRST = r"[^\x00-@\[-`{-\x7F]"
_LOCAL = rf"(?:{_LETTER}|:|%[0-9A-Fa-f][0-9A-Fa-f]|\\[_~.\-!$&'()*+,;=/?#@%])"
_TOKEN = re.compile(
    rf"""(?P<space>[ \t\r\n]+|\#[^\r\n]*)
|(?P<variable>[?$]{_LETTER}+)
|(?P<iri><[^<>"{{}}|^`\\\x00-\x20]*>)
|(?P<name>(?:{_FIRST}(?:[.\-]*{_LETTER}){{0,255}}-*)?:(?:{_LOCAL}(?:[.\-]*{_LOCAL})*-*)?|{_FIRST}{_LETTER}*)
|(?P<string>\"\"\"(?:"?"?(?:[^"\\]|\\.))*\"\"\"|\'\'\'(?:'?'?(?:[^'\\]|\\.))*\'\'\'
    |"(?:[^"\\\r\n]|\\.)*"|'(?:[^'\\\r\n]|\\.)*')
|(?P<number>[0-9]*\.?[0-9]+(?:[eE][+-]?[0-9]+)?)
|(?P<language>@[A-Za-z]+(?:-[A-Za-z0-9]+)*)
|(?P<blank>_:{_LETTER}+)
|(?P<mark>\^\^|&&|\|\||[<>!]=|.)""",
    re.VERBOSE | re.DOTALL,
)


class Token:
    """A token of a query.

    Attributes:
        kind: variable, iri, name (a keyword, or a prefixed name when it has a colon), string, number, language,
            blank (a labelled blank node) or mark (an operator or a bracket).
        text: As it is written.
        start: Its offset in the query.
    """

    __slots__ = ("kind", "start", "text")

    def __init__(self, kind: str, text: str, start: int) -> None:
        self.kind = kind
        self.text = text
        self.start = start

    def __repr__(self) -> str:
        return f"Token({self.kind!r}, {self.text!r}, {self.start})"

    @property
    def keyword(self) -> str:
        """The word in capitals when this is a bare word, else an empty string."""
        return self.text.upper() if self.kind == "name" and ":" not in self.text else ""


def tokenize(text: str) -> list[Token]:
    r"""Return the tokens of a query, without spaces and comments.

    >>> [(token.kind, token.text) for token in tokenize("ASK { ?s <http://e.org/#p> 'a ?b' } # ?c")][1:5]
    [('mark', '{'), ('variable', '?s'), ('iri', '<http://e.org/#p>'), ('string', "'a ?b'")]
    """
    return [
        Token(match.lastgroup or "", match[0], match.start())
        for match in _TOKEN.finditer(text)
        if match.lastgroup != "space"
    ]


def error_at(
    text: str,
    offset: int,
    message: str,
    *,
    path: str = "",
    hint: str = "",
    kind: type[InputError] = SparqlSyntaxError,
) -> InputError:
    """Return an error, of syntax unless told, that points at an offset of a query."""
    line, column, source_line = place(text, offset)
    return kind(message, path=path, line=line, column=column, source_line=source_line, hint=hint)


def settle_escapes(text: str, path: str = "") -> str:
    r"""Replace codepoint escapes by the characters they stand for.

    SPARQL lets `\u0041` stand for A anywhere, and engines disagree on what anywhere is: one reads `"\u0022"` as a
    string of a quotation mark, another as the end of a string. What is read here and what an engine reads must be the
    same, so nothing of the kind reaches an engine.

    >>> settle_escapes(r'SELECT ("\u00E9" AS ?x) {}')
    'SELECT ("é" AS ?x) {}'
    >>> settle_escapes(r'SELECT ("\\u0022" AS ?x) {}')
    'SELECT ("\\\\\\U000000750022" AS ?x) {}'
    """
    if "\\u" not in text and "\\U" not in text:
        return text

    def settle(match: re.Match[str]) -> str:
        if match[1]:  # an escaped backslash before a u, which one engine would take for an escape
            return rf"\\\U{ord(match[1]):08X}"
        if not (match[2] or match[3]):  # any other escaped character
            return match[0]
        code = int(match[2] or match[3], 16)
        if code <= 0x20 or 0xD800 <= code <= 0xDFFF or code > 0x10FFFF or chr(code) in "\"'\\<>{}#?$@":
            raise error_at(
                text,
                match.start(),
                f"the escape {match[0]} stands for a character that may not be written so",
                path=path,
                hint="Write the character itself, or in a string with a backslash: \\\" \\' \\\\ \\n \\t",
            )
        return chr(code)

    return re.sub(r"\\\\([uU])|\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})|\\.", settle, text, flags=re.DOTALL)
