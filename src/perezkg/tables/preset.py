"""Presets: how a kind of table is read, told in a small TOML file."""

from __future__ import annotations

import os
import re
import tomllib
from dataclasses import dataclass, field, replace
from functools import cache

from perezkg.errors import InputNotFoundError, InputUnreadableError, PresetError, UsageError, nearest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

FIELDS = (
    "athlete", "birth", "nation", "sex", "club", "mark", "rank", "wind", "venue", "date", "year", "discipline",
    "category", "competition", "round", "relay",
)  # fmt: skip
"""What a column can hold."""

_FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "presets")
_KINDS = {
    "title": dict,
    "publisher": str,
    "language": str,
    "languages": list,
    "complete": bool,
    "runners": bool,
    "ignored": list,
    "notes": list,
    "required": list,
    "skip": list,
    "title_line": str,
    "file_name": str,
    "contest": list,
    **dict.fromkeys(("read", "fields", "cells", "values", "constants", "edition", "labels"), dict),
    **dict.fromkeys(("disciplines", "parts", "checks"), list),
}
_READ = ("encoding", "separator", "thousands", "null", "header", "sheet")


@dataclass(frozen=True)
class Discipline:
    """A discipline, or many whose names are alike.

    Attributes:
        match: What the name in the table looks like, whole and whatever the case of its letters.
        kind: Of the contest: race, field, combined, lifting, standings.
        unit: Of its marks: second, metre, kilogram, point.
        metres: The distance; groups of `match` in braces.
        team: Whether teams compete.
        labels: Its name by language; groups of `match` in braces. None: as the table writes it.
    """

    match: str
    kind: str = "race"
    unit: str = "second"
    metres: str = ""
    team: bool = False
    labels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Part:
    """A part of a contest with a mark of its own: the snatch."""

    labels: Mapping[str, str]
    mark: str
    attempts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Check:
    """What several columns must agree in.

    Attributes:
        kind: same (all are the same time or number), best (the first is the best of the others), sum (of the others).
        columns: The columns.
    """

    kind: str
    columns: tuple[str, ...]


@dataclass(frozen=True)
class Preset:
    """How a kind of table is read; docs/import.md tells the keys of its file."""

    name: str
    path: str
    title: Mapping[str, str] = field(default_factory=dict)
    publisher: str = ""
    language: str = ""
    languages: tuple[str, ...] = ("en",)
    complete: bool = False
    runners: bool = False
    ignored: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    required: tuple[str, ...] = ("athlete",)
    skip: tuple[str, ...] = ()
    title_line: str = ""
    file_name: str = ""
    contest: tuple[str, ...] = ("discipline", "category", "sex", "competition", "venue", "date", "year", "round")
    read: Mapping[str, Any] = field(default_factory=dict)
    fields: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    cells: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    edition: Mapping[str, str] | None = None
    labels: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    disciplines: tuple[Discipline, ...] = ()
    parts: tuple[Part, ...] = ()
    checks: tuple[Check, ...] = ()

    def told(self, constants: Mapping[str, str]) -> Preset:
        """Return the same with constants of its user: fields, or `publisher`, `language`, `languages`, `encoding`.

        Raises:
            UsageError: One has a name that there is not.
        """
        found = self
        for name, value in constants.items():
            if name in FIELDS:
                found = replace(found, constants={**found.constants, name: value})
            elif name == "publisher":
                found = replace(found, publisher=value)
            elif name == "language":
                found = replace(found, language=value)
            elif name == "languages":
                found = replace(found, languages=tuple(value.split(",")))
            elif name in ("series", "level"):
                found = replace(found, edition={**(found.edition or {}), name: value})
            elif name in _READ:
                found = replace(found, read={**found.read, name: value})
            else:
                known = (*FIELDS, "publisher", "language", "languages", "series", "level", *_READ)
                raise UsageError(f"there is nothing called {name!r} to set", hint=nearest(name, known))
        return found

    def words(self, lang: str) -> Mapping[str, Any]:
        """Return the label templates and words of a language; what the preset lacks is the shared one's, or English."""
        shared = _shared_words()
        return {**shared["en"], **shared.get(lang, {}), **self.labels.get(lang, {})}


@cache
def _shared_words() -> dict[str, dict[str, Any]]:
    return _read_toml(os.path.join(_FOLDER, "..", "words.toml"))


def shipped() -> dict[str, str]:
    """Return the paths of the presets that perezkg brings, by their names."""
    return {name[:-5]: os.path.join(_FOLDER, name) for name in sorted(os.listdir(_FOLDER)) if name.endswith(".toml")}


def preset(name: str) -> Preset:
    """Return a preset, by its name or by the path of its file.

    >>> preset("world-athletics").publisher
    'World Athletics'

    Raises:
        UsageError: There is none of this name.
        PresetError: A key or a value of it is wrong.
        InputNotFoundError: There is no such file.
    """
    known = shipped()
    if name not in known and not (name.endswith(".toml") or os.path.exists(name)):
        raise UsageError(
            f"there is no preset {name!r}", hint=nearest(name, known) or "`perezkg import --show-presets` lists them."
        )
    path = known.get(name, name)
    found = _read_toml(path)
    for key, value in found.items():
        if key not in _KINDS:
            raise PresetError(f"a preset has no {key!r}", path=path, hint=nearest(key, _KINDS))
        if not isinstance(value, _KINDS[key]):
            raise PresetError(f"{key!r} must be of the type {_KINDS[key].__name__}", path=path)
    try:
        return _made(name, path, found)
    except (TypeError, ValueError, AttributeError, re.error) as error:
        raise PresetError(f"the preset cannot be used: {error}", path=path) from None


def _made(name: str, path: str, found: dict[str, Any]) -> Preset:
    for key in (
        *found.get("fields", ()),
        *found.get("cells", ()),
        *found.get("values", ()),
        *found.get("constants", ()),
    ):
        if key not in FIELDS:
            raise PresetError(f"there is no field {key!r}", path=path, hint=nearest(key, FIELDS))
    for key in found.get("read", ()):
        if key not in _READ:
            raise PresetError(f"there is nothing called {key!r} about reading", path=path, hint=nearest(key, _READ))
    for expression in (found.get("title_line", ""), found.get("file_name", ""), *found.get("skip", ())):
        re.compile(expression)
    made: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in found.items()}
    made["fields"] = {
        key: (value,) if isinstance(value, str) else tuple(value) for key, value in found.get("fields", {}).items()
    }
    made["disciplines"] = tuple(Discipline(**rule) for rule in found.get("disciplines", ()))
    made["parts"] = tuple(
        Part(part["labels"], part["mark"], tuple(part.get("attempts", ()))) for part in found.get("parts", ())
    )
    made["checks"] = tuple(Check(check["kind"], tuple(check["columns"])) for check in found.get("checks", ()))
    for rule in made["disciplines"]:
        re.compile(rule.match)
    return Preset(name, path, **made)


def _read_toml(path: str) -> dict[str, Any]:
    try:
        with open(path, "rb") as file:
            return tomllib.load(file)
    except FileNotFoundError:
        raise InputNotFoundError("there is no such file", path=path) from None
    except (OSError, UnicodeDecodeError) as error:
        raise InputUnreadableError(f"cannot be read: {getattr(error, 'strerror', None) or error}", path=path) from None
    except tomllib.TOMLDecodeError as error:
        raise PresetError(f"it is not TOML: {error}", path=path) from None
