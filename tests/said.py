"""What perezkg says, as its source has it: sentences, with {} where something is put in."""

from __future__ import annotations

import argparse
import ast
import re
from functools import cache
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

SOURCE = Path(__file__).resolve().parents[1] / "src" / "perezkg"
# Two words one after another, what is put in being one: a sentence, or a part of one.
SENTENCE = re.compile(r"(?=.*[a-zA-Z]{2}).*([a-z]+[)»”'`]?[,;:.]? [-(`'’]*[a-z]|\b(and|no|or|the) [A-Z])", re.DOTALL)
# Whatever is given to these is read by a person, even a single word.
SPEAKING = {"told", "notify", "_complain", "_told", "add_argument_group", "progress"}
SPEAKING_KEYWORDS = {"help", "hint", "metavar", "epilog", "description", "usage"}
# What other programs say is looked for by these.
LISTENING = {
    "startswith",
    "endswith",
    "partition",
    "removeprefix",
    "compile",
    "match",
    "search",
    "fullmatch",
    "finditer",
}
# The exceptions that perezkg's own code raises for those who write Python, and warnings for the same.
PYTHON = {
    "ValueError",
    "TypeError",
    "RuntimeError",
    "AttributeError",
    "AssertionError",
    "KeyError",
    "SPARQLError",
    "warn",
}
SPECIAL = {"__repr__", "__getattr__"}


@cache
def said() -> dict[str, set[str]]:
    """Return what perezkg says to people, and the modules that say it."""
    found: dict[str, set[str]] = {}
    for path in sorted(SOURCE.rglob("*.py")):
        if path.name != "words.py":
            for text in _Reader.texts(path):
                for line in _lines(text):
                    found.setdefault(line, set()).add(str(path.relative_to(SOURCE)))
    return found


def said_by_argparse() -> set[str]:
    """Return what argparse says, of whatever can happen to a parser like perezkg's."""
    tree = ast.parse(Path(argparse.__file__).read_text(encoding="utf-8"))
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and _name(node.func) == "_"]
    texts = {str(node.args[0].value) for node in calls if isinstance(node.args[0], ast.Constant)}
    texts |= {"argument %(argument_name)s: %(message)s", "expected %s argument", "expected %s arguments"}
    return {re.sub(r"%(\(\w+\))?[srd]", "{}", text).strip() for text in texts}


@cache
def pattern(sentence: str) -> re.Pattern[str]:
    """Return a regular expression for all that a sentence with gaps may be."""
    return re.compile(".*?".join(map(re.escape, sentence.split("{}"))), re.DOTALL)


def _lines(text: str) -> Iterator[str]:
    """Yield the lines of a text that say something; a command line is the same in each language."""
    for line in [text] if text.startswith("%(prog)s") else text.split("\n"):
        told = line.strip()
        if re.search("[a-zA-Z]{2}", told.replace("{}", "")) and not re.fullmatch(r"perezkg (?:(?!  ).)*", told):
            yield told


def _name(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


class _Reader(ast.NodeVisitor):
    """Collects the texts of a module that are sentences, or stand where sentences are said."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self.heard = False

    @classmethod
    def texts(cls, path: Path) -> list[str]:
        reader = cls()
        reader.visit(ast.parse(path.read_text(encoding="utf-8")))
        return reader.found

    def visit_Expr(self, node: ast.Expr) -> None:
        if not isinstance(node.value, ast.Constant):  # a docstring
            self.generic_visit(node)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        if node.name not in SPECIAL:
            for statement in node.body:
                self.visit(statement)

    def visit_Subscript(self, node: ast.Subscript) -> None:
        if not isinstance(node.slice, ast.Constant):  # words["of four digits"]: a name
            self.visit(node.slice)
        self.visit(node.value)

    def visit_Compare(self, node: ast.Compare) -> None:
        """What is compared is no answer."""

    def visit_Dict(self, node: ast.Dict) -> None:
        for part in (*filter(None, node.keys), *node.values):
            if part in node.values or not isinstance(part, ast.Constant):
                self.visit(part)

    def visit_Assign(self, node: ast.Assign) -> None:
        self._visit_heard(node.value, heard=_name(node.targets[0]) in SPEAKING_KEYWORDS)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        if node.value is not None:
            self.visit(node.value)

    def visit_Call(self, node: ast.Call) -> None:
        name = _name(node.func)
        if name in PYTHON or name in LISTENING:
            return
        if name != "join":  # of its string, the sentence that two are joined in stands in the catalogue
            self.visit(node.func)
        speaking = name in SPEAKING or (name.endswith("Error") and name[0].isupper())
        for argument in node.args:
            self._visit_heard(argument, heard=speaking)
        for keyword in node.keywords:
            self._visit_heard(keyword.value, heard=keyword.arg in SPEAKING_KEYWORDS)

    def _visit_heard(self, node: ast.expr, *, heard: bool) -> None:
        before, self.heard = self.heard, heard
        self.visit(node)
        self.heard = before

    def visit_Constant(self, node: ast.Constant) -> None:
        if isinstance(node.value, str):
            self._note(re.sub(r"\{\w+\}", "{}", node.value))

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        for text in _variants(node):
            self._note(text)
        for part in node.values:
            if isinstance(part, ast.FormattedValue) and not _alternatives(part.value):
                self._visit_heard(part.value, heard=False)

    def visit_BinOp(self, node: ast.BinOp) -> None:
        variants = _variants(node)
        if variants == ["{}"] or isinstance(node.op, ast.Mod):
            self.generic_visit(node)
        else:
            for text in variants:
                self._note(text)

    def _note(self, text: str) -> None:
        if (self.heard and text.strip()) or SENTENCE.match(text.replace("{}", "x")):
            self.found.append(text)


def _alternatives(node: ast.expr) -> list[str]:
    """Return the texts that `a if x else b` chooses from; nothing when one of them is no text."""
    if not isinstance(node, ast.IfExp):
        return []
    both = [_variants(branch) for branch in (node.body, node.orelse)]
    return [] if ["{}"] in both else both[0] + both[1]


def _variants(node: ast.expr) -> list[str]:
    """Return the texts that an expression may be, with {} for what is not known."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value]
    if isinstance(node, ast.JoinedStr):
        return ["".join(parts) for parts in product(*map(_variants, node.values))]
    if isinstance(node, ast.FormattedValue):
        return _alternatives(node.value) or ["{}"]
    if isinstance(node, ast.IfExp):
        return _alternatives(node) or ["{}"]
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return ["".join(parts) for parts in product(_variants(node.left), _variants(node.right))]
    return ["{}"]
