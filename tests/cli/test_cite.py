"""`perezkg cite`, as a process."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ANA = str(Path(__file__).parents[1] / "things" / "ana" / "ana.ttl")
ANA_TEXT = Path(__file__).parents[1] / "things" / "ana" / "ana.txt"


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "perezkg", "cite", *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


def test_text_is_the_default() -> None:
    done = run("pz:mark-1-17-21")
    assert (done.returncode, done.stderr) == (0, "")
    assert (
        done.stdout
        == """\
1:17:21 (20 km walk, Paris 2003) — mark
pz:mark-1-17-21  https://w3id.org/perezkg/id/mark-1-17-21

Where it comes from
  bio:s7  biography.txt, sentence 7, characters 632–750, SHA-256 de4f16be9093…

What other sources add
  the same is said by
    src:world-athletics-toplists  world-athletics-database: all-time lists of World Athletics, \
World Athletics, 2023-07-07
    src:nakamura-2013  2013 World Championships Statistics – Men's 20km Walk, docslib.org, 2013
    src:tfn-2019  WC Men's 20K Walk — Japan Scores Rare Double, Track & Field News, 2019

To cite it
  biography.txt, sentence 7 (characters 632–750), in: perezkg 1.0.0, https://w3id.org/perezkg/id/mark-1-17-21
"""
    )


def test_spanish() -> None:
    done = run("s4", "--lang", "es")
    assert done.stdout.startswith("Oración 4 de la biografía — pasaje\n")
    assert "\nLo que sustenta\n" in done.stdout


def test_words_after_the_check() -> None:
    done = run("ana nuno", "--data", ANA, "--text", str(ANA_TEXT))
    assert (done.returncode, done.stderr) == (0, "")
    assert "    “Ana Ñuño walks.”\n" in done.stdout


def test_json() -> None:
    done = run("ex:text", "--data", ANA, "--text", str(ANA_TEXT), "-f", "json")
    told = json.loads(done.stdout)
    assert [passage["words"] for passage in told["passages"]] == [
        "Ana Ñuño walks.",
        "In 1999 she won the Loja mile, the first of its kind.",
        "Her sister ran too.",
    ]


def test_markdown_into_a_file(tmp_path: Path) -> None:
    done = run("ex:mile", "--data", ANA, "-o", str(tmp_path / "mile.md"))
    assert (done.returncode, done.stdout) == (0, "")
    assert (tmp_path / "mile.md").read_text(encoding="utf-8").startswith("# Loja mile — contest\n")


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        (b"1999", b"1998", "this is not ana.txt as it was cited: sentence 2 (<http://example.org/t2>) differs"),
        (b"\n", b"\r\n", "this is not ana.txt as it was cited: its lines end in CR LF\nIts words are right."),
    ],
)
def test_an_altered_text_shows_no_words(tmp_path: Path, before: bytes, after: bytes, message: str) -> None:
    copy, output = tmp_path / "copy.txt", tmp_path / "answer.txt"
    copy.write_bytes(ANA_TEXT.read_bytes().replace(before, after))
    for destination in ([], ["-o", str(output)]):
        done = run("ex:text", "--data", ANA, "--text", str(copy), *destination)
        assert (done.returncode, done.stdout) == (3, "")
        assert message in done.stderr
        assert "Traceback" not in done.stderr
    assert not output.exists()


def test_a_missing_text() -> None:
    done = run("cuenca", "--text", "no-such-file.txt")
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr.startswith("perezkg: error: no-such-file.txt: there is no such file")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["pz:quitto"], "the graph says nothing about pz:quitto"),
        ([], "about what?"),
        (["quito", "-f", "turtle"], "argument -f/--format: invalid choice: 'turtle'"),
    ],
)
def test_wrong_usage(arguments: list[str], message: str) -> None:
    done = run(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"perezkg: error: {message}")
