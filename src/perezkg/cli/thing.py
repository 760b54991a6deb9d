"""What `describe` and `cite` share: the thing they are asked about, and where the answer goes."""

from __future__ import annotations

import os

from perezkg.cli.options import add_data_options, add_language_option, add_output_option
from perezkg.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Iterator
    from typing import Any

_EXTENSIONS = {".json": "json", ".md": "markdown", ".ttl": "turtle"}


def add_thing_arguments(parser: ArgumentParser, formats: tuple[str, ...]) -> None:
    """Add the thing, `-f`, `-o`, `--lang` and `--data`."""
    parser.add_argument(
        "term",
        nargs="*",
        metavar="TERM",
        help="a prefixed name (pz:cuenca), an IRI, a label in any language, accents or not, or a sentence (s14)",
    )
    parser.add_argument(
        "-f", "--format", choices=formats, metavar="FORMAT", help=f"{' '.join(formats)} (default: text)"
    )
    add_output_option(parser)
    add_language_option(parser)
    add_data_options(parser)


def term(args: Namespace) -> str:
    """Return the thing that was asked about; several words are one label.

    Raises:
        UsageError: There is none.
    """
    words = " ".join(args.term).strip()
    if not words:
        swallowed = f" Name it before --data: … {args.data[-1]} --data …" if len(args.data) > 1 else ""
        raise UsageError("about what?", hint=f"Name a thing: pz:cuenca, an IRI, or a label.{swallowed}")
    return words


def chosen_format(args: Namespace, formats: tuple[str, ...]) -> str:
    """Return the format that was asked for, the one that the output file's name tells, or text."""
    if args.format:
        return str(args.format)
    told = _EXTENSIONS.get(os.path.splitext(args.output)[1].lower(), "") if args.output else ""
    return told if told in formats else "text"


def width(args: Namespace) -> int | None:
    """Return the columns that text has to fit: those of the terminal, or None when it goes elsewhere."""
    from perezkg.rendering.prose import terminal_width

    return None if args.output else terminal_width()


def as_json(answer: dict[str, Any]) -> Iterator[str]:
    """Yield an answer as JSON, indented, letters as they are."""
    import json

    yield json.dumps(answer, ensure_ascii=False, indent=2) + "\n"
