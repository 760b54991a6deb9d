"""What a validation found: results, each with its place in a file, and the report that holds them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from pyoxigraph import BlankNode, Literal, NamedNode

from perezkg.vocabulary import PREFIXES, SH, shrink

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeAlias

    from perezkg.shacl.shapes import Shapes

    Path: TypeAlias = "NamedNode | PropertyPath"
    from collections.abc import Iterable, Iterator, Mapping

    from perezkg.rdf.reading import DataFile
    from perezkg.rdf.terms import Rdf11Term

_SUFFIX = {"zeroOrMorePath": "*", "oneOrMorePath": "+", "zeroOrOnePath": "?"}
_LISTED = {"sequencePath": "/", "alternativePath": "|"}


@dataclass(frozen=True, slots=True)
class PropertyPath:
    """A path of more than one plain property.

    Attributes:
        kind: sequencePath, alternativePath, inversePath, zeroOrMorePath, oneOrMorePath or zeroOrOnePath.
        members: What it is made of.
    """

    kind: str
    members: tuple[Path, ...]

    def __str__(self) -> str:
        """Return the path in SPARQL with whole IRIs."""
        return as_sparql(self)


def as_sparql(path: Path, name: Callable[[str], str] = "<{}>".format) -> str:
    """Return a path as SPARQL writes it.

    >>> p = PropertyPath("inversePath", (NamedNode("http://example.org/p"),))
    >>> as_sparql(PropertyPath("sequencePath", (p, NamedNode("http://example.org/q"))), lambda iri: "ex:" + iri[-1])
    '^ex:p/ex:q'
    """
    if isinstance(path, NamedNode):
        return name(path.value)
    inner = [
        f"({text})" if isinstance(member, PropertyPath) and member.kind != "inversePath" else text
        for member, text in ((member, as_sparql(member, name)) for member in path.members)
    ]
    if path.kind in _LISTED:
        return _LISTED[path.kind].join(inner)
    return "^" + inner[0] if path.kind == "inversePath" else inner[0] + _SUFFIX[path.kind]


def as_turtle(path: Path, name: Callable[[str], str]) -> str:
    """Return a path as SHACL's RDF has it, in Turtle.

    >>> as_turtle(PropertyPath("inversePath", (NamedNode("http://example.org/p"),)), lambda iri: "ex:" + iri[-1])
    '[ sh:inversePath ex:p ]'
    """
    if isinstance(path, NamedNode):
        return name(path.value)
    inner = " ".join(as_turtle(member, name) for member in path.members)
    if path.kind == "sequencePath":
        return f"( {inner} )"
    return f"[ sh:{path.kind} ( {inner} ) ]" if path.kind in _LISTED else f"[ sh:{path.kind} {inner} ]"


def first_step(path: Path) -> tuple[NamedNode, bool]:
    """Return the property that a path starts with at its focus node, and whether it is walked backwards."""
    backwards = False
    while isinstance(path, PropertyPath):
        backwards ^= path.kind == "inversePath"
        path = path.members[0]
    return path, backwards


def read_path(shapes: Shapes, node: Rdf11Term, depth: int = 0) -> Path | None:
    """Return the path that a node of the shapes graph stands for; None when it is not well formed."""
    if isinstance(node, NamedNode):
        return node
    if depth > 50:  # a path that holds itself
        return None
    members = shapes.items(node)
    if members:
        return _of("sequencePath", shapes, members, depth)
    alternatives = shapes.value(node, SH + "alternativePath")
    if alternatives is not None:
        return _of("alternativePath", shapes, shapes.items(alternatives), depth)
    for kind in ("inversePath", *_SUFFIX):
        inner = shapes.value(node, SH + kind)
        if inner is not None:
            return _of(kind, shapes, [inner], depth)
    return None


def _of(kind: str, shapes: Shapes, nodes: list[Rdf11Term], depth: int) -> Path | None:
    members = [read_path(shapes, node, depth + 1) for node in nodes]
    whole = tuple(member for member in members if member is not None)
    return PropertyPath(kind, whole) if whole and len(whole) == len(members) else None


_DECLARATION = re.compile(r"^[ \t]*@?prefix[ \t]+([\w.-]*):[ \t]*<([^>\s]*)>", re.MULTILINE | re.IGNORECASE)


class Names:
    """Shortens IRIs.

    Args:
        files: Files of Turtle or TriG whose prefixes may be used where perezkg's own do not reach.
    """

    __slots__ = ("_files", "_prefixes")

    def __init__(self, files: Iterable[DataFile] = ()) -> None:
        self._files = tuple(files)
        self._prefixes: dict[str, str] | None = None

    def iri(self, iri: str) -> str:
        """Return the prefixed name of an IRI, else the IRI in angle brackets.

        >>> Names().iri("https://w3id.org/perezkg/id/cuenca"), Names().iri("http://example.org/x")
        ('pz:cuenca', '<http://example.org/x>')
        """
        short = shrink(iri)
        if not short.startswith("<"):
            return short
        for prefix, namespace in self._declared().items():
            local = iri[len(namespace) :]
            if iri.startswith(namespace) and re.fullmatch(r"\w(?:[\w-]*\w)?", local):
                return f"{prefix}:{local}"
        return short

    def term(self, term: Rdf11Term) -> str:
        """Return any term as a person would write it: a prefixed name, the words of a literal, `_:b1`.

        >>> Names().term(Literal("Río", language="es")), Names().term(Literal(1996))
        ('Río', '1996')
        """
        if isinstance(term, NamedNode):
            return self.iri(term.value)
        return term.value if isinstance(term, Literal) else str(term)

    def _declared(self) -> dict[str, str]:
        if self._prefixes is None:
            found: dict[str, str] = {}
            for file in self._files:
                for prefix, namespace in _DECLARATION.findall(file.content.decode()):
                    # A prefix of perezkg's keeps the meaning that perezkg gives it.
                    if prefix not in PREFIXES and namespace:
                        found.setdefault(prefix, namespace)
            # The longest namespace first: the most exact name wins.
            self._prefixes = dict(sorted(found.items(), key=lambda item: (-len(item[1]), item)))
        return self._prefixes


_NAMES = {SH + "Violation": "violation", SH + "Warning": "warning", SH + "Info": "info"}


def severity_name(iri: str) -> str:
    """Return "violation", "warning" or "info"; a severity of someone's own counts as a violation.

    >>> severity_name("http://www.w3.org/ns/shacl#Info"), severity_name("http://example.org/Fatal")
    ('info', 'violation')
    """
    return _NAMES.get(iri, "violation")


def severity_of(shapes: Shapes, shape: Rdf11Term) -> tuple[str, str]:
    """Return the severity of a shape's results, by name and by IRI.

    A SPARQL constraint takes it from its shape: SHACL 1.0 lets constraints have none of their own.
    """
    severity = shapes.value(shape, SH + "severity")
    iri = severity.value if isinstance(severity, NamedNode) else SH + "Violation"
    return severity_name(iri), iri


SEVERITIES = ("violation", "warning", "info")
"""From grave to slight; the names that `--fail-on` takes."""


@dataclass(frozen=True, slots=True)
class Result:
    """One thing found.

    Attributes:
        focus: The node that was checked.
        path: The property, or property path, that the fault is about; None for a fault of the node as a whole.
        value: The value at fault; None when one is missing.
        severity: "violation", "warning" or "info".
        rule: IRI of what was broken: the SPARQL constraint, else the property shape or node shape (of a blank one, the
            nearest named shape that holds it).
        component: IRI of the kind of constraint, such as `http://www.w3.org/ns/shacl#MinCountConstraintComponent`.
        messages: What is wrong and how to mend it, by language tag; "" when the shapes give no language.
        shape: `sh:sourceShape` of the W3C report.
        constraint: `sh:sourceConstraint` of the W3C report; None unless a SPARQL constraint fired.
        severity_iri: `sh:resultSeverity` of the W3C report.
        details: Why a shape inside this one (`sh:node`) failed, where the engine tells.
        file: The file where the fault stands; "" when no file mentions the node.
        line: Line in that file, from 1; 0 when it could not be found.
        column: Column in that line, in characters, from 1; 0 when it could not be found.
        source_line: The text of that line.
    """

    focus: Rdf11Term
    path: Path | None
    value: Rdf11Term | None
    severity: str
    rule: str
    component: str
    messages: Mapping[str, str]
    shape: NamedNode | BlankNode
    constraint: NamedNode | BlankNode | None = None
    severity_iri: str = SH + "Violation"
    details: tuple[Result, ...] = ()
    file: str = ""
    line: int = 0
    column: int = 0
    source_line: str = ""

    def message(self, lang: str = "en") -> str:
        """Return the message in a language; without one in it, the English, the untagged or any."""
        for tag in (lang, "en", ""):
            if tag in self.messages:
                return self.messages[tag]
        return next(iter(self.messages.values()), "")

    @property
    def place(self) -> str:
        """`file:line:column`, as far as it is known."""
        return ":".join(str(part) for part in (self.file, self.line, self.column) if part)


@dataclass(frozen=True, slots=True)
class Rule:
    """What a rule says of itself: for help texts.

    Attributes:
        iri: The constraint or shape.
        messages: Its messages by language, placeholders (`{?value}`) as they are.
        description: Its `sh:description`, `rdfs:comment` or `sh:name` by language.
        query: The SELECT of a SPARQL constraint; "" for others.
    """

    iri: str
    messages: Mapping[str, str]
    description: Mapping[str, str]
    query: str = ""


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """A data file that was checked: its name and how many triples it holds."""

    name: str
    triples: int


@dataclass(frozen=True, slots=True)
class Report:
    """The outcome of a validation.

    Iterating gives the results; they are sorted by file, line, column and rule, so that the same files give the same
    report, blank nodes included (they are named b1, b2, … in the order of the report).

    Attributes:
        results: What was found.
        files: What was checked.
        fail_on: The slightest severity that makes the data not conform.
        rules: What each rule that fired says of itself, by IRI.
        names: Prefixed names for IRIs, from the prefixes of perezkg and of the files.
        notices: What a reader should know about the files: one holds nothing, one imports another.
    """

    results: tuple[Result, ...]
    files: tuple[CheckedFile, ...]
    fail_on: str
    rules: Mapping[str, Rule]
    names: Names = field(repr=False)
    notices: tuple[str, ...] = ()

    @property
    def conforms(self) -> bool:
        """True when nothing as grave as `fail_on`, or graver, was found."""
        grave = SEVERITIES[: SEVERITIES.index(self.fail_on) + 1]
        return not any(result.severity in grave for result in self.results)

    @property
    def counts(self) -> dict[str, int]:
        """How many results of each severity."""
        counts = dict.fromkeys(SEVERITIES, 0)
        for result in self.results:
            counts[result.severity] += 1
        return counts

    def __iter__(self) -> Iterator[Result]:
        """Yield the results."""
        return iter(self.results)

    def __len__(self) -> int:
        """Return how many results there are."""
        return len(self.results)

    def __bool__(self) -> bool:
        """Return whether the data conform: a report without results is not "empty"."""
        return self.conforms

    def __str__(self) -> str:
        """Return the report as text for a person."""
        from perezkg.shacl.formats import render

        return "".join(render(self, "text"))


def in_order(results: Iterable[Result]) -> tuple[Result, ...]:
    """Sort results by place and rule, leave out repetitions, and name their blank nodes by that order."""
    labels: dict[BlankNode, BlankNode] = {}

    def relabelled(term: Rdf11Term | None) -> Rdf11Term | None:
        if isinstance(term, BlankNode):
            return labels.setdefault(term, BlankNode(f"b{len(labels) + 1}"))
        return term

    def renamed(result: Result) -> Result:
        focus, value = relabelled(result.focus), relabelled(result.value)
        if focus is result.focus and value is result.value and not result.details:
            return result
        details = tuple(renamed(detail) for detail in sorted(result.details, key=_key))
        return replace(result, focus=focus or result.focus, value=value, details=details)

    ordered = sorted(results, key=_key)
    return tuple(renamed(result) for i, result in enumerate(ordered) if i == 0 or result != ordered[i - 1])


def _key(result: Result) -> tuple[object, ...]:
    # Labels of blank nodes differ from run to run, so they take no part.
    terms = ("" if term is None or isinstance(term, BlankNode) else str(term) for term in (result.focus, result.value))
    return (
        result.file,
        result.line,
        result.column,
        result.rule,
        result.component,
        *terms,
        str(result.path or ""),
        sorted(result.messages.items()),
    )
