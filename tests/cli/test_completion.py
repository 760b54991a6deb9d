"""Completions and the manual: every command and option is in them, and real shells complete by them."""

from __future__ import annotations

import os
import re
import select
import shutil
import subprocess
import time
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from perezkg.cli.completion import INSTALLED, WRITERS, text
from perezkg.cli.parsers import commands, parameters
from perezkg.sparql.catalogue import find, names
from perezkg.sparql.formats import FORMATS
from perezkg.stores.kinds import KINDS
from perezkg.tables.preset import shipped

if TYPE_CHECKING:
    from tests.conftest import Run

made = cache(text)

# What is on the line, and some words that are offered then; a word after a minus must not be.
OFFERED = [
    ("perezkg ", {"query", "validate", "help", "completion"}, {"medals"}),
    ("perezkg query med", {"medals", "medal-table"}, {"family"}),
    ("perezkg queries rec", {"records"}, set()),
    ("perezkg query medals -p ", {"date=", "whose=subject", "whose=everyone"}, {"term=", "lang=en"}),
    (
        "perezkg --lang es query progression -p ",
        set(parameters()["progression"]),
        {"whose=everyone"},
    ),
    ("perezkg query -f ", set(FORMATS), {"medals"}),
    ("perezkg query medals --dat", {"--data", "--data-format"}, {"--date"}),
    ("perezkg import -p ", set(shipped()), {"medals"}),
    ("perezkg load http://localhost/ --store ", set(KINDS), set()),
    ("perezkg validate --profile ", {"completeness"}, {"violation"}),
    ("perezkg --lang ", {"en", "es"}, {"query"}),
    ("perezkg help val", {"validate"}, {"query"}),
    ("perezkg query medals --data x.ttl --engine ", {"oxigraph", "rdflib"}, set()),
]


def scripts(folder: Path) -> dict[str, Path]:
    """Write the scripts into a folder, under the names that shells look for."""
    found = {shell: folder / Path(INSTALLED[shell, "en"]).name for shell in WRITERS}
    for shell, path in found.items():
        path.write_text(made(shell, "en"), encoding="utf-8")
    return found


def program(name: str) -> str:
    """Return the path of a program; the test is skipped where it is not installed."""
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is not installed")
    return found


@pytest.mark.parametrize("shell", WRITERS)
def test_every_command_and_option_is_in_it(shell: str, command: Run) -> None:
    printed = command("completion", shell)
    assert (printed.status, printed.err) == (0, "")
    plain = printed.out.replace("\\-", "-")
    for one in commands():
        part = re.search(rf"(?ms)^\.SS {one.name}$.*?(?=^\.S)", plain) if shell == "man" else None
        here = part[0] if part else plain
        assert re.search(rf"\b{one.name}\b", plain)
        for option in one.options:
            for name in option.names:
                spelt = f"-l {name[2:]}" if shell == "fish" and name.startswith("--") else name
                spelt = f"-s {name[1:]}" if shell == "fish" and not name.startswith("--") else spelt
                assert spelt in here, (one.name, name)
    assert [query for query in names() if query not in printed.out.replace("\\-", "-")] == []
    assert "@" not in re.sub(r'"[$][@{][^"]*"|words\[@\][^}]*|shown\[@\]|[$]\{[^}]*\}', "", plain), (
        "a part is not filled"
    )


def test_the_help_that_is_given_to_a_reader_is_in_their_language(command: Run) -> None:
    manual = command("completion", "man", "--lang", "es").out
    assert ".SH ESTADO DE SALIDA" in manual
    assert find("medals").summary("es").replace("-", "\\-") in manual
    assert "muestra esta ayuda" in manual
    assert "muestra todo sobre una cosa" in command("completion", "fish", "--lang", "es").out


def test_bash_offers_what_there_is(tmp_path: Path) -> None:
    ask = 'COMP_LINE=$1 COMP_POINT=${#1}; _perezkg 2>&1; printf "%s\\n" "${COMPREPLY[@]}" END; shift'
    ended = subprocess.run(
        [program("bash"), "-c", f'. "$0"; while (($#)); do {ask}; done', str(scripts(tmp_path)["bash"])]
        + [line for line, _, _ in [*OFFERED, ("perezkg query medals -p whose=e", set(), set())]],
        check=True,
        capture_output=True,
        text=True,
    )
    *found, last, _ = ended.stdout.split("END\n")
    for (line, some, others), answer in zip(OFFERED, found, strict=True):
        assert some <= set(answer.split()), line
        assert not others & set(answer.split()), line
    assert last.split() == ["everyone"]  # bash has the rest of the word on its line
    assert ended.stderr == ""


def test_fish_offers_what_there_is(tmp_path: Path) -> None:
    for line, some, others in OFFERED:
        ended = subprocess.run(
            [program("fish"), "--no-config", "-c", f"source $argv[1]; complete -C '{line}'", scripts(tmp_path)["fish"]],
            check=True,
            capture_output=True,
            text=True,
            env={**os.environ, "HOME": str(tmp_path)},
        )
        found = {answer.partition("\t")[0] for answer in ended.stdout.splitlines()}
        assert some <= found, line
        assert not others & found, line


@pytest.mark.parametrize("shell", ["bash", "zsh"])
def test_a_tab_completes(shell: str, tmp_path: Path) -> None:
    """A person's terminal: what stands on the line after Tab."""
    pty = pytest.importorskip("pty")
    start = {
        "bash": f". {scripts(tmp_path)['bash']}; bind 'set bell-style none'",
        "zsh": f"fpath=({tmp_path} $fpath); autoload -U compinit; compinit -u -D; unsetopt beep",
    }[shell]
    options = {"bash": ["--norc", "--noprofile", "-i"], "zsh": ["-f", "-i"]}[shell]
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [program(shell), *options],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
        cwd=tmp_path,
        env={**os.environ, "TERM": "dumb", "PS1": "> ", "HOME": str(tmp_path), "HISTFILE": ""},
    )
    os.close(theirs)
    try:
        tell(ours, f"{start}; printf 'rea%s\\n' dy\n", "ready")
        tell(ours, "perezkg quer\t\x15", "quer")
        tell(ours, "perezkg validate --prof\tcompl\t", "--profile completeness|--profile=completeness")
        tell(ours, "\x15perezkg query medals -p whose=ev\t", "whose=everyone")
        tell(ours, "\x15perezkg export --spl\t", "--split")
    finally:
        process.kill()
        process.wait()
        os.close(ours)


def tell(terminal: int, typed: str, awaited: str) -> None:
    """Type something, and wait until something is seen."""
    os.write(terminal, typed.encode())
    came, seen, end = b"", "", time.monotonic() + 30
    while not re.search(awaited, seen):
        assert time.monotonic() < end, seen
        if select.select([terminal], [], [], 1)[0]:
            came += os.read(terminal, 4096)
            seen = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]|\r", "", came.decode(errors="replace"))
            # zsh goes back to write the same letter again.
            seen = re.sub(r"(.)\x08\1", r"\1", seen).replace("\x08", "")


def test_man_has_nothing_to_complain_about(tmp_path: Path) -> None:
    page = scripts(tmp_path)["man"]
    ended = subprocess.run(
        [program("man"), "--warnings", "-E", "UTF-8", "-l", page],
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, "LC_ALL": "C.UTF-8", "MANWIDTH": "100", "MANPAGER": "cat"},
    )
    assert ended.stderr == ""
    assert "--max-answer MIB" in ended.stdout
    assert re.search(rf"\n +medals\s+{find('medals').summary().split()[0]} ", ended.stdout)
    assert "?." not in ended.stdout


def test_mandoc_has_nothing_to_complain_about(tmp_path: Path) -> None:
    ended = subprocess.run(
        [program("mandoc"), "-T", "lint", "-W", "warning", scripts(tmp_path)["man"]],
        check=False,
        capture_output=True,
        text=True,
    )
    # Two builds of one version are the same bytes, so the page has no date.
    assert [line for line in ended.stdout.splitlines() if "missing date" not in line] == []
