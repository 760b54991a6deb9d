"""Prefixed names for people: perezkg's own prefixes, then those that the files declare."""

from __future__ import annotations

import re

from pyoxigraph import Literal, NamedNode

from perezkg.namespaces import PREFIXES, shrink

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from perezkg.reading import DataFile
    from perezkg.validation.report import Term

_DECLARATION = re.compile(r"^[ \t]*@?prefix[ \t]+([\w.-]*):[ \t]*<([^>\s]*)>", re.MULTILINE | re.IGNORECASE)


class Names:
    """Shortens IRIs.

    Args:
        files: Files of Turtle or TriG whose prefixes may be used where perezkg's own do not reach.
    """

    __slots__ = ("_files", "_prefixes")

    def __init__(self, files: Iterable[DataFile] = ()) -> None:
        self._files = tuple(files)
        self._prefixes: dict[str, str] | None = None

    def iri(self, iri: str) -> str:
        """Return the prefixed name of an IRI, else the IRI in angle brackets.

        >>> Names().iri("https://w3id.org/perezkg/id/cuenca"), Names().iri("http://example.org/x")
        ('pz:cuenca', '<http://example.org/x>')
        """
        short = shrink(iri)
        if not short.startswith("<"):
            return short
        for prefix, namespace in self._declared().items():
            local = iri[len(namespace) :]
            if iri.startswith(namespace) and re.fullmatch(r"\w(?:[\w-]*\w)?", local):
                return f"{prefix}:{local}"
        return short

    def term(self, term: Term) -> str:
        """Return any term as a person would write it: a prefixed name, the words of a literal, `_:b1`.

        >>> Names().term(Literal("Río", language="es")), Names().term(Literal(1996))
        ('Río', '1996')
        """
        if isinstance(term, NamedNode):
            return self.iri(term.value)
        return term.value if isinstance(term, Literal) else str(term)

    def _declared(self) -> dict[str, str]:
        if self._prefixes is None:
            found: dict[str, str] = {}
            for file in self._files:
                for prefix, namespace in _DECLARATION.findall(file.content.decode()):
                    # A prefix of perezkg's keeps the meaning that perezkg gives it.
                    if prefix not in PREFIXES and namespace:
                        found.setdefault(prefix, namespace)
            # The longest namespace first: the most exact name wins.
            self._prefixes = dict(sorted(found.items(), key=lambda item: (-len(item[1]), item)))
        return self._prefixes
