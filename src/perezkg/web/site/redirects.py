"""What leads to the pages: a sitemap for search engines, and the redirections of IRIs for w3id.org."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote
from xml.sax.saxutils import escape

from perezkg.resources import LANGUAGES
from perezkg.web.site.statements import FILES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_HOST = "https://w3id.org/perezkg/"
# What may stand in a rule as it is; any other IRI has a page, and no redirection.
_PLAIN = re.compile(r"[A-Za-z0-9._/-]+")


def sitemap(base_url: str, pages: Sequence[str]) -> Iterator[str]:
    """Yield the sitemap: each page, with its other languages."""
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    yield '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml">\n'
    for page in pages:
        places = {lang: escape(f"{base_url}{lang}/{quote(page, safe='/~')}", {'"': "&quot;"}) for lang in LANGUAGES}
        others = "".join(
            f'<xhtml:link rel="alternate" hreflang="{lang}" href="{place}"/>' for lang, place in places.items()
        )
        for place in places.values():
            yield f"<url><loc>{place}</loc>{others}</url>\n"
    yield "</urlset>\n"


def htaccess(base_url: str, addresses: Mapping[str, str]) -> Iterator[str]:
    """Yield the rules of w3id.org for perezkg's IRIs: a page for people, RDF for machines that ask for it.

    What follows `#` does not reach a server, so that all terms lead to the page of the ontology.
    """
    yield "# https://w3id.org/perezkg/ leads to the pages and files of this site.\n"
    yield "Options +FollowSymLinks\nRewriteEngine on\n\n"
    rules = {"sport": "ontology/index"}
    for iri, place in addresses.items():
        local = iri.removeprefix(_HOST)
        if iri.startswith(_HOST) and _PLAIN.fullmatch(local) and "#" not in local and local != "sport":
            rules[local] = place
    for local, place in sorted(rules.items()):
        pattern = re.escape(local)
        path = quote(place, safe="/~")
        if local != "sport":
            for extension, kind in FILES:
                yield f"RewriteCond %{{HTTP_ACCEPT}} {re.escape(kind)}\n"
                yield f"RewriteRule ^{pattern}$ {base_url}data/{path}{extension} [R=303,L]\n"
        yield "RewriteCond %{HTTP:Accept-Language} ^es\n"
        yield f"RewriteRule ^{pattern}$ {base_url}es/{path}.html [R=303,L]\n"
        yield f"RewriteRule ^{pattern}$ {base_url}en/{path}.html [R=303,L]\n"
