"""What a validation found: results, each with its place in a file, the report that holds them, and its formats.

How property paths and IRIs are written in a report is here too. A new format is a module with a function that yields a
report in pieces, and a row of `FORMATS`; the command line, its help and the manual read that table.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from dataclasses import dataclass, field, replace
from functools import cached_property

from pyoxigraph import BlankNode, NamedNode

from perezkg import resources
from perezkg.errors import UnknownFormatError, nearest
from perezkg.rdf.terms import as_text
from perezkg.vocabulary import PREFIXES, SH, is_local_name, shrink

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from typing import TypeAlias

    from perezkg.rdf.reading import DataFile
    from perezkg.rdf.terms import Rdf11Term

    Path: TypeAlias = "NamedNode | PropertyPath"

SEVERITIES = ("violation", "warning", "info")
"""The severities, the gravest first."""

UNCHECKED = "unchecked"
"""What stands in place of a severity where a node is one that no shape is about, which is no result of the shapes."""

FAIL_ON = (*SEVERITIES, UNCHECKED)
"""What `--fail-on` takes: what is named and each before it makes that the data do not conform."""


def severity_name(iri: str) -> str:
    """Return "violation", "warning" or "info" for the IRI of a severity; one of a user's own counts as a violation.

    >>> severity_name("http://www.w3.org/ns/shacl#Info"), severity_name("http://example.org/Fatal")
    ('info', 'violation')
    """
    return next((name for name in SEVERITIES if iri == SH + name.capitalize()), "violation")


def in_language(texts: Mapping[str, str], lang: str) -> str:
    """Return the text in a language; if there is none, the English one, one without a language, any, or nothing."""
    return next((texts[tag] for tag in (lang, "en", "", *texts) if tag in texts), "")


@dataclass(frozen=True, slots=True)
class Result:
    """One fault.

    Attributes:
        focus: The node that was checked.
        path: The property, or property path, that the fault is about; None for a fault of the node as a whole.
        value: The value at fault; None when one is missing.
        severity: "violation", "warning" or "info"; "unchecked" in `Report.unchecked`.
        rule: IRI of what was broken: the SPARQL constraint, else the property shape or node shape (or, when that is a
            blank node, the nearest shape around it that has an IRI); "" when none has.
        component: IRI of the kind of constraint, such as `http://www.w3.org/ns/shacl#MinCountConstraintComponent`.
        messages: What is wrong and how to mend it, by language tag; the tag is "" when the shapes give no language.
        shape: `sh:sourceShape` of the W3C report.
        constraint: `sh:sourceConstraint` of the W3C report; None unless a SPARQL constraint fired.
        severity_iri: `sh:resultSeverity` of the W3C report.
        details: Why a shape inside this one (`sh:node`) failed, as far as pyshacl tells.
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
        """Return the message in a language; if there is none, the English one, one without a language, or any."""
        return in_language(self.messages, lang)

    @property
    def place(self) -> str:
        """`file:line:column`, as far as it is known."""
        return ":".join(str(part) for part in (self.file, self.line, self.column) if part)


@dataclass(frozen=True, slots=True)
class Rule:
    """What a rule says about itself, to explain the results that it gives.

    Attributes:
        iri: The constraint or shape.
        messages: Its messages by language, with their placeholders (`{?value}`).
        description: The first that it has of `sh:description`, `rdfs:comment`, `sh:name` and `rdfs:label`, by language.
        query: The SELECT of a SPARQL constraint; "" for others.
    """

    iri: str
    messages: Mapping[str, str]
    description: Mapping[str, str]
    query: str = ""


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """A data file that was checked.

    Attributes:
        name: Its name, as the user gave it.
        triples: How many triples it holds.
    """

    name: str
    triples: int


@dataclass(frozen=True, slots=True)
class Checker:
    """What checked SHACL Core.

    Attributes:
        name: The engine.
        version: Its version.
    """

    name: str
    version: str

    def __str__(self) -> str:
        """Return name and version."""
        return f"{self.name} {self.version}"


@dataclass(frozen=True, slots=True, repr=False)
class Report:
    """The outcome of a validation.

    Iterating gives the results. They are sorted by file, line, column and rule, and blank nodes are named b1, b2, … in
    that order, so that the same files always give the same report.

    Attributes:
        results: What the shapes found.
        files: What was checked.
        fail_on: The slightest severity with which the data do not conform, or "unchecked".
        rules: What each rule that was broken says about itself, by IRI.
        names: Short names for IRIs, from the prefixes of perezkg and of the files.
        notices: What a reader should know about the check: a file holds nothing, or imports another; a text was not
            compared.
        unchecked: Nodes that no shape is about: they would pass every check, as none is made.
        engine: What checked SHACL Core.
        found: How many results there are of each severity, and how many unchecked nodes, those left out included.
    """

    results: tuple[Result, ...]
    files: tuple[CheckedFile, ...]
    fail_on: str
    rules: Mapping[str, Rule]
    names: Names = field(repr=False)
    notices: tuple[str, ...] = ()
    unchecked: tuple[Result, ...] = ()
    engine: Checker | None = None
    found: Mapping[str, int] = field(default_factory=dict)

    @property
    def conforms(self) -> bool:
        """Whether nothing as grave as `fail_on`, or graver, was found."""
        grave = FAIL_ON[: FAIL_ON.index(self.fail_on) + 1]
        return not any(self._found[severity] for severity in grave)

    @property
    def counts(self) -> dict[str, int]:
        """How many results there are of each severity, those left out included."""
        return {severity: self._found[severity] for severity in SEVERITIES}

    @property
    def left_out(self) -> int:
        """How many results and unchecked nodes were found and are not in the report, as `max_results` asked."""
        return sum(self._found.values()) - len(self.results) - len(self.unchecked)

    @property
    def _found(self) -> Mapping[str, int]:
        return self.found or Counter(result.severity for result in (*self.results, *self.unchecked))

    def __iter__(self) -> Iterator[Result]:
        """Yield the results."""
        return iter(self.results)

    def __len__(self) -> int:
        """Return how many results the report has."""
        return len(self.results)

    def __bool__(self) -> bool:
        """Return whether the data conform; without this, a report without results would count as false."""
        return self.conforms

    def __repr__(self) -> str:
        found = ", ".join(f"{severity} {count}" for severity, count in self.counts.items())
        return f"<Report: {'conforms' if self.conforms else 'does not conform'}; {found}>"

    def __str__(self) -> str:
        """Return the report as text for a person."""
        return "".join(self.render())

    def _repr_html_(self) -> str:
        """Return the report for notebooks: whether the data conform, and the first results."""
        html: str = resources.function(f"{_WRITERS}:notebook_table")(self)
        return html

    def render(self, format: str = "text", *, lang: str = "en", notes: bool = True) -> Iterator[str]:  # noqa: A002
        """Return the report as pieces of text.

        Args:
            format: One of `FORMATS`.
            lang: Language of the messages and of the words around them; json and turtle carry every language.
            notes: Whether the text lists notes one by one or only counts them; the other formats list everything.

        Raises:
            UnknownFormatError: There is no such format.
        """
        if format not in FORMATS:
            known = f"Known formats: {', '.join(FORMATS)}."
            raise UnknownFormatError(f"unknown report format {format!r}", hint=nearest(format, FORMATS) or known)
        pieces: Iterator[str] = resources.function(FORMATS[format].writer)(self, lang=lang, notes=notes)
        return pieces


@dataclass(frozen=True, slots=True)
class ReportFormat:
    """A format of a report.

    Attributes:
        name: What `-f` calls it.
        note: What the help says of it behind its name; may be empty.
        extension: The extension of a file in this format, dot included.
        media_type: Its media type.
        writer: `module:function`; it takes the report and the keywords `lang` (language of the words) and `notes`
            (whether notes are listed one by one), and yields pieces of text.
        for_people: Whether it is text to be read at a terminal, where control characters must do no harm.
    """

    name: str
    note: str
    extension: str
    media_type: str
    writer: str
    for_people: bool = False


_WRITERS = "perezkg.shacl.report_formats"
FORMATS: dict[str, ReportFormat] = {
    row.name: row
    for row in (
        ReportFormat("text", "for people (default)", ".txt", "text/plain", f"{_WRITERS}:text", for_people=True),
        ReportFormat("json", "", ".json", "application/json", f"{_WRITERS}:json_document"),
        ReportFormat("turtle", "(the W3C report)", ".ttl", "text/turtle", f"{_WRITERS}:turtle_document"),
        ReportFormat("sarif", "(for code hosts)", ".sarif", "application/sarif+json", f"{_WRITERS}:sarif_document"),
    )
}
"""The formats by name; the first is the default."""


def format_of_file(path: str) -> str:
    """Return the name of the format that a file's extension stands for; of any other extension, the default.

    >>> format_of_file("faults.SARIF"), format_of_file("faults.log")
    ('sarif', 'text')
    """
    extension = os.path.splitext(path)[1].lower()
    return next((name for name, row in FORMATS.items() if row.extension == extension), next(iter(FORMATS)))


def in_order(results: Iterable[Result]) -> tuple[Result, ...]:
    """Return results sorted by place and rule, with their blank nodes named in that order."""
    labels: dict[BlankNode, BlankNode] = {}

    def relabelled(term: Rdf11Term | None) -> Rdf11Term | None:
        if isinstance(term, BlankNode):
            return labels.setdefault(term, BlankNode(f"b{len(labels) + 1}"))
        return term

    def renamed(result: Result) -> Result:
        focus, value = relabelled(result.focus), relabelled(result.value)
        details = tuple(renamed(detail) for detail in sorted(result.details, key=_key))
        return replace(result, focus=focus or result.focus, value=value, details=details)

    return tuple(renamed(result) for result in sorted(results, key=_key))


def gravest(results: Iterable[Result], number: int, order: Mapping[Rdf11Term, int]) -> list[Result]:
    """Return the gravest results, and of these the first in the data; of unchecked nodes as many.

    Args:
        results: What was found, without places.
        number: How many are wanted of either.
        order: The place of each node in the data.
    """
    ordered = sorted(
        results,
        key=lambda result: (FAIL_ON.index(result.severity), order.get(result.focus, len(order)), _key(result)),
    )
    checked = [result for result in ordered if result.severity != UNCHECKED]
    return checked[:number] + [result for result in ordered if result.severity == UNCHECKED][:number]


def _key(result: Result) -> tuple[object, ...]:
    # Labels of blank nodes differ from run to run, so results are not sorted by them.
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


SUFFIXES = {"zeroOrMorePath": "*", "oneOrMorePath": "+", "zeroOrOnePath": "?"}
"""The paths that repeat another, each with its sign in SPARQL."""

_LISTED = {"sequencePath": "/", "alternativePath": "|"}


@dataclass(frozen=True, slots=True)
class PropertyPath:
    """A property path that is more than one property.

    Attributes:
        kind: sequencePath, alternativePath, inversePath, zeroOrMorePath, oneOrMorePath or zeroOrOnePath.
        members: The paths that it is made of.
    """

    kind: str
    members: tuple[Path, ...]

    def __str__(self) -> str:
        """Return the path as SPARQL writes it, with whole IRIs."""
        return sparql_path(self)


def sparql_path(path: Path, name: Callable[[str], str] = "<{}>".format) -> str:
    """Return a path as SPARQL writes it, its IRIs as `name` does.

    >>> p = PropertyPath("inversePath", (NamedNode("http://example.org/p"),))
    >>> sparql_path(PropertyPath("sequencePath", (p, NamedNode("http://example.org/q"))), lambda iri: "ex:" + iri[-1])
    '^ex:p/ex:q'
    """
    if isinstance(path, NamedNode):
        return name(path.value)
    inner = [
        f"({text})" if isinstance(member, PropertyPath) and member.kind != "inversePath" else text
        for member, text in ((member, sparql_path(member, name)) for member in path.members)
    ]
    if path.kind in _LISTED:
        return _LISTED[path.kind].join(inner)
    return "^" + inner[0] if path.kind == "inversePath" else inner[0] + SUFFIXES[path.kind]


def turtle_path(path: Path, name: Callable[[str], str]) -> str:
    """Return a path in Turtle, as SHACL writes paths in RDF.

    >>> turtle_path(PropertyPath("inversePath", (NamedNode("http://example.org/p"),)), lambda iri: "ex:" + iri[-1])
    '[ sh:inversePath ex:p ]'
    """
    if isinstance(path, NamedNode):
        return name(path.value)
    inner = " ".join(turtle_path(member, name) for member in path.members)
    if path.kind == "sequencePath":
        return f"( {inner} )"
    return f"[ sh:{path.kind} ( {inner} ) ]" if path.kind in _LISTED else f"[ sh:{path.kind} {inner} ]"


def first_step(path: Path) -> tuple[NamedNode, bool]:
    """Return the first property of a path, and whether the path follows it from value to subject."""
    backwards = False
    while isinstance(path, PropertyPath):
        backwards ^= path.kind == "inversePath"
        path = path.members[0]
    return path, backwards


_DECLARATION = re.compile(r"^[ \t]*@?prefix[ \t]+([\w.-]*):[ \t]*<([^>\s]*)>", re.MULTILINE | re.IGNORECASE)


class Names:
    """Short names for IRIs.

    Args:
        files: Files of Turtle or TriG, whose prefixes are used for IRIs that perezkg has no prefix for.
    """

    def __init__(self, files: Iterable[DataFile] = ()) -> None:
        self._files = tuple(files)

    def iri(self, iri: str) -> str:
        """Return the prefixed name of an IRI, else the IRI in angle brackets.

        >>> Names().iri("https://w3id.org/perezkg/id/cuenca"), Names().iri("http://example.org/x")
        ('pz:cuenca', '<http://example.org/x>')
        """
        short = shrink(iri)
        if not short.startswith("<"):
            return short
        for prefix, namespace in self._declared.items():
            local = iri[len(namespace) :]
            if iri.startswith(namespace) and is_local_name(local):
                return f"{prefix}:{local}"
        return short

    def term(self, term: Rdf11Term) -> str:
        """Return a term for a person to read: a prefixed name, the words of a literal, `_:b1`.

        >>> from pyoxigraph import Literal
        >>> Names().term(Literal("Río", language="es")), Names().term(Literal(1996))
        ('Río', '1996')
        """
        return as_text(term, self.iri)

    @cached_property
    def _declared(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for file in self._files:
            for prefix, namespace in _DECLARATION.findall(file.content.decode()):
                # perezkg's own prefixes keep the meaning that perezkg gives them.
                if prefix not in PREFIXES and namespace:
                    found.setdefault(prefix, namespace)
        # The longest namespace first, as it leaves the shortest local name.
        return dict(sorted(found.items(), key=lambda item: (-len(item[1]), item)))
