"""The parameters of a query: which variables they are, and values of their types.

`?_name` must be given, `?__name` may be; what follows the name says the type: `_iri`, `_integer`, `_number`,
`_xsd_date` or a language (`_en`); nothing means a plain string.
"""

from __future__ import annotations

import re
from contextlib import suppress

from perezkg.errors import MissingParameterError, ParameterValueError, UnknownParameterError, UsageError, nearest
from perezkg.vocabulary import PREFIXES, XSD

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Protocol

    from pyoxigraph import Literal, NamedNode

    from perezkg.sparql.tokens import Token

    class Query(Protocol):
        """What is asked of a query here; `perezkg.sparql.catalogue.CannedQuery` has it."""

        @property
        def title(self) -> str:
            """What to call it in a message."""

        @property
        def parameters(self) -> dict[str, Parameter]:
            """The parameters by name."""


# By what stands behind the name of a variable: the kind of the parameter, what it is in words, an example.
_KINDS = {
    "": ("string", "text", "text"),
    "iri": ("iri", "the name of a thing, or its IRI", "pz:jefferson-perez"),
    "integer": ("integer", "an integer", "1996"),
    "number": ("number", "a number", "20.5"),
    "xsd_date": ("date", "a date, as 2008-08-16", "2008-08-16"),
}
_VARIABLE = re.compile(rf"_(_?)([A-Za-z0-9]+)(?:_({'|'.join(filter(None, _KINDS))}|[a-z]{{2,3}}))?")
_FORBIDDEN_IN_IRI = re.compile(r'[<>"{}|^`\\\x00-\x20]')
# Schemes that have no // after them: anything else of the form a:b is taken for a prefixed name, and checked.
_SCHEMES = frozenset(("did", "doi", "geo", "info", "mailto", "tag", "tel", "urn"))


class Parameter:
    """A parameter of a query.

    Attributes:
        name: What it is given by: `-p name=value`, `query(…, name=value)`.
        kind: string, iri, integer, number, date or language.
        language: The language tag of a parameter of kind language, else "".
        required: Whether it must be given when it has no default.
        default: Its value when none is given, as text; None when it has none.
        choices: The values it may take, as text; empty when any will do.
        variables: The variables of the query that it stands for, without question mark.
        type_name: The type in words, for a person.
    """

    __slots__ = ("_example", "choices", "default", "kind", "language", "name", "required", "type_name", "variables")

    def __init__(
        self, name: str, suffix: str, *, required: bool, default: str | None, choices: tuple[str, ...]
    ) -> None:
        self.name = name
        self.language = "" if suffix in _KINDS else suffix
        self.kind, self.type_name, self._example = _KINDS.get(
            suffix, ("language", f"text in the language {suffix}", "text")
        )
        self.required = required
        self.default = default
        self.choices = choices
        self.variables: list[str] = []

    def __repr__(self) -> str:
        return f"Parameter({self.name!r}, {self.kind!r}, required={self.required})"

    @property
    def example(self) -> str:
        """`name=value` with a value of the right type: the default or first choice where there is one."""
        value = self.default or next(iter(self.choices), "") or self._example
        return f"{self.name}='{value}'" if " " in value else f"{self.name}={value}"


def find_parameters(
    tokens: Iterable[Token], defaults: dict[str, str], choices: dict[str, tuple[str, ...]]
) -> dict[str, Parameter]:
    """Return the parameters that the variables of a query make, by name, in order of appearance."""
    found: dict[str, Parameter] = {}
    for token in tokens:
        match = _VARIABLE.fullmatch(token.text, 1) if token.kind == "variable" else None
        if not match:
            continue
        optional, name, suffix = match.groups()
        if name not in found:
            found[name] = Parameter(
                name,
                suffix or "",
                required=not optional,
                default=defaults.get(name),
                choices=choices.get(name, ()),
            )
        if match[0] not in found[name].variables:
            found[name].variables.append(match[0])
    return found


def resolve(
    query: Query, given: dict[str, object], lang: str = "en", find: Callable[[str], NamedNode] | None = None
) -> dict[str, NamedNode | Literal]:
    """Return the term for each variable of a query that gets a value.

    Args:
        query: The query.
        given: Values by parameter name, Python objects or text as from a shell.
        lang: The value of the parameter `lang`, where the query has it and it is not given.
        find: Finds the thing that is called so, where a text is neither an IRI nor a name with a known prefix.

    Raises:
        UnknownParameterError: The query has no such parameter.
        MissingParameterError: A parameter without a default was not given.
        ParameterValueError: A value is not of the parameter's type, or not among its choices.
    """
    parameters = query.parameters
    for name in given:
        if name not in parameters:
            known = ", ".join(parameters) or "none"
            raise UnknownParameterError(
                f"{query.title} has no parameter {name!r}",
                hint=nearest(name, parameters) or f"Its parameters: {known}.",
            )
    values = {}
    for parameter in parameters.values():
        value = given.get(parameter.name)
        if value is None:
            value = lang if parameter.name == "lang" else parameter.default
        if value is None:
            if parameter.required:
                choices = f", one of {', '.join(parameter.choices)}" if parameter.choices else ""
                raise MissingParameterError(
                    f"{query.title} needs the parameter {parameter.name}: {parameter.type_name}{choices}",
                    hint=f"Give it: -p {parameter.example}",
                )
            continue
        term = to_term(parameter, value, find)
        for variable in parameter.variables:
            values[variable] = term
    return values


def things(query: Query, given: dict[str, object]) -> list[NamedNode]:
    """Return the things that a query is asked about by IRI or prefixed name; what has a label is known."""
    from pyoxigraph import NamedNode

    terms = []
    for name, value in given.items():
        if query.parameters[name].kind == "iri":
            with suppress(ParameterValueError):
                terms.append(to_term(query.parameters[name], value))
    return [term for term in terms if isinstance(term, NamedNode)]


def named_values(options: Iterable[str]) -> dict[str, object]:
    """Return values by the names of their parameters, from texts as they follow `-p`.

    Raises:
        UsageError: One is not of the form name=value, or a name comes twice.

    >>> named_values(["start=1996", "end=2000"])
    {'start': '1996', 'end': '2000'}
    """
    values: dict[str, object] = {}
    for option in options:
        name, equals, value = option.partition("=")
        if not equals or not name:
            raise UsageError(f"-p {option!r} is not of the form name=value")
        if name in values:
            raise UsageError(f"parameter {name} is given twice")
        values[name] = value
    return values


def to_term(parameter: Parameter, value: object, find: Callable[[str], NamedNode] | None = None) -> NamedNode | Literal:
    """Return a value as the RDF term that the parameter's type asks for, in canonical form; see `resolve`.

    Raises:
        ParameterValueError: The value is not of that type, or not among the choices.

    >>> str(to_term(Parameter("start", "integer", required=True, default=None, choices=()), "+01996"))
    '"1996"^^<http://www.w3.org/2001/XMLSchema#integer>'
    """
    text = _text(parameter, value)
    try:
        term = _typed(parameter, text)
    except ParameterValueError:
        if parameter.kind != "iri" or find is None or not text.strip():
            raise
        term = _found(parameter, text, find)
    if parameter.choices and term not in [_typed(parameter, choice) for choice in parameter.choices]:
        raise ParameterValueError(
            f"parameter {parameter.name}: {str(value)!r} is not one of {', '.join(parameter.choices)}",
            hint=nearest(str(value), parameter.choices),
        )
    return term


def _found(parameter: Parameter, text: str, find: Callable[[str], NamedNode]) -> NamedNode:
    try:
        return find(text)
    except UsageError as error:
        raise ParameterValueError(f"parameter {parameter.name}: {error.message}", hint=error.hint) from None


def _text(parameter: Parameter, value: object) -> str:
    if isinstance(value, bool):
        raise _wrong(parameter, value)
    if isinstance(value, float) and parameter.kind == "number":
        return f"{value!r}e0" if "e" not in repr(value) else repr(value)
    text = getattr(value, "value", value)  # a pyoxigraph term
    kind = type(text).__name__
    if kind == "Decimal":
        text = format(text, "f")
    elif kind == "date":
        text = text.isoformat()  # type: ignore[attr-defined]
    elif not isinstance(text, (str, int)):
        raise _wrong(parameter, value)
    text = str.__str__(text) if isinstance(text, str) else str(text)
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise ParameterValueError(f"parameter {parameter.name}: the value is not valid UTF-8 text")
    return text


def _typed(parameter: Parameter, text: str) -> NamedNode | Literal:
    from pyoxigraph import Literal, NamedNode

    kind = parameter.kind
    if kind == "string":
        return Literal(text)
    if kind == "language":
        return Literal(text, language=parameter.language)
    if kind == "iri":
        iri = _iri(parameter, text)
        try:
            return NamedNode(iri)
        except ValueError:
            raise _wrong(parameter, text) from None
    text = text.strip(" \t\r\n")
    datatype = kind
    try:
        if kind == "integer":
            if not re.fullmatch(r"[+-]?[0-9]+", text):
                raise ValueError(text)  # noqa: TRY301 - one place makes the message
            text = _integer(parameter, text)
        elif kind == "number":
            text, datatype = _number(text)
        else:
            from datetime import date

            if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
                raise ValueError(text)  # noqa: TRY301
            date.fromisoformat(text)
    except ValueError:
        raise _wrong(parameter, text) from None
    return Literal(text, datatype=NamedNode(XSD + datatype))


def _number(text: str) -> tuple[str, str]:
    """Return the canonical form of a number and its datatype: decimal, or double when it has an exponent."""
    match = re.fullmatch(r"([+-]?)([0-9]*)(?:\.([0-9]*))?([eE][+-]?[0-9]+)?", text)
    if not match or not (match[2] or match[3]):
        raise ValueError(text)
    if match[4]:
        value = float(text)
        if value in (float("inf"), float("-inf")):
            raise ValueError(text)
        # The fewest digits that read back as this number, as one digit, a point and an exponent.
        shortest = next(form for digits in range(1, 18) if float(form := f"{value:.{digits}e}") == value)
        mantissa, _, exponent = shortest.partition("e")
        return f"{mantissa}E{int(exponent)}", "double"
    whole = match[2].lstrip("0") or "0"
    fraction = (match[3] or "").rstrip("0") or "0"
    sign = "-" if match[1] == "-" and (whole, fraction) != ("0", "0") else ""
    return f"{sign}{whole}.{fraction}", "decimal"


def _iri(parameter: Parameter, text: str) -> str:
    inner = text[1:-1] if text.startswith("<") and text.endswith(">") else text
    prefix, colon, local = inner.partition(":")
    if not colon or _FORBIDDEN_IN_IRI.search(inner):
        raise _wrong(parameter, text)
    if inner is text and prefix in PREFIXES:
        return PREFIXES[prefix] + local
    if local.startswith("//") or prefix.lower() in _SCHEMES:
        return inner
    raise ParameterValueError(
        f"parameter {parameter.name}: the prefix {prefix!r} of {text!r} is not known",
        hint=nearest(prefix, PREFIXES) or f"Known prefixes: {', '.join(PREFIXES)}. Or write the whole IRI.",
    )


def _integer(parameter: Parameter, text: str) -> str:
    """Return an integer in canonical form; engines count in 64 bits, and find nothing beyond without a word."""
    digits = text.lstrip("+-0") or "0"
    if len(digits) > 19 or not -(2**63) <= int(text) < 2**63:
        raise ParameterValueError(
            f"parameter {parameter.name}: an integer of {len(digits)} digits is more than engines can count",
            hint="They count from -2^63 to 2^63 - 1.",
        )
    return str(int(text))


def _wrong(parameter: Parameter, value: object) -> ParameterValueError:
    return ParameterValueError(
        f"parameter {parameter.name}: {str(value)!r} is not {parameter.type_name}",
        hint=f"For example: {parameter.example}",
    )
