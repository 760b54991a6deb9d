"""Pages from templates: the one module that knows Jinja2. Whatever is put into a page is escaped."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from pyoxigraph import Literal

from perezkg.resources import LANGUAGES, VERSION
from perezkg.things.description import shown
from perezkg.web.site.addresses import is_link
from perezkg.words import catalogue, words

if TYPE_CHECKING:
    from typing import Any


_HERE = os.path.dirname(os.path.abspath(__file__))


def asset(name: str) -> str:
    """Return the text of a file that stands beside this module."""
    with open(os.path.join(_HERE, name), encoding="utf-8") as file:
        return file.read()


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
        self, lang: str, addresses: dict[str, str], title: str, base_url: str, as_of: str, *, asks: bool = False
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

    def render(self, template: str, page: str, **values: Any) -> list[str]:  # noqa: ANN401 - whatever a template shows
        """Return a page.

        Args:
            template: The file in templates/.
            page: The path of the page within the tree of its language, as `id/cuenca.html`.
            values: What the template shows.
        """
        place = f"{self.lang}/{page}"

        # Paths hold none of the characters that an address would have to escape; see `addresses.address`.
        up = "../" * page.count("/")
        addresses = self._addresses

        return [
            self._environment.get_template(template).render(
                values,
                here=place,
                page=page,
                up=up,
                top=f"{up}../",
                to=lambda iri: f"{up}{addresses[iri]}.html" if iri in addresses else "",
                canonical=self._base_url + place if self._base_url else "",
            )
        ]


def unescaped(text: str) -> Markup:
    """Return JSON that holds none of the characters of HTML as a piece of a page; see `SchemaOrg.document`."""
    return Markup(text)  # noqa: S704
