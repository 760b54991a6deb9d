"""Where the page of a thing stands: one page an IRI, and one IRI a page.

Names of files are safe wherever a site may be put: small letters of ASCII, because Windows and macOS take `Award` and
`award` for one; none of the names that Windows keeps for devices; none too long.
"""

from __future__ import annotations

import re
from hashlib import sha256

from perezkg.vocabulary import PREFIXES

_FOLDERS = {"pz": "id", "bio": "source/biography", "src": "source", "sport": "ontology"}
_OTHERS = "other"
_PLAIN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?")
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d|index)(?:\..*)?", re.IGNORECASE)
_LONGEST = 100
_SLUG = 40
# So many digits that nobody can make two names alike by trying.
_DIGITS = 24


def address(iri: str) -> str:
    """Return the path of the page of an IRI within the tree of a language, without its extension.

    A capital letter is written `~` and the small one. Where a name cannot be a file's, and outside of perezkg's own
    namespaces, `~~` and a digest of the IRI follow what can be kept of it.

    >>> address("https://w3id.org/perezkg/id/cuenca"), address("https://w3id.org/perezkg/sport#Person")
    ('id/cuenca', 'ontology/~person')
    >>> address("https://example.org/id/Usain Bolt/../x")
    'other/x~~9edf71028c88544cf766d549'
    """
    for prefix in ("bio", "src", "pz", "sport"):
        namespace = PREFIXES[prefix]
        local = iri[len(namespace) :]
        if (
            iri.startswith(namespace)
            and _PLAIN.fullmatch(local)
            and len(local) <= _LONGEST
            and not _RESERVED.fullmatch(local)
        ):
            return f"{_FOLDERS[prefix]}/{re.sub('[A-Z]', lambda letter: '~' + letter[0].lower(), local)}"
    last = re.split(r"[/#:?=]", iri.rstrip("/#"))[-1]
    slug = re.sub("[^a-z0-9]+", "-", last.lower()).strip("-")[:_SLUG].strip("-")
    return f"{_OTHERS}/{slug or 'thing'}~~{sha256(iri.encode('utf-8', 'surrogatepass')).hexdigest()[:_DIGITS]}"


def is_term(iri: str) -> bool:
    """Tell whether an IRI is one of the vocabulary."""
    return iri.startswith(PREFIXES["sport"])


def is_link(text: str) -> bool:
    """Tell whether a text may be the target of a link out of the site: an address of the web, and no script.

    >>> is_link("https://example.org/"), is_link("javascript:alert(1)"), is_link("https://a b")
    (True, False, False)
    """
    return re.fullmatch(r"https?://[^\s<>\"\\^`{|}\x00-\x20]+", text) is not None
