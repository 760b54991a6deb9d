"""The errors of perezkg: one base class, a leaf for each cause.

Each error says what happened, where (file, line, column, the line itself) and what to do about it, and carries the
exit status that the command line ends with.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class PerezkgError(Exception):
    """Base of every error that perezkg raises on purpose.

    Args:
        message: What happened, one sentence.
        hint: What to do about it.
        path: The file it happened in, as the user named it.
        line: Line in that file, counted from 1; 0 when unknown.
        column: Column in that line, in characters, counted from 1; 0 when unknown.
        source_line: The text of that line, shown with a caret under the column.

    >>> print(InputError("no full stop", path="a.ttl", line=2, column=5, source_line="ex:a b", hint="Add it."))
    a.ttl:2:5: no full stop
        ex:a b
            ^
    Add it.
    """

    exit_status = 3

    def __init__(
        self,
        message: str,
        *,
        hint: str = "",
        path: str = "",
        line: int = 0,
        column: int = 0,
        source_line: str = "",
    ) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.path = path
        self.line = line
        self.column = column
        self.source_line = source_line

    def __reduce__(self) -> tuple[object, ...]:
        """Return what makes this error again in another process: pickle would call the class with the message alone."""
        return (_again, (type(self), self.args, self.__dict__))

    def __str__(self) -> str:
        """Return the whole text for a person: place, message, the line with a caret, the hint."""
        place = ":".join(str(part) for part in (self.path, self.line, self.column) if part)
        lines = [f"{place}: {self.message}" if place else self.message]
        if self.source_line:
            # A window around the column keeps one-line files of a megabyte readable; a tab stays one column wide.
            text = self.source_line.rstrip("\r\n").replace("\t", " ")
            start = max(0, self.column - 60)
            lines.append("    " + text[start : start + 100])
            if self.column:
                lines.append("    " + " " * (self.column - 1 - start) + "^")
        if self.hint:
            lines.append(self.hint)
        return "\n".join(lines)


def _again(kind: type[PerezkgError], args: tuple[object, ...], attributes: dict[str, object]) -> PerezkgError:
    error = kind.__new__(kind, *args)
    error.__dict__.update(attributes)
    return error


class UsageError(PerezkgError):
    """What was asked for cannot be asked so: an option, a name or a value is wrong."""

    exit_status = 2


class EngineMissingError(UsageError):
    """A program that is asked for, and is an extra of perezkg, is not installed."""


class UnknownQueryError(UsageError):
    """No canned query has this name, and no such file exists."""


class UnknownParameterError(UsageError):
    """The query has no parameter of this name."""


class MissingParameterError(UsageError):
    """A parameter that the query needs was not given."""


class ParameterValueError(UsageError):
    """The value of a parameter is not of the parameter's type."""


class UnknownTermError(UsageError):
    """No node of the graph has this IRI, prefixed name or label."""


class AmbiguousTermError(UsageError):
    """Several things of the graph have this name.

    Attributes:
        matches: Their IRIs.
    """

    def __init__(self, message: str, *, hint: str, matches: tuple[str, ...]) -> None:
        super().__init__(message, hint=hint)
        self.matches = matches


class UnknownFormatError(UsageError):
    """The format is not known, or does not suit this kind of answer or file."""


class CoordinatesError(UnknownFormatError):
    """An answer has no coordinates, or some that are none of degrees on the Earth, and a map was asked for."""


class InputError(PerezkgError):
    """Something given to read cannot be read."""


class InputNotFoundError(InputError):
    """There is no such file."""


class InputUnreadableError(InputError):
    """The file is there but cannot be read as text: a directory, no permission, not UTF-8."""


class InputChangedError(InputError):
    """The file became another one while it was read."""


class PresetError(InputError):
    """A preset says something that there is not, or that cannot be done."""


class TableError(InputError):
    """A table is not of the kind that the preset reads: columns are missing, or what every row needs is not told."""


class RdfSyntaxError(InputError):
    """The file breaks the grammar of its RDF syntax."""


class SparqlSyntaxError(InputError):
    """The query breaks the grammar of SPARQL 1.1."""


class RemoteAccessRefusedError(InputError):
    """Data or a query asked for something from the network that the user did not ask for."""


class PassageMismatchError(InputError):
    """A text given as the source differs from the text that was cited."""


class EvaluationError(InputError):
    """The query is well formed, but the engine could not evaluate it."""


class IndexNotFoundError(InputError):
    """There is no index in this folder."""


class IndexBrokenError(InputError):
    """The index in this folder is damaged, or of a form that this perezkg does not read."""


class SourceChangedError(InputError):
    """A file has changed while it was read, or since an index was built from it."""


class IndexUnderWayError(UsageError):
    """Another process builds an index in the same folder."""


class LimitReachedError(PerezkgError):
    """The work took more time or memory, or a file is longer, than allowed; the message says what to do."""

    exit_status = 5


class RemoteStoreError(PerezkgError):
    """Base of what can go wrong with a triple store; the classes below are its causes.

    Attributes:
        tries: How often the store was asked; after a second time nobody knows what it did the first time.
    """

    exit_status = 4
    tries = 1


class StoreUnreachableError(RemoteStoreError):
    """No connection: the host is not known, nothing listens there, or the network does not lead there."""


class StoreCertificateError(RemoteStoreError):
    """The store does not prove by TLS that it is who it claims to be, or does not speak TLS at all."""


class StoreTimeoutError(RemoteStoreError):
    """The store took longer than it was given."""


class StoreConnectionLostError(RemoteStoreError):
    """The connection ended before the answer did."""


class StoreAuthenticationError(RemoteStoreError):
    """The store asks for a user and password, or does not believe it (401)."""


class StoreForbiddenError(RemoteStoreError):
    """The store knows who asks and does not let them (403)."""


class StoreNotFoundError(RemoteStoreError):
    """There is nothing at this address (404, 410)."""


class StoreMethodError(RemoteStoreError):
    """What is at this address does not take a query in any form of the SPARQL Protocol (405, 406, 415, 501)."""


class StoreQueryTooLongError(RemoteStoreError):
    """The query is longer than the store reads (413, 414, 431)."""


class StoreRejectedQueryError(RemoteStoreError):
    """The store says that it cannot read or evaluate the query (400 and other 4xx)."""


class StoreRejectedDataError(RemoteStoreError):
    """The store says that it cannot take what it was sent to keep (400 and other 4xx)."""


class StoreUploadTooLongError(RemoteStoreError):
    """An upload or update is longer than the store reads (413)."""


class StoreFullError(RemoteStoreError):
    """The store has no room left (507, or so it says)."""


class StoreContentError(RemoteStoreError):
    """The store does not hold what it was sent."""


class StoreBusyError(RemoteStoreError):
    """The store has no time now (429, 502, 503, 504).

    Attributes:
        retry_after: For how many seconds it asks to be left alone; None when it does not say.
    """

    def __init__(self, message: str, *, path: str = "", hint: str = "", retry_after: float | None = None) -> None:
        super().__init__(message, path=path, hint=hint)
        self.retry_after = retry_after


class StoreFailedError(RemoteStoreError):
    """The store failed while it worked on the query (500 and other 5xx)."""


class StoreRedirectError(RemoteStoreError):
    """The store sends to another address that cannot be followed: in a circle, unencrypted, or not over HTTP."""


class StoreAnswerError(RemoteStoreError):
    """What came back is no answer to the query: a web page, another kind of answer, broken JSON."""


class StoreAnswerTooLongError(RemoteStoreError):
    """The answer is longer than is read."""


class StoreAnswerIncompleteError(RemoteStoreError):
    """The store says that it left something out: its own limit of rows or time was reached."""


class PackageMissingError(PerezkgError):
    """A package that the work needs beside Python could not be had."""


class OutputError(PerezkgError):
    """The answer could not be written where it was asked for."""


def nearest(name: str, candidates: Iterable[str], *, written: Mapping[str, str] | None = None) -> str:
    """Return a "did you mean" hint for a misspelt name, or an empty string when nothing is near.

    Args:
        name: What was written.
        candidates: What there is.
        written: How a candidate is written where that is not its name alone.

    >>> nearest("medls", ["medals", "marks", "places"])
    'Did you mean medals?'
    >>> nearest("medls", ["medals", "load"], written={"medals": "query medals"})
    'Did you mean query medals?'
    """
    from difflib import get_close_matches

    found = get_close_matches(name, list(candidates), n=3, cutoff=0.6)
    if written:
        found = [written.get(candidate, candidate) for candidate in found]
    return f"Did you mean {' or '.join(found)}?" if found else ""


def place(text: str, offset: int) -> tuple[int, int, str]:
    r"""Return line, column (both from 1) and the text of the line of an offset.

    >>> place("ab\ncd", 4)
    (2, 2, 'cd')
    """
    start = text.rfind("\n", 0, offset) + 1
    end = text.find("\n", offset)
    return text.count("\n", 0, offset) + 1, offset - start + 1, text[start : end if end >= 0 else None]
