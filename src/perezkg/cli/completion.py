"""`perezkg completion`: print a script that completes commands in a shell, or the manual."""

from __future__ import annotations

import sys

from perezkg.cli.options import add_language_option, speaking
from perezkg.resources import function

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

WRITERS = {
    "bash": "perezkg.cli.bash:script",
    "zsh": "perezkg.cli.zsh:script",
    "fish": "perezkg.cli.fish:script",
    "man": "perezkg.cli.manual:page",
}
"""What makes each text, a function of the language, which is spoken when it is called."""
INSTALLED = {
    ("bash", "en"): "share/bash-completion/completions/perezkg",
    ("zsh", "en"): "share/zsh/site-functions/_perezkg",
    ("fish", "en"): "share/fish/vendor_completions.d/perezkg.fish",
    ("man", "en"): "share/man/man1/perezkg.1",
    ("man", "es"): "share/man/es/man1/perezkg.1",
}
"""Where an installed copy has them, below the folder of its environment; the build of the wheel puts them there."""


def add_arguments(parser: ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument("shell", choices=tuple(WRITERS), help="the shell; man for the manual page")
    add_language_option(parser)
    parser.epilog = """examples:
  perezkg completion bash > ~/.local/share/bash-completion/completions/perezkg
  perezkg completion zsh > ~/.zfunc/_perezkg
  perezkg completion fish > ~/.config/fish/completions/perezkg.fish
  perezkg completion man > ~/.local/share/man/man1/perezkg.1

Whoever installs perezkg for a whole system has them in its share folder already."""


def run(args: Namespace) -> int:
    """Print it; see `add_arguments`."""
    sys.stdout.write(text(args.shell, args.lang))
    return 0


def text(shell: str, lang: str) -> str:
    """Return the script for a shell, or the manual page for "man", in a language."""
    with speaking(lang):
        return str(function(WRITERS[shell])(lang))
