"""`perezkg format`: lay out Turtle files in the one canonical way."""

from __future__ import annotations

import os
import sys

from perezkg import resources
from perezkg.cli.options import add_language_option, add_limit_options, bounded, told
from perezkg.errors import UsageError
from perezkg.output import compressed, write
from perezkg.rdf.formats import STANDARD_INPUT
from perezkg.rdf.reading import MAX_SIZE, read, read_bytes
from perezkg.turtle_text.layout import formatted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Callable, Iterator, Sequence

    from perezkg.rdf.reading import DataFile

# Laying out a MiB takes 6 on a slow machine.
_SECONDS_PER_MIB = 30.0


def add_arguments(parser: ArgumentParser) -> None:
    """Declare what the command takes."""
    add_file_arguments(
        parser, "Turtle files, changed in place; - formats standard input; none: perezkg's own, in a checkout"
    )


def add_file_arguments(parser: ArgumentParser, files: str) -> None:
    """Declare what a command takes that changes files in place.

    Args:
        parser: The command's.
        files: What its help says of the files.
    """
    parser.add_argument("files", nargs="*", metavar="FILE", help=files)
    parser.add_argument("--check", action="store_true", help="change nothing; list what would change and exit with 1")
    parser.add_argument("--diff", action="store_true", help="change nothing; show what would change")
    add_language_option(parser)
    add_limit_options(parser, _SECONDS_PER_MIB)


def run(args: Namespace) -> int:
    """Format; see `add_arguments`."""
    return change_files(args, args.files or _own_files(), formatted, "formatted")


def change_files(args: Namespace, files: Sequence[str], change: Callable[[DataFile], str], done: str) -> int:
    """Change Turtle files in place, or tell what would change.

    All files are read and changed before the first is written: a mistake in one leaves all as they are.

    Args:
        args: What `add_file_arguments` declares.
        files: Their paths, or - for standard input.
        change: Gives the new text of a file.
        done: What to say that was done to a file.

    Returns:
        The exit status.
    """
    most = args.max_size or MAX_SIZE
    found = []
    for path in files:
        file = read(path, "turtle" if path == STANDARD_INPUT else None, most)
        as_it_is = path == STANDARD_INPUT or _is_compressed(path)
        found.append((path, file.content if as_it_is else read_bytes(path, most), file))
    with bounded(args, sum(len(before) for _, before, _ in found), _SECONDS_PER_MIB):
        changes = [(path, before, change(file)) for path, before, file in found]
    changed = [(path, before, after) for path, before, after in changes if before != after.encode()]
    if args.check or args.diff:
        for path, before, after in changed:
            write(_diff(path, before.decode(), after, done) if args.diff else [f"{path}\n"])
        return int(args.check and bool(changed))
    for path, _, after in changes if STANDARD_INPUT in files else changed:
        if path == STANDARD_INPUT:
            write([after])
        else:
            write(compressed([after]) if _is_compressed(path) else [after], path)
            sys.stderr.write(told(f"perezkg: {done} {path}\n"))
    return 0


def _is_compressed(path: str) -> bool:
    return path.lower().endswith(".gz")


def _own_files() -> list[str]:
    """Return the Turtle files of the ontology and the data.

    Raises:
        UsageError: This is an installed copy, whose files are nobody's to lay out.
    """
    folder = os.path.dirname(resources.ontology_file("sport.ttl"))
    if os.path.basename(os.path.dirname(folder)) == "_share":
        raise UsageError("no file to format", hint="Name the files: perezkg format FILE.ttl")
    own = [os.path.join(folder, name) for name in sorted(os.listdir(folder)) if name.endswith(".ttl")]
    return [os.path.relpath(path) for path in (*own, *resources.profile_files().values(), *resources.data_files())]


def _diff(path: str, before: str, after: str, done: str) -> Iterator[str]:
    from difflib import unified_diff

    # Line by line as files have them: only a line feed ends a line.
    old, new = ([line + "\n" for line in text.split("\n")] for text in (before, after))
    yield from unified_diff(old, new, told(f"{path} (as it is)"), told(f"{path} ({done})"))
