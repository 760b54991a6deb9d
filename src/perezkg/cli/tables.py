"""`perezkg import`: tables of results become a graph."""

from __future__ import annotations

import csv
import io
import os
import re
from contextlib import contextmanager

from perezkg.cli.options import (
    add_language_option,
    add_output_option,
    add_timeout_option,
    bounded,
    notify,
    progress_bar,
    told,
)
from perezkg.errors import UsageError
from perezkg.output import STANDARD_OUTPUT, Draft, compressed, failure, is_special, visible, write

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Iterable, Iterator

    from perezkg.tables.importing import Counts, Import, Reject

FORMATS = {"turtle": ".ttl", "ntriples": ".nt"}
"""The syntaxes that are written as the table is read, and the ends of their files' names."""


def add_arguments(parser: ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument(
        "tables",
        nargs="*",
        metavar="TABLE",
        help="CSV, TSV, JSON, JSON Lines or XLSX; .gz is unpacked; - is standard input",
    )
    parser.add_argument("-p", "--preset", metavar="NAME", help="how the tables are read: a name, or a TOML file")
    parser.add_argument(
        "--set",
        nargs="+",
        action="extend",
        default=[],
        metavar="NAME=VALUE",
        help="what the tables do not say: discipline, sex, competition, date, encoding, languages, …",
    )
    parser.add_argument("--base", metavar="IRI", help="what the IRIs of imported things begin with")
    parser.add_argument("-f", "--format", choices=tuple(FORMATS), help="of the graph (default: by the name, or turtle)")
    add_output_option(parser)
    parser.add_argument("--rejects", metavar="FILE", help="write the lines that are no results there, with the reasons")
    parser.add_argument(
        "--report", metavar="FILE", help="write there what is missing, contradicts itself or may be merged wrongly"
    )
    add_language_option(parser)
    group = parser.add_argument_group("presets")
    group.add_argument("--show-presets", action="store_true", help="list the presets, or show the one of --preset")
    group.add_argument("--sketch", metavar="TABLE", help="propose a preset from the header of a table and its rows")
    add_timeout_option(parser.add_argument_group("limits"), "of the work (default: none)")
    parser.set_defaults(max_size=None)
    parser.epilog = """examples:
  perezkg import --show-presets
  perezkg import -p world-athletics women-20-kilometres-race-walk.csv -o walks.ttl
  perezkg import -p results heat.csv --set competition="City Cup" date=2026-05-02 discipline="100 m" -o cup.ttl
  perezkg import --sketch mine.csv > mine.toml && perezkg import -p mine.toml mine.csv -o mine.nt --rejects no.csv

Each line of a table is a result, a reject or not data; the three add up, and are told."""


def run(args: Namespace) -> int:
    """Import; see `add_arguments`."""
    if args.sketch is not None:
        from perezkg.tables.sketch import sketch

        write([sketch(args.sketch, _constants(args.set))], args.output)
        return 0
    if args.show_presets:
        write(_presets(args.preset, args.lang), args.output)
        return 0
    _require(args)
    from perezkg.tables.importing import BASE
    from perezkg.tables.preset import preset

    chosen = preset(args.preset).told(_constants(args.set))
    base = BASE if args.base is None else args.base
    if not re.fullmatch(r"https?://[^\s<>\"{}|\\^`#?]+/", base):
        raise UsageError(f"{base!r} is no beginning of IRIs", hint="Give one such as https://example.org/id/")
    with bounded(args, None), progress_bar() as bar:
        from perezkg.tables.importing import Import

        with _drafts(args.rejects, args.report) as (rejects, report):
            if rejects is not None:
                rejects.write(_line(("file", "line", "column", "reason", "text")))
            work = Import(
                args.tables,
                chosen,
                base=base,
                syntax=_format(args),
                reject=None if rejects is None else lambda reject: _write_reject(rejects, reject),
                tell=None if report is None else lambda line: report.write(told(line)),
                progress=None if bar is None else lambda name, done, total: bar(f"Reading {name}", done, total),
            )
            pieces: Iterable[str] | Iterable[bytes] = work.pieces()
            if args.output is not None and args.output.endswith(".gz"):
                pieces = compressed(pieces)
            write(pieces, args.output)
    summary = [visible(line) for line in _summary(work)]
    if args.output in (None, STANDARD_OUTPUT):
        notify(*summary)
    else:
        write(f"{line}\n" for line in summary)
    return 0


def _require(args: Namespace) -> None:
    """Refuse what cannot be meant.

    Raises:
        UsageError: There is no table or preset, or one file would be read and written, or written twice.
    """
    if not args.tables:
        raise UsageError("no table to import", hint="Name the tables: perezkg import -p PRESET TABLE")
    if args.preset is None:
        raise UsageError(
            "no preset is named, and how a table is read is not guessed",
            hint="`perezkg import --show-presets` lists them; `perezkg import --sketch TABLE` proposes one.",
        )
    if args.tables.count("-") > 1:
        raise UsageError("standard input can be read only once")
    files = [path for path in (args.output, args.rejects, args.report) if path not in (None, STANDARD_OUTPUT)]
    ordinary = [os.path.realpath(path) for path in (*files, *args.tables) if path != "-" and not is_special(path)]
    twice = next((path for path in ordinary if ordinary.count(path) > 1), None)
    if twice is not None:
        raise UsageError(f"{twice!r} is named twice, to be read or written")


def _constants(options: list[str]) -> dict[str, str]:
    """Return what `--set` says.

    Raises:
        UsageError: One is not NAME=VALUE.
    """
    found = {}
    for option in options:
        name, equals, value = option.partition("=")
        if not equals or not name:
            raise UsageError(f"--set {option}: not of the form NAME=VALUE")
        found[name] = value
    return found


def _format(args: Namespace) -> str:
    if args.format is not None:
        return str(args.format)
    end = os.path.splitext((args.output or "").removesuffix(".gz"))[1]
    return next((name for name, known in FORMATS.items() if known == end), "turtle")


@contextmanager
def _drafts(*paths: str | None) -> Iterator[list[Draft | None]]:
    """Begin files beside the graph; they appear when it is there, or not at all."""
    drafts: list[Draft | None] = []
    path = ""
    try:
        for path in (path or "" for path in paths):
            drafts.append(Draft(path) if path else None)  # noqa: PERF401 - those begun are discarded if one fails
        yield drafts
        for draft in drafts:
            if draft is not None:
                path = draft.path
                draft.complete()
        for draft in drafts:
            if draft is not None:
                draft.publish()
    except BaseException as error:
        for draft in drafts:
            if draft is not None:
                draft.discard()
        if isinstance(error, OSError) and not isinstance(error, BrokenPipeError):
            raise failure(error, path) from None
        raise


def _line(cells: Iterable[object]) -> str:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerow(cells)
    return text.getvalue()


def _write_reject(draft: Draft, reject: Reject) -> None:
    draft.write(_line((reject.file, reject.line, reject.column or "", told(reject.reason), reject.text)))


def _summary(work: Import) -> Iterator[str]:
    """Yield what became of the lines, and what was found."""
    for counts in work.counts:
        yield _told_counts(counts)
        if counts.unused:
            yield f"{counts.file}: {told('columns not imported:')} {', '.join(counts.unused)}"
    if len(work.counts) > 1:
        results, rejects = (sum(getattr(one, name) for one in work.counts) for name in ("results", "rejects"))
        lines = sum(one.lines for one in work.counts)
        rest = lines - results - rejects
        yield told(f"together {lines:,} lines = {results:,} results + {rejects:,} rejects + {rest:,} not data")
    yield told(f"athletes: {work.athletes:,}")
    from perezkg.tables.findings import KINDS

    for kind, number in work.findings.counts.most_common():
        yield f"{told(KINDS[kind])}: {number:,}"


def _told_counts(counts: Counts) -> str:
    kinds = ", ".join(f"{number:,} {told(kind)}" for kind, number in counts.not_data.items())
    rest = sum(counts.not_data.values())
    text = told(f"{counts.lines:,} lines = {counts.results:,} results + {counts.rejects:,} rejects + {rest:,} not data")
    return f"{counts.file}: {text}{f' ({kinds})' if kinds else ''}"


def _presets(name: str | None, lang: str) -> Iterator[str]:
    from perezkg.tables.preset import preset, shipped

    if name is not None:
        with open(preset(name).path, encoding="utf-8") as file:
            yield file.read()
        return
    for known in shipped():
        title = preset(known).title
        yield f"{known:<24}{title.get(lang) or title.get('en', '')}\n"
