"""A store that answers always the same, well or badly, by the path that is asked for."""

from __future__ import annotations

import socket
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

JSON = "application/sparql-results+json"
_ROWS = """{"head": {"vars": ["a", "b"]}, "results": {"bindings": [
 {"a": {"type": "uri", "value": "http://example.org/a"}, "b": {"type": "literal", "value": "uno", "xml:lang": "es"}},
 {"a": {"type": "bnode", "value": "n1"}}]}}"""

REPLIES: dict[str, tuple[int, str, str, dict[str, str]]] = {
    "rows": (200, JSON, _ROWS, {}),
    "true": (200, JSON, '{"head": {}, "boolean": true}', {}),
    "false": (200, JSON, '{"head": {}, "boolean": false}', {}),
    "triples": (200, "application/n-triples", '<http://e.org/a> <http://e.org/b> "c" .\n', {}),
    "400": (400, "text/plain", "Parse error: line 1", {}),
    "401": (401, "text/plain", "who are you?", {"WWW-Authenticate": 'Basic realm="store"'}),
    "401-bearer": (401, "text/plain", "", {"WWW-Authenticate": "Bearer"}),
    "403": (403, "text/html", "<html><h1>Forbidden</h1></html>", {}),
    "404": (404, "text/plain", "no such data set", {}),
    "405": (405, "text/plain", "", {"Allow": "GET"}),
    "406": (406, "text/plain", "", {}),
    "408": (408, "text/plain", "", {}),
    "413": (413, "text/plain", "", {}),
    "415": (415, "text/plain", "", {}),
    "429": (429, "text/plain", "slower", {"Retry-After": "3600"}),
    "500": (500, "text/plain", "java.lang.NullPointerException\n\tat org.example.Store", {}),
    "501": (501, "text/plain", "", {}),
    "503": (503, "text/plain", "starting", {"Retry-After": "3600"}),
    "504": (504, "text/plain", "", {}),
    "302": (302, "text/plain", "", {"Location": "http://example.org/elsewhere"}),
    "302-nowhere": (302, "text/plain", "", {}),
    "204": (204, "", "", {}),
    "html": (200, "text/html", "<html><title>A store</title></html>", {}),
    "no-media": (200, "", _ROWS, {}),
    "empty": (200, JSON, "", {}),
    "broken": (200, JSON, _ROWS[:100], {}),
    "not-results": (200, JSON, '{"answer": 42}', {}),
    "list": (200, JSON, "[1, 2, 3]", {}),
    "bad-type": (200, JSON, _ROWS.replace('"uri"', '"url"'), {}),
    "bad-iri": (200, JSON, _ROWS.replace("http://example.org/a", "not an iri"), {}),
    "bad-triples": (200, "application/n-triples", "<http://e.org/a> <http://e.org/b> .\n", {}),
    "control": (200, JSON, _ROWS.replace("uno", "\\u001b[31muno"), {}),
    "gzip": (200, JSON, "this is not gzip", {"Content-Encoding": "gzip"}),
}
"""Status, media type, content and further headers, by the path."""


class _Answer(BaseHTTPRequestHandler):
    def log_message(self, *_: Any) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        """Answer as the path says."""
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        name = self.path.partition("?")[0].strip("/")
        if name == "closed":
            return
        status, media, content, headers = REPLIES.get(name, REPLIES["404"])
        self.send_response_only(status)
        for header, value in {"Content-Type": media, "Content-Length": str(len(content.encode())), **headers}.items():
            if value:
                self.send_header(header, value)
        self.end_headers()
        self.wfile.write(content.encode())

    do_POST = do_PUT = do_DELETE = do_GET  # noqa: N815


@contextmanager
def answering() -> Iterator[tuple[str, str]]:
    """Answer meanwhile; return the host and port that does, and one that refuses every connection."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Answer)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.005,), daemon=True).start()
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))  # taken, and not listening
        yield f"127.0.0.1:{server.server_address[1]}", f"127.0.0.1:{closed.getsockname()[1]}"
    server.shutdown()
    server.server_close()
