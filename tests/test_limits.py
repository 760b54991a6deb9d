"""Nothing that is small runs for ever or takes all memory: limits of time, memory and size, and what they say."""

from __future__ import annotations

import glob
import gzip
import os
import subprocess
import sys
from pathlib import Path
from time import monotonic, sleep
from typing import TYPE_CHECKING, NamedTuple

import pytest

import perezkg
from perezkg import PerezkgError, Solutions, UsageError
from perezkg.errors import AmbiguousTermError, LimitReachedError
from perezkg.killable import within

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.conftest import Run

# In this file a process that takes a little is not killed yet, and a test that works does not wait long.
LIMITS = ("--timeout", "2")
CROSS = "?a ?b ?c . ?d ?e ?f . ?g ?h ?i"
REGEX = "a" * 60 + "b"

QUERIES = {
    "product": f"SELECT * {{ {CROSS} }}",
    "counted": f"SELECT (COUNT(*) AS ?n) {{ {CROSS} }}",
    "ordered": f"SELECT * {{ {CROSS} }} ORDER BY ?c ?f",
    "distinct": f"SELECT DISTINCT ?a ?d ?g {{ {CROSS} }}",
    "concatenated": f"SELECT (GROUP_CONCAT(?c) AS ?t) {{ {CROSS} }}",
    "asked in vain": f"ASK {{ {CROSS} FILTER(STRLEN(STR(?c)) + STRLEN(STR(?f)) + STRLEN(STR(?i)) < 0) }}",
    "constructed": f"CONSTRUCT {{ ?a ?e ?i }} WHERE {{ {CROSS} }}",
    "minus": f"SELECT * {{ {CROSS} MINUS {{ ?a ?b ?f . ?d ?e ?i . ?g ?h ?j }} }}",
    "numbers": "SELECT (COUNT(*) AS ?n) { "
    + " ".join(f"VALUES ?v{number} {{ 0 1 2 3 4 5 6 7 8 9 }}" for number in range(10))
    + " }",
}
HANDED_TO_PYTHON = {
    "pattern": f"SELECT * {{ VALUES ?x {{ '{REGEX}' }} FILTER(REGEX(?x, '^(a+)+$')) }}",
    "replaced": f"SELECT (REPLACE('{REGEX}', '^(a|aa)+$', 'x') AS ?y) {{}}",
    "alternatives": f"ASK {{ FILTER(REGEX('{REGEX}', '^(a|a)*$')) }}",
}


class Ended(NamedTuple):
    """How a process ended, and what it told."""

    status: int
    out: str
    err: str


# The most memory of a process as `ru_maxrss` begins with what its parent had at the fork: so its parent is a small one.
MEASURED = """
import resource, subprocess, sys
status = subprocess.call(sys.argv[1:])
sys.stderr.write(f"\\n{resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss}")
sys.exit(status)
"""


def alone(*arguments: str | Path, stdin: int | None = subprocess.DEVNULL) -> Ended:
    """Run the command line in a process of its own, which must end by itself, within 1 GiB."""
    ended = subprocess.run(
        [sys.executable, "-I", "-S", "-c", MEASURED, sys.executable, "-m", "perezkg", *map(str, arguments)],
        stdin=stdin,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )
    err, _, kib = ended.stderr.rpartition("\n")
    assert "Traceback" not in err
    assert int(kib) < 1 << 20
    return Ended(ended.returncode, ended.stdout, err)


@pytest.mark.parametrize("engine", ["oxigraph", "rdflib"])
@pytest.mark.parametrize("what", QUERIES)
def test_a_query_without_end(what: str, engine: str) -> None:
    ended = alone("query", "-e", QUERIES[what], "--engine", engine, *LIMITS)
    assert ended.status == 5
    assert ended.out == ""
    assert "not done after 2 s" in ended.err or "MiB of memory" in ended.err
    assert "--timeout SECONDS allows more" in ended.err or "--max-size MIB allows more" in ended.err


IMPORTED_SLOWLY = """
import sys, time
from importlib.abc import MetaPathFinder

class Slow(MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if name == sys.argv[1]:
            import importlib.util
            sys.meta_path.remove(self)
            spec = importlib.util.find_spec(name)
            load = spec.loader.exec_module
            def slowly(module):
                time.sleep(1)
                load(module)
            spec.loader.exec_module = slowly
            return spec

from perezkg.limits import bounded

def told(text):
    from perezkg.words import translated
    return translated(text, "es")

sys.modules.pop(sys.argv[1], None)
sys.meta_path.insert(0, Slow())
with bounded(None, timeout=0.3, told=told):
    if sys.argv[2] == "importing":
        __import__(sys.argv[1])
    while True:
        pass
"""


@pytest.mark.parametrize("main", ["importing", "working"])
@pytest.mark.parametrize("module", ["perezkg.output", "perezkg.words"])
def test_a_limit_is_reached_while_a_module_is_imported(module: str, main: str) -> None:
    """What ends the process may need the module that the main thread, or itself, is importing."""
    program = [sys.executable, "-c", IMPORTED_SLOWLY, module, main]
    ended = subprocess.run(program, capture_output=True, text=True, timeout=60, check=False)
    assert ended.stderr.startswith("perezkg: error: no terminó en 0.3 s")
    assert ended.stderr.count("\n") == 1
    assert ended.returncode == 5


@pytest.mark.parametrize("what", HANDED_TO_PYTHON)
def test_a_regular_expression_without_end(what: str) -> None:
    ended = alone("query", "-e", HANDED_TO_PYTHON[what], "--engine", "rdflib", *LIMITS)
    assert (ended.status, ended.out) == (5, "")
    assert "not done after 2 s by the clock; --timeout SECONDS allows more" in ended.err
    assert alone("query", "-e", HANDED_TO_PYTHON[what], *LIMITS).status in (0, 1)  # Oxigraph's take no time


def test_memory_has_a_limit_of_its_own() -> None:
    ended = alone("query", "-e", QUERIES["ordered"], "--timeout", "250", "--max-size", "1")
    assert ended.status == 5
    assert "MiB of memory were needed; --max-size MIB allows more" in ended.err


def test_memory_held_before_the_work_counts_for_nothing() -> None:
    """A program that runs commands may hold much itself."""
    program = (
        "from perezkg.cli import main; mine = b'x' * (400 << 20); "
        "raise SystemExit(main(['query', '-e', 'SELECT * {}', '--engine', 'rdflib', '--max-size', '1']))"
    )
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stderr) == (0, "")


def test_without_options_there_are_limits_too() -> None:
    ended = alone("query", "-e", QUERIES["counted"])
    assert ended.status == 5
    assert "s of work; --timeout SECONDS allows more" in ended.err


@pytest.mark.parametrize(
    "shape",
    [
        "sh:targetNode 'x' ; sh:pattern '^(a+)+$'",
        "sh:targetNode 'x' ; sh:pattern '^(a|a)*$'",
        "sh:targetNode 'x' ; sh:pattern '^(a?){60}a{60}c$'",
    ],
)
def test_a_pattern_without_end(tmp_path: Path, shape: str) -> None:
    shapes, data = tmp_path / "shapes.ttl", tmp_path / "data.ttl"
    shapes.write_text(
        "@prefix sh: <http://www.w3.org/ns/shacl#> . <http://e.org/s> a sh:NodeShape ; "
        + shape.replace("'x'", f'"{REGEX}"').replace("'", '"')
        + " .",
        encoding="utf-8",
    )
    data.write_text("<http://e.org/a> a <http://e.org/B> .", encoding="utf-8")
    ended = alone("validate", data, "--shapes", shapes, *LIMITS)
    assert ended.status == 5
    assert "--timeout SECONDS allows more" in ended.err


@pytest.mark.parametrize("command", ["query", "info", "describe", "validate", "export"])
def test_what_has_no_end_is_not_read_to_it(command: str) -> None:
    words = {"query": ["-e", "ASK {}"], "describe": ["thing"], "export": ["-f", "turtle"]}.get(command, [])
    for format_ in ("turtle", "jsonld", "rdfxml"):
        ended = alone(command, *words, "--data", "/dev/zero", "--data-format", format_, "--max-size", "20")
        assert ended.status == 5
        assert ended.err.startswith("perezkg: error: /dev/zero: longer than 20 MiB\n--max-size MIB allows more")


def test_standard_input_without_end() -> None:
    with subprocess.Popen(["yes", "# nothing"], stdout=subprocess.PIPE) as endless:
        assert endless.stdout is not None
        ended = alone("query", "-e", "ASK {}", "--data", "-", "--data-format", "turtle", stdin=endless.stdout.fileno())
        endless.kill()
    assert ended.status == 5
    assert "standard input: longer than 256 MiB" in ended.err


@pytest.mark.parametrize("name", ["bomb.ttl.gz", "bomb.jsonld.gz", "bomb.rdf.gz"])
@pytest.mark.parametrize("command", ["query", "validate", "info", "format"])
def test_what_unpacks_to_gigabytes(tmp_path: Path, name: str, command: str) -> None:
    if command == "format" and "ttl" not in name:
        pytest.skip("only Turtle is laid out")
    member = gzip.compress(b" " * (64 << 20))
    path = tmp_path / name
    path.write_bytes(member * 40)  # a .gz may have many members
    words = ["-e", "ASK {}", "--data"] if command == "query" else ["--data"] if command == "info" else []
    ended = alone(command, *words, path)
    assert ended.status == 5
    assert f"{path}: longer than 256 MiB" in ended.err


def test_a_file_may_be_longer_if_that_is_wanted(tmp_path: Path, command: Run) -> None:
    path = tmp_path / "a.ttl"
    path.write_text("<http://e.org/a> <http://e.org/b> 'c' ." + " " * (2 << 20), encoding="utf-8")
    assert command("query", "-e", "ASK { ?s ?p ?o }", "--data", path).status == 0
    assert command("query", "-e", "ASK { ?s ?p ?o }", "--data", path, "--max-size", "1").status == 5
    assert command("query", "-e", "ASK { ?s ?p ?o }", "--data", path, "--max-size", "2.1").status == 0
    with pytest.raises(LimitReachedError, match="longer than 1 MiB"):
        perezkg.load(path, max_size=1)
    assert perezkg.load(path, max_size=3).size == path.stat().st_size


@pytest.mark.parametrize("option", ["--timeout", "--max-size"])
@pytest.mark.parametrize("value", ["0", "-1", "nan", "inf", "much", ""])
def test_a_limit_is_a_number(command: Run, option: str, value: str) -> None:
    for words in (["query", "medals"], ["validate"], ["info"], ["describe", "Cuenca"], ["export"], ["format", "-"]):
        ended = command(*words, f"{option}={value}")
        assert ended.status == 2
        assert option in ended.err


@pytest.fixture
def child_processes() -> Iterator[None]:
    """No process is left behind; other tests may have servers."""
    before = _children()
    yield
    assert _children() <= before


def _children() -> set[str]:
    """Return the processes that this one has begun and not seen to their end, where the system tells them."""
    return {
        number
        for place in glob.glob("/proc/self/task/*/children")
        for number in Path(place).read_text(encoding="ascii").split()
    }


@pytest.mark.usefixtures("child_processes")
def test_python_says_how_long_something_may_take() -> None:
    graph = perezkg.load()
    began = monotonic()
    asked: list[Callable[[], object]] = [
        lambda: graph.sparql(QUERIES["counted"], timeout=0.5),
        lambda: graph.sparql(QUERIES["product"], timeout=0.5, engine="rdflib"),
        lambda: graph.sparql(HANDED_TO_PYTHON["pattern"], timeout=0.5, engine="rdflib"),
    ]
    for ask in asked:
        with pytest.raises(LimitReachedError, match=r"not done after 0\.5 s"):
            ask()
    assert monotonic() - began < 120
    # It is of use afterwards, and an answer is the same as without a limit.
    assert graph.query("medals", timeout=60) == graph.query("medals")
    assert graph.sparql("ASK { ?s ?p ?o }", timeout=60)
    assert graph.sparql("DESCRIBE pz:cuenca", timeout=60) == graph.sparql("DESCRIBE pz:cuenca")
    assert str(graph.describe("Cuenca", timeout=60)) == str(graph.describe("Cuenca"))
    assert str(graph.cite("pz:race-aid", timeout=60)) == str(graph.cite("pz:race-aid"))
    assert graph.export("turtle", timeout=60) == graph.export("turtle")
    assert "".join(graph.validate(timeout=60).render("json")) == "".join(graph.validate().render("json"))


@pytest.mark.usefixtures("child_processes")
def test_work_in_a_process_of_its_own() -> None:
    with pytest.raises(LimitReachedError):
        within(0.1, lambda: sleep(60))
    with pytest.raises(LimitReachedError, match="ended before it was done"):
        within(60, lambda: os.kill(os.getpid(), 9))
    with pytest.raises(RuntimeError, match="ZeroDivisionError"):
        within(60, lambda: 1 // 0)
    for wrong in (0, -1, float("nan"), float("inf")):
        with pytest.raises(UsageError, match="greater than 0"):
            within(wrong, lambda: 1)
    big = bytes(range(256)) * 100_000
    assert within(60, lambda: big) == big
    for long in (1e308, 10**400):
        assert within(long, lambda: 1) == 1


@pytest.mark.usefixtures("child_processes")
def test_an_error_comes_over_whole() -> None:
    graph = perezkg.load()
    for text in ("SELECT {", "SELECT * { ?s ?p ?o } ORDER", "ASK { SERVICE <http://127.0.0.1:9/> {} }"):
        with pytest.raises(PerezkgError) as here:
            graph.sparql(text)
        with pytest.raises(PerezkgError) as there:
            graph.sparql(text, timeout=60)
        assert type(there.value) is type(here.value)
        assert str(there.value) == str(here.value)
        assert there.value.line == here.value.line
    with pytest.raises(AmbiguousTermError) as caught:
        graph.describe("gold", timeout=60)
    assert len(caught.value.matches) > 1


def test_of_too_many_references_some_are_told(tmp_path: Path, command: Run) -> None:
    path = tmp_path / "hub.ttl"
    things = "".join(
        f"e:x{number} e:knows e:hub ; prov:wasDerivedFrom e:hub ; rdfs:label 'x {number}'@en . e:hub e:has {number} .\n"
        for number in range(2500)
    )
    path.write_text(
        "PREFIX e: <http://e.org/> PREFIX prov: <http://www.w3.org/ns/prov#> "
        "PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>\n"
        f"e:hub a <https://w3id.org/perezkg/sport#Source> ; rdfs:label 'hub'@en .\n{things}",
        encoding="utf-8",
    )
    graph = perezkg.load(path)
    told = graph.describe("http://e.org/hub")
    assert [(len(facts.values), facts.more) for facts in told.incoming + told.outgoing] == [(100, 2400)] * 3
    for lang, more in (("en", "… and 2400 more"), ("es", "… y 2400 más")):
        for format_ in ("text", "markdown"):
            out = command("describe", "http://e.org/hub", "--data", path, "--lang", lang, "-f", format_).out
            assert out.count(more) == 3
            assert out.count("\n") < 400
        assert command("cite", "http://e.org/hub", "--data", path, "--lang", lang).out.count(more) == 1
    assert command("describe", "http://e.org/hub", "--data", path, "-f", "json").out.count('"more": 2400') == 3
    assert command("cite", "http://e.org/hub", "--data", path, "-f", "json").out.count('"more": 2400') == 1
    assert "(2500)" in command("cite", "http://e.org/hub", "--data", path).out
    assert isinstance(graph.sparql("SELECT ?x { ?x <http://e.org/knows> <http://e.org/hub> }"), Solutions)
    assert "more" not in command("describe", "pz:cuenca", "-f", "json").out
