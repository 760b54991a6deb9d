"""What a validation found: results, each with its place in a file, and the report that holds them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from pyoxigraph import BlankNode, Literal, NamedNode

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from perezkg.validation.names import Names
    from perezkg.validation.paths import Path

    Term = NamedNode | BlankNode | Literal

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

    focus: Term
    path: Path | None
    value: Term | None
    severity: str
    rule: str
    component: str
    messages: Mapping[str, str]
    shape: NamedNode | BlankNode
    constraint: NamedNode | BlankNode | None = None
    severity_iri: str = "http://www.w3.org/ns/shacl#Violation"
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
        from perezkg.validation.formats import render

        return "".join(render(self, "text"))


def in_order(results: Iterable[Result]) -> tuple[Result, ...]:
    """Sort results by place and rule, leave out repetitions, and name their blank nodes by that order."""
    labels: dict[BlankNode, BlankNode] = {}

    def relabelled(term: Term | None) -> Term | None:
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
