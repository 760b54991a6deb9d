"""What a reader of JSON-LD leaves out without a word, as its standard says, and what its author should know.

A key that no context defines is dropped with all that it holds (JSON-LD 1.1 API, 5.1.2, 13.3), and so is every
statement with an IRI that is not valid, or relative where there is nothing to resolve it against (8.1.2).
"""

from __future__ import annotations

import re
from collections import Counter
from json import dumps, loads
from typing import TYPE_CHECKING, Any
from warnings import catch_warnings

from pyoxigraph import Literal, NamedNode

from perezkg.rdf.jsonld import refuse

if TYPE_CHECKING:
    from collections.abc import Iterator

_LONGEST = 8 << 20  # in bytes: looking through takes some six times as long as reading
_SHOWN = 3
_KEYS = (
    "key that no context defines is left out, with what it holds",
    "keys that no context defines are left out, with what they hold",
)
_IRIS = (
    "IRI that is not valid, or relative without a base, is left out, with its statements",
    "IRIs that are not valid, or relative without a base, are left out, with their statements",
)
_TAGS = (
    "language tag that is not valid is left out, with its text",
    "language tags that are not valid are left out, with their texts",
)
# Stands for no base, in whose place pyld would take one of its own.
_NO_BASE = "x-perezkg-none:/"


def losses(name: str, content: bytes, base: str | None) -> list[str]:
    """Return notices of what is left out of JSON-LD that can be read, each with its first line.

    Args:
        name: The file.
        content: What it holds.
        base: The IRI that it is read from.

    >>> losses("a.jsonld", b'{"@id": "http://e.org/a", "lable": "x"}', None)
    ['a.jsonld: 1 key that no context defines is left out, with what it holds: lable (line 1)']
    """
    from pyld import jsonld as pyld

    if len(content) > _LONGEST:
        return [_not_looked_through(name, f"it is longer than {_LONGEST >> 20} MiB")]
    keys: Counter[str] = Counter()
    try:
        with catch_warnings(action="ignore"):  # of terms that begin with "@"
            expanded = pyld.expand(
                loads(content),
                {"base": base or _NO_BASE, "documentLoader": refuse},
                on_property_dropped=lambda key: keys.update(() if key is None else (key,)),  # None: a context says so
            )
        others = list(_left_out(expanded))
    except RecursionError:
        return [_not_looked_through(name, "it is nested too deep")]
    except (pyld.JsonLdError, ValueError) as error:  # the reader of RDF takes what pyld does not
        return [_not_looked_through(name, str(error.args[0]).partition("\n")[0].rstrip("."))]
    iris = Counter({key: keys.pop(key) for key in list(keys) if ":" in key})
    iris.update(iri.removeprefix(_NO_BASE) for kind, iri in others if kind == "iri")
    tags = Counter(tag for kind, tag in others if kind == "language")
    text = content.decode()
    found = ((keys, _KEYS), (iris, _IRIS), (tags, _TAGS))
    return [f"{name}: {_number(counted, what)}: {_listed(counted, text)}" for counted, what in found if counted]


def _not_looked_through(name: str, reason: str) -> str:
    return f"{name} was not looked through for keys that no context defines: {reason}"


def _number(counted: Counter[str], one_and_many: tuple[str, str]) -> str:
    number = sum(counted.values())
    return f"{number} {one_and_many[number > 1]}"


def _listed(counted: Counter[str], text: str) -> str:
    """Return some of what was left out, in the order of the file, and how often and where each stands."""
    places = sorted((_line(text, thing), thing) for thing in counted)
    some = [
        f"{thing} ({f'{counted[thing]} times, first in ' if counted[thing] > 1 else ''}line {line})"
        for line, thing in places[:_SHOWN]
    ]
    return ", ".join(some) + (f" and {len(places) - _SHOWN} more" if len(places) > _SHOWN else "")


def _line(text: str, thing: str) -> int:
    """Return the first line in which something is a key or a value, or, as part of an IRI, the end of one."""
    whole = re.escape(dumps(thing, ensure_ascii=False))
    part = re.escape(dumps(re.split("[/#:]", thing)[-1], ensure_ascii=False)[1:])
    found = next(
        filter(None, (re.search(pattern, text, re.IGNORECASE) for pattern in (rf"{whole}\s*:", whole, part))), None
    )
    return text.count("\n", 0, found.start() if found else 0) + 1


def _left_out(value: Any, key: str = "") -> Iterator[tuple[str, str]]:  # noqa: ANN401 - any JSON
    """Yield what of expanded JSON-LD is no part of RDF: "iri" or "language", and it."""
    if isinstance(value, list):
        for item in value:
            yield from _left_out(item, key)
    elif isinstance(value, str) and key in ("@id", "@type"):
        if value.startswith(_NO_BASE) or (not value.startswith("_:") and not _is_valid(value)):
            yield "iri", value
    elif isinstance(value, dict) and "@value" in value:
        language = value.get("@language")
        if language is not None and not _is_language(language):
            yield "language", language
    elif isinstance(value, dict):
        for name, item in value.items():
            if name[0] != "@" and not _is_valid(name):
                yield "iri", name
            elif name not in ("@index", "@context"):
                yield from _left_out(item, name)


def _is_valid(iri: str) -> bool:
    try:
        NamedNode(iri)
    except ValueError:
        return False
    return True


def _is_language(tag: str) -> bool:
    try:
        Literal("", language=tag)
    except ValueError:
        return False
    return True
