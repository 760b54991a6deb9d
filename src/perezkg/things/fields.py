"""What is told of a thing as JSON: each class says once which of its attributes, and in which order."""

from __future__ import annotations

from pyoxigraph import Literal

from perezkg.vocabulary import XSD

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, ClassVar


class Fields:
    """Base of what has a form in JSON.

    Attributes:
        fields: The keys of the form, with blanks between them. A key is the name of an attribute, or `key=path` where
            they differ; `*path` takes the keys of what is there.
    """

    __slots__ = ()
    fields: ClassVar[str]

    def to_dict(self) -> dict[str, Any]:
        """Return the form, ready for JSON; what is not told is null. docs/citing.md tells its shape."""
        found: dict[str, Any] = {}
        for field in self.fields.split():
            key, _, path = field.partition("=")
            value: Any = self
            for name in (path or key).removeprefix("*").split("."):
                value = None if value is None else getattr(value, name)
            if key.startswith("*"):
                found |= value.to_dict()
            else:
                found[key] = _prefixed(value) if key == "name" else _plain(value)
        return found


def literal(term: Literal) -> dict[str, str]:
    """Return `value` with `language`, or with `datatype` where it is not a mere text."""
    if term.language:
        return {"value": term.value, "language": term.language}
    datatype = term.datatype.value
    return {"value": term.value} | ({} if datatype == XSD + "string" else {"datatype": datatype})


def _prefixed(name: str) -> str | None:
    """Return a prefixed name as it is, and None for an IRI in angle brackets."""
    return None if not name or name.startswith("<") else name


def _plain(value: Any) -> Any:  # noqa: ANN401 - any JSON
    if isinstance(value, Fields):
        return value.to_dict()
    if isinstance(value, Literal):
        return literal(value)
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return None if value == "" else value
