"""SERVICE, where it is allowed: which stores a query may ask, how long it may take, and what went wrong there."""

from __future__ import annotations

from perezkg.errors import RemoteAccessRefusedError, place
from perezkg.sparql.tokens import tokenize
from perezkg.store_errors import StoreAnswerError, StoreTimeoutError, StoreUnreachableError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import TypeVar

    from perezkg.errors import RemoteStoreError
    from perezkg.sparql.tokens import Token

    T = TypeVar("T")

PATIENCE = 60.0
"""Seconds that a query with SERVICE over files may take; for a store at `--endpoint` its own time-out counts."""


def addresses(text: str, path: str = "") -> tuple[str, ...]:
    """Return the addresses that a query asks, each once.

    Raises:
        RemoteAccessRefusedError: One is not written out as an http or https IRI: data must not choose who is asked, and
            no file must be read in this way.
    """
    found: dict[str, None] = {}
    for target in _targets(tokenize(text)):
        iri = target.text[1:-1]
        scheme, _, rest = iri.partition("://")
        host = rest.partition("/")[0].partition("?")[0].partition("#")[0]
        if target.kind != "iri" or scheme.lower() not in ("http", "https") or not host or "@" in host:
            line, column, source_line = place(text, target.start)
            raise RemoteAccessRefusedError(
                "SERVICE asks only at an address that the query itself names",
                path=path,
                line=line,
                column=column,
                source_line=source_line,
                hint="Write the whole IRI, without a password in it: SERVICE <https://…> { … }.",
            )
        found[iri] = None
    return tuple(found)


def offline(text: str) -> str:
    """Return a query that asks no other store, with every other word in its place: GRAPH has the grammar of SERVICE.

    >>> offline("ASK { SERVICE SILENT <http://example.org/> { ?s ?p ?o } }")
    'ASK { GRAPH          <http://example.org/> { ?s ?p ?o } }'
    """
    tokens = tokenize(text)
    for index, token in enumerate(tokens):
        if token.keyword == "SERVICE":
            text = _replace(text, token, "GRAPH")
            if index + 1 < len(tokens) and tokens[index + 1].keyword == "SILENT":
                text = _replace(text, tokens[index + 1], "")
    return text


def with_patience(services: Sequence[str], work: Callable[[], T], patience: float = PATIENCE) -> T:
    """Run some work with a limit on its time, because Oxigraph itself waits for ever, and return what it returns.

    Args:
        services: The addresses that it asks, for the error.
        work: What to do, in a thread of its own. It cannot be stopped: when it is too slow, it is left alone, and ends
            with the process.
        patience: For how many seconds to wait.

    Raises:
        StoreTimeoutError: It did not end in time.
    """
    from threading import Thread

    answers: list[T] = []
    errors: list[BaseException] = []

    def run() -> None:
        try:
            answers.append(work())
        except BaseException as error:  # noqa: BLE001 - raised again in the thread that waits
            # What its frames hold must end in this thread.
            error.__traceback__ = error.__context__ = None
            errors.append(error)

    thread = Thread(target=run, daemon=True)
    thread.start()
    thread.join(patience)
    if errors:
        raise errors[0]
    if not answers:
        raise StoreTimeoutError(
            f"no answer within {patience:g} seconds", path=", ".join(services), hint="Ask for less within SERVICE."
        )
    return answers[0]


def failure(services: Sequence[str], error: Exception) -> RemoteStoreError:
    """Turn what Oxigraph raised at a query with SERVICE into an error that names the stores."""
    reason = str(error).strip()
    if isinstance(error, OSError):
        return StoreUnreachableError(f"SERVICE failed: {reason}", path=", ".join(services))
    return StoreAnswerError(f"SERVICE failed: {reason}", path=", ".join(services))


def _targets(tokens: list[Token]) -> list[Token]:
    """Return what stands behind each SERVICE; the word itself where nothing does."""
    targets = []
    for index, token in enumerate(tokens):
        if token.keyword == "SERVICE":
            behind = [found for found in tokens[index + 1 : index + 3] if found.keyword != "SILENT"]
            targets.append(behind[0] if behind else token)
    return targets


def _replace(text: str, token: Token, word: str) -> str:
    end = token.start + len(token.text)
    return text[: token.start] + word.ljust(len(token.text)) + text[end:]
