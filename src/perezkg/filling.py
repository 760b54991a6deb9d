"""A store filled with files: what queries are answered from."""

from __future__ import annotations

from pyoxigraph import Quad, Store

from perezkg import reading, resources

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from perezkg.reading import DataFile


def filled_store(files: Iterable[DataFile]) -> tuple[Store, list[str]]:
    """Return a store that holds files and the concepts, and what a reader of its answers should know about the files.

    Raises:
        RdfSyntaxError: A file breaks the grammar of its syntax.
        RemoteAccessRefusedError: A JSON-LD context would have to be fetched.
    """
    store = Store()
    notices: list[str] = []
    for file in files:
        before = len(store)
        try:
            store.load(file.content, file.format, base_iri=file.base)
        except SyntaxError as error:
            raise reading.syntax_error(file, error) from None
        except MemoryError as error:
            raise reading.too_long(file, error) from None
        if len(store) == before and next(reading.parse(file), None) is None:
            notices.append(f"{file.name} holds no triples")
        if b"imports" in file.content:
            notices.extend(_imports(file))
    with open(resources.ontology_file("concepts.ttl"), "rb") as concepts:
        store.load(concepts.read(), reading.FORMATS["turtle"])
    # A query without GRAPH is about all that the files say. Oxigraph can look into all graphs at once, but then finds a
    # triple of two graphs twice.
    for name in list(store.named_graphs()):
        store.extend([Quad(*quad.triple) for quad in store.quads_for_pattern(None, None, None, name)])
    return store, notices


def _imports(file: DataFile) -> list[str]:
    return [
        f"{file.name} imports {quad.object}: not followed, perezkg reads only the files it is given"
        for quad in reading.parse(file)
        if quad.predicate.value == "http://www.w3.org/2002/07/owl#imports"
    ]
