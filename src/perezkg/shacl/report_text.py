"""A report for a person at a terminal."""

from __future__ import annotations

from itertools import groupby

from perezkg.shacl.report import sparql_path
from perezkg.words import words as words_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from perezkg.shacl.report import Report, Result

_WIDTH = 110  # of the excerpt of a source line


def text(report: Report, *, lang: str, notes: bool) -> Iterator[str]:
    """Yield a report as text: the results by file, then what was checked and whether it conforms.

    Args:
        report: The report.
        lang: The language of the words, one of `perezkg.resources.LANGUAGES`.
        notes: Whether notes are listed one by one, or only counted.
    """
    words = words_of("report", lang)
    once = _once(report)
    listed = [result for result in once if notes or result.severity != "info"]
    for file, results in groupby(listed, key=lambda result: result.file):
        yield f"{file or words['nowhere']}\n\n"
        for result in results:
            yield from _result(report, result, lang)
            yield "\n"
    hidden = f". {words['hidden']}." if len(listed) < len(once) else ""
    yield f"{_summary(report, once, lang)}{hidden}\n"


def _once(report: Report) -> list[Result]:
    """Return the results without those that say the same about the same place and node as one before them.

    A text where a number should be breaks sh:datatype, sh:pattern and sh:minInclusive of one shape: three results for a
    program, one fault for a person.
    """
    found: dict[object, Result] = {}
    for result in report:
        place: object = (result.file, result.line, result.column)
        if not result.line:  # the place is not known, so results are told apart by the value
            place = (result.file, result.path, result.value)
        words = tuple(sorted(result.messages.items())) or result.component
        key = (place, result.severity, result.rule, result.focus, words)
        kept = found.setdefault(key, result)
        if kept.value is None and result.value is not None:
            found[key] = result
    return list(found.values())


def _summary(report: Report, once: list[Result], lang: str) -> str:
    """Return the last line of a report, which counts what is in it."""
    words = words_of("report", lang)
    numbers = {severity: sum(result.severity == severity for result in once) for severity in report.counts}
    counts = [_count(number, severity, words) for severity, number in numbers.items() if number]
    files = _count(len(report.files), "file", words)
    triples = _count(sum(file.triples for file in report.files), "triple", words)
    verdict = words["conforms" if report.conforms else "does not conform"]
    return f"{verdict}: {', '.join(counts) or words['none']} ({files}, {triples})"


def _result(report: Report, result: Result, lang: str) -> Iterator[str]:
    words, names = words_of("report", lang), report.names
    place = f"{result.place}: " if result.place else ""
    yield f"{place}{words[result.severity]}: {result.message(lang)}\n"
    if result.source_line:
        yield from excerpt(result.source_line, result.column)
    about = [("rule", names.iri(result.rule) if result.rule else ""), ("node", names.term(result.focus))]
    if result.path is not None:
        about.append(("path", sparql_path(result.path, names.iri)))
    if result.value is not None and result.value != result.focus:
        about.append(("value", _shortened(names.term(result.value))))
    yield "  " + " · ".join(f"{words[name]} {value}" for name, value in about if value) + "\n"


def excerpt(source_line: str, column: int) -> Iterator[str]:
    """Yield a source line and a caret under a column; of a long line, the part around the column.

    >>> print("".join(excerpt("    sport:rank 2 ;", 16)), end="")
        sport:rank 2 ;
                   ^
    """
    # A tab would move the caret, and the indentation is of no interest.
    line = source_line.replace("\t", " ")
    indent = len(line) - len(line.lstrip())
    start = max(indent, column - _WIDTH // 2) if len(line) - indent > _WIDTH else indent
    start = min(start, max(column - 1, 0))
    yield "    " + line[start : start + _WIDTH].rstrip() + "\n"
    if column:
        yield "    " + " " * (column - 1 - start) + "^\n"


def _shortened(text: str, limit: int = 80) -> str:
    line = " ".join(text.split())
    return line if len(line) <= limit else line[: limit - 1] + "…"


def _count(number: int, noun: str, words: Mapping[str, str]) -> str:
    separator = words["thousands" if number >= 10_000 else "thousands of four digits"]
    return f"{number:,} {words[noun if number == 1 else noun + 's']}".replace(",", separator)
