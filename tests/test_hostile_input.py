"""Bad input, one by one: a clear message, the right exit status, no traceback, nothing half written, no network."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

import perezkg
from perezkg.cli import main

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conftest import Interrupt, Run

EVERYTHING = "SELECT ?s { ?s ?p ?o FILTER(!STRSTARTS(STR(?s), 'https://w3id.org/perezkg/sport#')) }"

pytestmark = pytest.mark.usefixtures("garbage_is_for_this_thread")


@pytest.fixture
def listener(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[str, list[str]]]:
    """A server on this machine that must hear nothing, and a Python that may not connect to anything."""
    heard: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.05)
        stop = threading.Event()

        def listen() -> None:
            while not stop.is_set():
                with contextlib.suppress(TimeoutError):
                    connection, _ = server.accept()
                    heard.append(connection.recv(1000).decode(errors="replace"))
                    connection.close()

        thread = threading.Thread(target=listen)
        thread.start()

        def refuse(*_: object, **__: object) -> None:
            heard.append("a socket of Python")
            raise AssertionError("a socket was opened")

        monkeypatch.setattr(socket.socket, "connect", refuse)
        monkeypatch.setattr(socket.socket, "connect_ex", refuse)
        yield f"http://127.0.0.1:{server.getsockname()[1]}/x", heard
        time.sleep(0.1)
        stop.set()
        thread.join()
    assert heard == []


def test_the_listener_would_hear(monkeypatch: pytest.MonkeyPatch) -> None:
    """A guard that cannot notice anything proves nothing: SERVICE given to the engine itself does connect."""
    from pyoxigraph import Store

    monkeypatch.setenv("NO_PROXY", "*")
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(10)
        address = f"http://127.0.0.1:{server.getsockname()[1]}/"

        def ask() -> None:
            with contextlib.suppress(OSError, RuntimeError):
                Store().query(f"ASK {{ SERVICE <{address}> {{ ?s ?p ?o }} }}")

        thread = threading.Thread(target=ask)
        thread.start()
        connection, _ = server.accept()
        connection.close()
        thread.join(10)


@pytest.mark.parametrize(
    ("name", "content", "place"),
    [
        ("a.ttl", b"@prefix e: <http://e.org/> .\ne:a e:b .\n", "a.ttl:2:9"),
        ("a.ttl", b"@prefix e: <http://e.org/> .\ne:a e:b 'c'", "a.ttl:2:"),
        ("a.nt", b"<http://e.org/a> <http://e.org/b> .\n", "a.nt:1:"),
        ("a.nq", b"<http://e.org/a>\n", "a.nq:2:"),
        ("a.trig", b"<http://e.org/g> { <http://e.org/a> }\n", "a.trig:1:"),
        ("a.jsonld", b'{"@id": "http://e.org/a",\n', "a.jsonld:"),
        ("a.jsonld", b"", "a.jsonld"),
        ("a.jsonld", b'{"@id": 3}', "a.jsonld"),
        ("a.rdf", b"<a>", "a.rdf"),
        ("a.rdf", b"<?xml version='1.0' encoding='x'?><a/>", "a.rdf:1"),
        ("a.rdf", b"<?xml version='1.0' encoding='utf-7'?><a/>", "a.rdf:1"),
        ("a.rdf", b"<?xml version='1.0' encoding='shift_jis'?><a/>", "a.rdf:1"),
        ("a.owl", b"Ontology(<http://e.org/o>)", "a.owl"),
        ("a.ttl", "<http://e.org/a> a <http://e.org/é> .".encode("utf-16"), "UTF-16"),
        ("a.ttl", "<http://e.org/a> a '\xe9' .".encode("latin-1"), "Latin-1"),
        ("a.ttl", b"\x00\x01\x02", "null characters"),
        ("a.ttl.gz", b"\x1f\x8b\x08", "decompressed"),
        ("a.xlsx", b"", "Known endings"),
        ("a", b"", "its format is not known"),
    ],
)
def test_files_that_cannot_be_read(command: Run, tmp_path: Path, name: str, content: bytes, place: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    for arguments in (["-e", EVERYTHING], ["medals", "-o", tmp_path / "out.csv"]):
        status, out, err = command("query", *arguments, "--data", path)
        assert status == (2 if name in ("a.xlsx", "a") else 3)
        assert out == ""
        assert err.startswith("perezkg: error: ")
        assert place in err
        assert str(path) in err
        assert not (tmp_path / "out.csv").exists()


def test_files_that_are_not_there(command: Run, tmp_path: Path) -> None:
    (tmp_path / "perez.ttl").write_text("", encoding="utf-8")
    for path, message in (
        (tmp_path / "peres.ttl", "Did you mean perez.ttl"),
        (tmp_path / "perez.ttl" / "x.ttl", "no such file"),
        (tmp_path, "directory"),
        (tmp_path / "absent", "no such file"),
    ):
        status, out, err = command("query", "medals", "--data", path)
        assert (status, out) == (3, "")
        assert message in err


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read(command: Run, tmp_path: Path) -> None:
    path = tmp_path / "a.ttl"
    path.write_text("", encoding="utf-8")
    path.chmod(0)
    assert command("query", "medals", "--data", path).status == 3


@pytest.mark.parametrize("content", [b"", b"# nothing\n", b"@prefix e: <http://e.org/> .\n", b"\xef\xbb\xbf"])
def test_a_file_of_no_triples_is_no_error(command: Run, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.ttl"
    path.write_bytes(content)
    status, out, err = command("query", "medals", "--data", path)
    assert status == 0
    assert out.count("\n") == 1, "the head of the table, and no row"
    assert err == f"perezkg: notice: {path} holds no triples\n"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("SELECT * { ?s ?p }", "-e:1:"),
        ("SELECT * { ?s ?p 'x }", "this string does not end"),
        ("SELECT * { ?s ?p pzz:x }", "Did you mean pz?"),
        ("", "the query is empty"),
        ("INSERT DATA { pz:a pz:b pz:c }", "is an update"),
        ("\\u0000", "may not be written so"),
        ("SELECT * { ?s ?p '\\u0022' }", "may not be written so"),
        ("((((" * 20, "never closed"),
    ],
)
def test_sparql_that_cannot_be_read(command: Run, text: str, message: str) -> None:
    status, out, err = command("query", "-e", text)
    assert (status, out) == (3, "")
    assert message in err


def test_a_mistake_in_a_query_file_has_its_place(command: Run, tmp_path: Path) -> None:
    path = tmp_path / "q.rq"
    path.write_text("#+ summary: x\nSELECT * {\n  ?s ?p ?o ;;\n  FILTR(?o)\n}", encoding="utf-8")
    status, _, err = command("query", path)
    assert status == 3
    assert f"{path}:4:3: not valid SPARQL: FILTR cannot stand here\n      FILTR(?o)\n      ^" in err
    path.write_bytes("ASK { ?s ?p '\xe9' }".encode("latin-1"))
    assert command("query", path).status == 3
    path.write_text("#+ summary\nASK {}", encoding="utf-8")
    status, _, err = command("query", path)
    assert status == 3
    assert f"{path}:1: header" in err


@pytest.mark.parametrize(
    "value",
    [
        'x" } #',
        "'''",
        '"""',
        "\\",
        "\\u0022 } SERVICE <URL> { ?s ?p ?o } #",
        '" } SERVICE <URL> { ?s ?p ?o } #',
        "?_x",
        "\n} #",
    ],
)
@pytest.mark.parametrize("engine", ["oxigraph", "rdflib"])
def test_values_cannot_break_out(command: Run, listener: tuple[str, list[str]], engine: str, value: str) -> None:
    value = value.replace("URL", listener[0])
    text = "SELECT (STR(?_x) AS ?y) { FILTER(?_x != 'a') } # ?_x"
    status, out, err = command("query", "-e", text, "-p", f"x={value}", "--engine", engine, "-f", "tsv")
    assert (status, err) == (0, "")
    assert out.count("\n") == 2
    for suffix in ("_iri", "_integer", "_number", "_xsd_date"):
        status, out, err = command(
            "query", "-e", f"ASK {{ ?s ?p ?_x{suffix} }}", "-p", f"x={value}", "--engine", engine
        )
        assert (status, out) == (2, "")
        assert "parameter x" in err


@pytest.mark.parametrize("engine", ["oxigraph", "rdflib"])
@pytest.mark.parametrize(
    "text",
    [
        "ASK { SERVICE <URL> { ?s ?p ?o } }",
        "ASK { SERVICE SILENT <URL> { ?s ?p ?o } }",
        "ASK { service$x{?s ?p ?o} VALUES ?x { <URL> } }",
        "ASK { \\u0053ERVICE <URL> { ?s ?p ?o } }",
        "ASK { { SELECT * { SERVICE <URL> { ?s ?p ?o } } } }",
        "ASK { FILTER(1 <'>') SERVICE <URL> { ?s ?p ?o } #'\n}",
        "ASK { FILTER EXISTS { SERVICE <URL> { ?s ?p ?o } } }",
        "SELECT * FROM <URL> { ?s ?p ?o }",
        "SELECT * FROM NAMED <URL> { GRAPH ?g { ?s ?p ?o } }",
        "LOAD <URL>",
    ],
)
def test_queries_cannot_reach_out(command: Run, listener: tuple[str, list[str]], engine: str, text: str) -> None:
    status, out, err = command("query", "-e", text.replace("URL", listener[0]), "--engine", engine)
    assert (status, out) == (3, "")
    assert "asks only the graph it was given" in err
    assert "-e:1:" in err


def test_rdflib_reads_the_query_for_itself(listener: tuple[str, list[str]], kg: perezkg.KnowledgeGraph) -> None:
    """Even if a keyword got past the tokens, rdflib's own parse is looked at before it is run."""
    from perezkg.sparql.engines import open_engine
    from perezkg.sparql.prepare import Prepared

    engine = open_engine("rdflib", kg.store)
    for text in ("SELECT * { SERVICE <URL> { ?s ?p ?o } }", "SELECT * FROM <URL> { ?s ?p ?o }"):
        with pytest.raises(perezkg.RemoteAccessRefusedError):
            engine.run(Prepared(text.replace("URL", listener[0])))


def test_data_cannot_reach_out(command: Run, listener: tuple[str, list[str]], tmp_path: Path) -> None:
    url, _ = listener
    context = tmp_path / "a.jsonld"
    for text in (
        '{"@context": "URL", "@id": "http://e.org/a"}',
        '{"@context": [{"a": "http://e.org/"}, "URL"], "a": 1}',
        '{"@context": {"@import": "URL"}, "@id": "http://e.org/a"}',
        '{"@context": "other.jsonld", "@id": "http://e.org/a"}',
        '{"@id": "http://e.org/a", "http://e.org/p": {"@context": "URL", "b": 1}}',
        # What is wrong behind the document is not come to.
        '{"@context": "URL", "@id": "http://e.org/a"} {',
        '\n[{"@context": "URL", "@id": "http://e.org/a"}] x',
    ):
        context.write_text(text.replace("URL", url), encoding="utf-8")
        status, out, err = command("query", "medals", "--data", context)
        assert (status, out) == (3, "")
        assert "would have to be fetched" in err
    imports = tmp_path / "a.ttl"
    imports.write_text(f"<http://e.org/o> <http://www.w3.org/2002/07/owl#imports> <{url}> .", encoding="utf-8")
    status, _, err = command("query", "medals", "--data", imports)
    assert status == 0
    assert f"imports <{url}>: not followed" in err
    entity = tmp_path / "a.rdf"
    entity.write_text(
        f'<!DOCTYPE r [<!ENTITY x SYSTEM "{url}">]><r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
        'xmlns:e="http://e.org/"><r:Description r:about="http://e.org/a"><e:p>&x;</e:p></r:Description></r:RDF>',
        encoding="utf-8",
    )
    assert command("query", "medals", "--data", entity).status == 3


def test_values_in_the_data_are_not_code(command: Run, tmp_path: Path) -> None:
    path = tmp_path / "a.ttl"
    path.write_text(r'<http://e.org/a> <http://e.org/p> "\u001B[2J<script>\u0007" .', encoding="utf-8")
    out = command("query", "-e", "SELECT ?o { <http://e.org/a> ?p ?o }", "--data", path, "-f", "table").out
    assert "\x1b" not in out
    assert "\x07" not in out


posix = pytest.mark.skipif(os.name != "posix", reason="pipes and signals of POSIX")
PEREZKG = [sys.executable, "-m", "perezkg"]


@posix
def test_a_closed_pipe_is_quiet() -> None:
    many = "SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 60000"
    for format_ in ("csv", "json"):
        running = subprocess.Popen(
            [*PEREZKG, "query", "-e", many, "-f", format_], stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        assert running.stdout
        assert running.stderr
        running.stdout.read(10)
        running.stdout.close()
        assert running.stderr.read() == b""
        assert running.wait(30) == 0
        running.stderr.close()
    for command_ in ("queries", "--help"):
        ended = subprocess.run(
            ["sh", "-c", f'"{sys.executable}" -m perezkg {command_} | true'], check=False, capture_output=True
        )
        assert ended.stderr == b""


@posix
def test_ctrl_c_is_quiet_and_leaves_nothing(tmp_path: Path, interrupted: Interrupt) -> None:
    forever = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . FILTER(?a != ?d && ?g != ?c) }"
    for engine in ("oxigraph", "rdflib"):
        interrupted("query", "-e", forever, "--engine", engine, "-o", "out.csv")
        assert os.listdir(tmp_path) == []


@posix
def test_ctrl_c_between_steps(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("perezkg.sparql.catalogue.find", interrupt)
    assert main(["query", "medals"]) == 130
    assert capfd.readouterr() == ("", "")


def test_output_that_cannot_be_written(command: Run, tmp_path: Path) -> None:
    for path in (tmp_path / "absent" / "a.csv", tmp_path):
        status, out, err = command("query", "medals", "-o", path)
        assert (status, out) == (3, "")
        assert str(path) in err
    assert os.listdir(tmp_path) == []


@posix
@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")
def test_a_full_disk() -> None:
    for arguments in (["query", "medals"], ["queries"], ["--help"]):
        with open("/dev/full", "w", encoding="utf-8") as full:
            ended = subprocess.run([*PEREZKG, *arguments], check=False, stdout=full, stderr=subprocess.PIPE)
        assert ended.returncode == 3
        assert b"No space left" in ended.stderr
        assert b"Traceback" not in ended.stderr
        assert b"Exception" not in ended.stderr


@posix
def test_standard_output_that_is_closed() -> None:
    ended = subprocess.run(
        ["sh", "-c", f'"{sys.executable}" -m perezkg query medals >&-'], check=False, capture_output=True
    )
    assert ended.returncode == 3
    assert b"standard output is closed" in ended.stderr
    ended = subprocess.run(
        ["sh", "-c", f'"{sys.executable}" -m perezkg query medls 2>&-'], check=False, capture_output=True
    )
    assert ended.returncode == 2


def test_a_mistake_of_ours_is_no_traceback(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError("by zero")

    monkeypatch.setattr("perezkg.sparql.catalogue.find", fail)
    assert main(["query", "medals"]) == 70
    err = capfd.readouterr().err
    assert "a mistake in perezkg itself: ZeroDivisionError: by zero" in err
    assert "Traceback" not in err
    monkeypatch.setenv("PEREZKG_TRACEBACK", "1")
    with pytest.raises(ZeroDivisionError):
        main(["query", "medals"])


@pytest.mark.parametrize("engine", ["oxigraph", "rdflib"])
@pytest.mark.parametrize(
    "text",
    [
        "ASK {" + "{" * 5000 + "}" * 5000 + "}",
        "ASK { FILTER(" + "(" * 50_000 + "1" + ")" * 50_000 + ") }",
        "ASK { FILTER(" + "1 || " * 50_000 + "1) }",
        "ASK { FILTER(" + "!" * 50_000 + "1) }",
        "ASK { " + "{} UNION " * 50_000 + "{} }",
        "ASK { ?s " + "<http://e.org/p>/" * 50_000 + "<http://e.org/p> 1 }",
    ],
    ids=["groups", "brackets", "or", "not", "union", "path"],
)
def test_sparql_that_would_overflow_a_stack(process: Run, engine: str, text: str) -> None:
    status, out, err = process("query", "-", "--engine", engine, input=text.encode())
    assert (status, out) == (3, "")
    assert "more than" in err
    assert len(err) < 1000


def test_what_is_deep_but_not_absurd_is_answered(kg: perezkg.KnowledgeGraph) -> None:
    for engine in ("oxigraph", "rdflib"):
        assert kg.sparql("ASK { FILTER(" + "(" * 20 + "1" + ")" * 20 + ") }", engine=engine)
    assert kg.sparql("ASK {" + "{" * 90 + "}" * 90 + "}")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.jsonld", '{"http://e.org/p":' * 100_000 + "1" + "}" * 100_000),
        ("a.ttl", "<http://e.org/a> <http://e.org/p> " + "<<( <http://e.org/a> <http://e.org/p> " * 200_000),
    ],
    ids=["objects", "triple terms"],
)
def test_data_that_would_overflow_a_stack(process: Run, tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    status, out, err = process("query", "medals", "--data", name)
    assert (status, out) == (3, "")
    assert f"{name}:1: nested more than" in err


def test_a_context_refused_in_a_deep_file(process: Run, tmp_path: Path) -> None:
    text = '{"http://e.org/p":' * 400 + '{"@context": "http://127.0.0.1:9/"}' + "}" * 400
    (tmp_path / "a.jsonld").write_text(text, encoding="utf-8")
    ended = process("query", "medals", "--data", "a.jsonld")
    assert ended.status == 3
    assert "would have to be fetched" in ended.err


def test_arguments_that_are_not_text(process: Run) -> None:
    ended = process("query", "-e", "SELECT (?_x AS ?y) {}", "-p", os.fsdecode(b"x=\xff"))
    assert ended.status == 2
    assert "not valid UTF-8" in ended.err
    assert process("query", os.fsdecode(b"\xff")).status == 2
    assert process("query", "medals", "--data", os.fsdecode(b"\xff.ttl")).status == 3
    assert process("query", "-e", os.fsdecode(b"ASK { ?s ?p '\xff' }")).status in (2, 3)


STEERING = "\x1b[31mred\x1b]0;title\x07"


@pytest.mark.parametrize("format_", ["text", "markdown"])
@pytest.mark.parametrize("name", ["describe", "cite"])
def test_data_cannot_steer_a_terminal(command: Run, tmp_path: Path, name: str, format_: str) -> None:
    escaped = STEERING.replace("\x1b", "\\u001B").replace("\x07", "\\u0007")
    data = tmp_path / "a.ttl"
    data.write_text(
        f'<http://e.org/a> <http://www.w3.org/2000/01/rdf-schema#label> "{escaped}" ; <http://e.org/p> "{escaped}" .'
    )
    ended = command(name, "<http://e.org/a>", "--data", data, "-f", format_)
    assert "red" in ended.out
    assert not {"\x1b", "\x07"} & set(ended.out + ended.err)


def test_errors_and_reports_cannot_steer_a_terminal(command: Run, tmp_path: Path) -> None:
    data = tmp_path / "a.ttl"
    data.write_text(f"<http://e.org/a> <http://e.org/b> {STEERING} .")
    broken = command("query", "medals", "--data", data)
    data.write_text(f'<http://e.org/a> <http://e.org/b> "{STEERING}" .')
    reported = command("validate", data)
    for ended in (broken, reported, command("query", f"{STEERING}.rq"), command("describe", STEERING)):
        assert ended.out + ended.err
        assert not {"\x1b", "\x07"} & set(ended.out + ended.err)


def test_entities_made_of_entities_are_refused(command: Run, tmp_path: Path) -> None:
    bomb = tmp_path / "a.rdf"
    levels = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    bomb.write_text(f'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY e0 "lol">{levels}]><r>&e9;</r>')
    ended = command("query", "medals", "--data", bomb)
    assert ended.status == 3
    assert "an XML entity is made of other entities" in ended.err


def test_plain_entities_are_read(command: Run, tmp_path: Path) -> None:
    data = tmp_path / "a.rdf"
    rdf = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
    data.write_text(
        f'<!DOCTYPE r [<!ENTITY e "http://e.org/">]><r:RDF xmlns:r="{rdf}" xmlns:e="http://e.org/">'
        '<r:Description r:about="&e;a"><e:p>1</e:p></r:Description></r:RDF>'
    )
    ended = command("query", "-e", "SELECT ?s { ?s <http://e.org/p> 1 } ORDER BY ?s", "--data", data)
    assert (ended.status, ended.err) == (0, "")


@pytest.mark.parametrize("line", ["# << << <<", "<a:b> <a:c> '<< a <<' .", '<a:b> <a:c> """ " << <<""" .'])
def test_what_only_looks_like_nesting_is_read(command: Run, tmp_path: Path, line: str) -> None:
    data = tmp_path / "a.ttl"
    data.write_text(f"{line}\n" * 600)
    assert command("query", "medals", "--data", data).status == 0


def test_values_longer_than_the_parser_holds_are_input_errors(command: Run, tmp_path: Path) -> None:
    data = tmp_path / "a.jsonld"
    data.write_text('{"@id": "http://e.org/a", "http://e.org/p": "' + "x" * 20_000_000 + '"}')
    ended = command("query", "medals", "--data", data)
    assert ended.status == 3
    assert "too long" in ended.err


@pytest.mark.parametrize("engine", ["oxigraph", "rdflib"])
def test_functions_that_do_not_exist_are_input_errors(command: Run, engine: str) -> None:
    query = "SELECT (<http://www.w3.org/2001/XMLSchema#nothing>(1) AS ?x) {}"
    ended = command("query", "-e", query, "--engine", engine)
    assert ended.status == 3
    assert "mistake in perezkg" not in ended.err


def test_a_file_without_shapes_is_no_shapes(command: Run, tmp_path: Path) -> None:
    (tmp_path / "none.ttl").write_text("<a:b> <a:c> <a:d> .")
    ended = command("validate", "--shapes", tmp_path / "none.ttl")
    assert ended.status == 3
    assert "holds no shapes" in ended.err


def test_an_output_without_a_name_is_refused(command: Run) -> None:
    ended = command("query", "medals", "-o", "")
    assert (ended.status, ended.out) == (3, "")
