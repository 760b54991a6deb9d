"""Files of shapes: perezkg's own, its profiles, anybody's; read, and refused when a rule reaches for the network."""

from __future__ import annotations

from pyoxigraph import Literal

from perezkg import reading, resources
from perezkg.binding import refuse_remote
from perezkg.errors import RemoteAccessRefusedError, SparqlSyntaxError, UsageError, nearest
from perezkg.validation.paths import SH
from perezkg.validation.shapes import ShapesError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pyoxigraph import Quad

    from perezkg.reading import DataFile

_QUERIES = (SH + "select", SH + "ask")


def own(name: str) -> DataFile:
    """Return a file of the ontology folder."""
    return reading.read(resources.ontology_file(name))


def profiles() -> tuple[str, ...]:
    """Return the names of the profiles that perezkg ships.

    >>> profiles()
    ('provenance',)
    """
    return tuple(resources.profile_files())


def profile_file(name: str) -> DataFile:
    """Return the shapes of a profile.

    Raises:
        UsageError: There is no such profile; the nearest name is in its hint.
    """
    paths = resources.profile_files()
    if name not in paths:
        raise UsageError(
            f"there is no profile {name!r}", hint=nearest(name, paths) or f"Choose one of: {', '.join(paths)}."
        )
    return reading.read(paths[name])


def shape_quads(file: DataFile) -> list[Quad]:
    """Return the triples of a file of shapes.

    Raises:
        RdfSyntaxError: The file breaks the grammar of its syntax.
        ShapesError: There are no shapes in it.
        RemoteAccessRefusedError: A rule in it asks for something from the network.
        SparqlSyntaxError: A rule in it is an update.
    """
    quads = list(reading.parse(file))
    if not any(quad.predicate.value.startswith(SH) for quad in quads):
        raise ShapesError("this file holds no shapes", path=file.name, hint="Whatever is checked against it conforms.")
    for quad in quads:
        if quad.predicate.value in _QUERIES and isinstance(quad.object, Literal):
            try:
                refuse_remote(quad.object.value, path=file.name)
            except (RemoteAccessRefusedError, SparqlSyntaxError) as error:
                _place(error, file, quad, quads)
                raise
    return quads


def _place(error: RemoteAccessRefusedError | SparqlSyntaxError, file: DataFile, quad: Quad, quads: list[Quad]) -> None:
    """Let an error tell the place in the file instead of that in the query, so far as the file's syntax allows."""
    from perezkg.validation.locations import Wanted, place_of

    found = place_of(file, quads, Wanted(quad.subject, quad.predicate, quad.object, "object"))  # type: ignore[arg-type]
    if found is None:
        error.line = error.column = 0
        return
    line, column, source = found
    # In a long string the lines of the query are lines of the file; its words are kept in error.source_line.
    below = file.content.decode().split("\n")[line - 1 + error.line - 1 : line + error.line - 1]
    if error.line > 1 and below and error.source_line.strip() in below[0]:
        error.line, error.source_line = line + error.line - 1, below[0]
    else:
        error.line, error.column, error.source_line = line, column, source
