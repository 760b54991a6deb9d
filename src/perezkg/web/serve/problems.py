"""What went wrong, as JSON (RFC 9457): one sentence, what to do, line and column of a query, and no more.

Nothing of the machine is told: neither paths nor tracebacks.
"""

from __future__ import annotations

from http import HTTPStatus
from json import dumps
from typing import TYPE_CHECKING

from perezkg.errors import (
    IndexBrokenError,
    InputError,
    LimitReachedError,
    MissingParameterError,
    PerezkgError,
    RemoteStoreError,
    SourceChangedError,
    UnknownFormatError,
    UnknownQueryError,
    UsageError,
)
from perezkg.web.serve.messages import NEVER, PROBLEM, Reply
from perezkg.words import translated

if TYPE_CHECKING:
    from collections.abc import Mapping

# The first that an error belongs to; what is left of ours is the machine's fault, not the query's.
_STATUS: tuple[tuple[type[PerezkgError], int], ...] = (
    (UnknownQueryError, 404),
    (UnknownFormatError, 406),
    (UsageError, 400),
    (IndexBrokenError, 500),
    (SourceChangedError, 500),
    (InputError, 400),
    (LimitReachedError, 503),
    (RemoteStoreError, 502),
    (PerezkgError, 500),
)
_FAILED = 500


def problem(
    status: int,
    detail: str,
    *,
    hint: str = "",
    lang: str = "en",
    headers: Mapping[str, str] | None = None,
    log: str = "",
    **more: object,
) -> Reply:
    """Return a reply that says what went wrong.

    Args:
        status: Of HTTP.
        detail: What happened, one sentence.
        hint: What to do about it.
        lang: The language in which it is said.
        headers: Further headers.
        log: What whoever runs the server should read.
        more: Further members; those that are empty or 0 are left out.
    """
    told = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": translated(detail, lang) if lang != "en" else detail,
        "hint": translated(hint, lang) if lang != "en" and hint else hint,
        **more,
    }
    body = dumps({name: value for name, value in told.items() if value}, ensure_ascii=False) + "\n"
    # A query may hold half a character, which its mistake repeats.
    return Reply(
        status,
        body.encode("utf-8", "backslashreplace"),
        {"content-type": PROBLEM, "cache-control": NEVER, "content-language": lang, **(headers or {})},
        log,
    )


def of_error(error: Exception, lang: str = "en") -> Reply:
    """Return the reply for what was raised while something was answered."""
    if not isinstance(error, PerezkgError):
        from traceback import format_exception

        return problem(_FAILED, "a mistake in perezkg itself", lang=lang, log="".join(format_exception(error)).rstrip())
    status = next(status for kind, status in _STATUS if isinstance(error, kind))
    if status == _FAILED:
        return problem(status, "the data cannot be read at the moment", lang=lang, log=str(error))
    # How to give a parameter is told for the command line.
    hint = "" if isinstance(error, MissingParameterError) else error.hint
    return problem(
        status,
        error.message,
        hint=hint,
        lang=lang,
        line=error.line,
        column=error.column,
        source=error.source_line.rstrip("\r\n"),
    )
