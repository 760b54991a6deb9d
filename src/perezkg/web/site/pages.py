"""Pages from templates: the one module that knows Jinja2. Whatever is put into a page is escaped."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jinja2.ext import Extension
from markupsafe import Markup, escape
from pyoxigraph import Literal

from perezkg.resources import LANGUAGES, VERSION
from perezkg.things.description import shown
from perezkg.web.site.addresses import is_link
from perezkg.words import catalogue, words

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

_HERE = os.path.dirname(os.path.abspath(__file__))


def asset(name: str) -> str:
    """Return the text of a file that stands beside this module."""
    with open(os.path.join(_HERE, name), encoding="utf-8") as file:
        return file.read()


class _Folded(Extension):
    """Words that a template names stand in it as text when it is compiled, rather than be looked up for each page."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:  # noqa: ARG002
        told: Mapping[str, str] = self.environment.globals["w"]  # type: ignore[assignment]
        return re.sub(r"\{\{ w\['([^'{}]+)'\] \}\}", lambda found: str(escape(told[found[1]])), source)


class _Links:
    """What leads to the page of an IRI, from pages so deep in the tree of a language; empty where it has none."""

    __slots__ = ("_addresses", "_up")

    def __init__(self, addresses: Mapping[str, str], up: str) -> None:
        self._addresses = addresses
        self._up = up

    def __getitem__(self, iri: str) -> str:
        # Paths hold none of the characters that an address would have to escape; see `addresses.address`.
        place = self._addresses.get(iri)
        return f"{self._up}{place}.html" if place else ""


class Pages:
    """Makes the pages of one language.

    Args:
        lang: The language.
        addresses: The path of the page of each IRI that has one, without language and extension.
        title: What the site is about.
        base_url: Where the site will stand, with a slash at the end; empty when that is not known.
        as_of: The day for which the site tells what is true.
        asks: Whether it has a page on which a reader asks SPARQL.
    """

    def __init__(
        self, lang: str, addresses: Mapping[str, str], title: str, base_url: str, as_of: str, *, asks: bool = False
    ) -> None:
        self.lang = lang
        self._addresses = addresses
        self._base_url = base_url
        self._environment = Environment(
            loader=FileSystemLoader(os.path.join(_HERE, "templates")),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
            extensions=[_Folded],
        )
        heads = catalogue(lang).get("columns", {}) if lang != "en" else {}
        self._environment.globals |= {
            "lang": lang,
            "languages": LANGUAGES,
            "version": VERSION,
            "w": words("site", lang),
            "site_title": title,
            "as_of": as_of,
            "asks": asks,
            "is_link": is_link,
            "is_literal": lambda value: isinstance(value.term, Literal),
            "shown": lambda values: shown(values, lang),
            "head": lambda name: heads.get(name, name),
            "land": lambda: Markup(asset("land.svg").partition("<path")[2].partition("/>")[0].join(("<path", "/>"))),  # noqa: S704 - our own file
        }
        # Imported by each page, they would cost a tenth of it.
        for name, template in (("v", "values.html"), ("b", "bars.html")):
            self._environment.globals[name] = self._environment.get_template(template).module

    def render(self, template: str, page: str, **values: Any) -> list[str]:  # noqa: ANN401 - whatever a template shows
        """Return a page.

        Args:
            template: The file in templates/.
            page: The path of the page within the tree of its language, as `id/cuenca.html`.
            values: What the template shows.
        """
        place = f"{self.lang}/{page}"

        up = "../" * page.count("/")
        return [
            self._environment.get_template(template).render(
                values,
                here=place,
                page=page,
                up=up,
                top=f"{up}../",
                to=_Links(self._addresses, up),
                canonical=self._base_url + place if self._base_url else "",
            )
        ]


def unescaped(text: str) -> Markup:
    """Return JSON that holds none of the characters of HTML as a piece of a page; see `SchemaOrg.document`."""
    return Markup(text)  # noqa: S704
