"""The RDF syntaxes, each a row of one table: what it is called, where it is met, and what reads and writes it.

Everything that knows syntaxes reads this table: options and their help, file names, media types, messages, tests. A new
one is a row here, and a function that writes it or a parser of pyoxigraph that reads it.

The table is on the path of `query` and of `--help`, so it is cheap: names in place of parsers and functions.
"""

from __future__ import annotations

import os

from perezkg.errors import InputUnreadableError, UnknownFormatError, nearest
from perezkg.resources import function

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from pyoxigraph import RdfFormat

STANDARD_INPUT = "-"
"""What stands for it in place of a path."""


class Syntax:
    """A way to write RDF down.

    Attributes:
        name: What `--format` and `--data-format` call it.
        extensions: Of file names, each with its full stop; each may be followed by `.gz`.
        media_types: Its own, then older ones for the same.
        parser: The name in pyoxigraph's `RdfFormat` of what reads it; empty when it is only written.
        writer: `module:function` of what writes it; empty where nothing does, or where canonical lines are it already.
            The function takes lines of canonical N-Triples, which can be counted and gone through as often as wanted,
            and a mapping from prefixes to namespaces, and yields text. Where named graphs are kept, it takes a mapping
            from the names of graphs to their lines instead.
        streamed: Whether it is read piece by piece, however long it is; others are read whole.
        graphs: Whether it keeps named graphs.
        lines: Whether each statement is a canonical line, so that any number of them is written in little memory.
    """

    __slots__ = ("extensions", "graphs", "lines", "media_types", "name", "parser", "streamed", "writer")

    def __init__(
        self,
        name: str,
        *,
        extensions: tuple[str, ...] = (),
        media_types: tuple[str, ...] = (),
        parser: str = "",
        writer: str = "",
        streamed: bool = False,
        graphs: bool = False,
        lines: bool = False,
    ) -> None:
        self.name = name
        self.extensions = extensions
        self.media_types = media_types
        self.parser = parser
        self.writer = writer
        self.streamed = streamed
        self.graphs = graphs
        self.lines = lines

    def __repr__(self) -> str:
        return f"Syntax({self.name!r})"

    @property
    def format(self) -> RdfFormat:
        """What pyoxigraph's parser calls it."""
        from pyoxigraph import RdfFormat

        return getattr(RdfFormat, self.parser)  # type: ignore[no-any-return]

    @property
    def write(self) -> Callable[[object, Mapping[str, str]], Iterator[str]]:
        """The function that `writer` names."""
        return function(self.writer)


SYNTAXES = {
    syntax.name: syntax
    for syntax in (
        Syntax(
            "turtle",
            extensions=(".ttl", ".turtle"),
            media_types=("text/turtle", "application/x-turtle"),
            parser="TURTLE",
            writer="perezkg.rdf.turtle:turtle",
            streamed=True,
        ),
        Syntax("longturtle", writer="perezkg.rdf.turtle:long_turtle"),
        Syntax(
            "jsonld",
            extensions=(".jsonld", ".json"),
            media_types=("application/ld+json",),
            parser="JSON_LD",
            writer="perezkg.rdf.jsonld:jsonld",
            graphs=True,
        ),
        Syntax("framed", writer="perezkg.rdf.framing:framed"),
        Syntax(
            "ntriples",
            extensions=(".nt",),
            # text/plain is what N-Triples were called before they had a name of their own.
            media_types=("application/n-triples", "text/plain"),
            parser="N_TRIPLES",
            streamed=True,
            lines=True,
        ),
        Syntax(
            "nquads",
            extensions=(".nq",),
            media_types=("application/n-quads",),
            parser="N_QUADS",
            streamed=True,
            graphs=True,
            lines=True,
        ),
        Syntax(
            "trig",
            extensions=(".trig",),
            media_types=("application/trig",),
            parser="TRIG",
            writer="perezkg.rdf.turtle:trig",
            streamed=True,
            graphs=True,
        ),
        Syntax(
            "rdfxml",
            extensions=(".rdf", ".xml", ".owl"),
            media_types=("application/rdf+xml",),
            parser="RDF_XML",
            writer="perezkg.rdf.export:rdfxml",
        ),
    )
}
"""The syntaxes by their names."""


def readable() -> dict[str, Syntax]:
    """Return the syntaxes that can be read: first what takes little memory, single graphs before datasets.

    >>> print(*readable())
    turtle ntriples nquads trig rdfxml jsonld
    """
    found = [syntax for syntax in SYNTAXES.values() if syntax.parser]
    return {syntax.name: syntax for syntax in sorted(found, key=lambda syntax: (not syntax.streamed, syntax.graphs))}


def writable() -> dict[str, Syntax]:
    """Return the syntaxes that can be written.

    >>> print(*writable())
    turtle longturtle jsonld framed ntriples nquads trig rdfxml
    """
    return {name: syntax for name, syntax in SYNTAXES.items() if syntax.writer or syntax.lines}


def extension_of(path: str) -> str:
    """Return the extension of a file name, without `.gz` and in small letters.

    >>> extension_of("a/Perez.TTL.gz")
    '.ttl'
    """
    return os.path.splitext(path.lower().removesuffix(".gz"))[1]


def by_extension(path: str) -> Syntax | None:
    """Return the syntax that a file name tells, or None."""
    extension = extension_of(path)
    return next((syntax for syntax in SYNTAXES.values() if extension in syntax.extensions), None)


def syntax_of(path: str, name: str | None) -> Syntax:
    """Return the syntax of a file: the one that is named, else what its extension tells.

    Raises:
        UnknownFormatError: There is none of this name, or the extension tells none.
        InputNotFoundError: The extension tells none, and there is no such file.
        InputUnreadableError: It is a directory.
    """
    known = readable()
    if name is not None:
        if name not in known:
            raise UnknownFormatError(
                f"unknown RDF format {name!r}", hint=nearest(name, known) or f"Known formats: {', '.join(known)}."
            )
        return known[name]
    if path == STANDARD_INPUT:
        raise UnknownFormatError(
            "the format of standard input is not known", hint=f"Say it: --data-format {'|'.join(known)}"
        )
    syntax = by_extension(path)
    if syntax is not None and syntax.parser:
        return syntax
    if not os.path.exists(path):
        from perezkg.rdf.faults import not_found

        raise not_found(path)
    if os.path.isdir(path):
        raise InputUnreadableError("this is a directory, not a file", path=path, hint="Name the files in it.")
    extension = extension_of(path)
    endings = " ".join(ending for syntax in known.values() for ending in syntax.extensions)
    raise UnknownFormatError(
        f"the format of a file that ends in {extension!r} is not known" if extension else "its format is not known",
        path=path,
        hint=f"Known endings: {endings}. Or say it: --data-format {'|'.join(known)}",
    )
