"""Into a triple store and proven there, and what differs between files and a store.

>>> from perezkg import transfer
>>> with transfer.open_store("http://localhost:3030/perez", kind="fuseki") as (store, _):
...     store
<Fuseki: http://localhost:3030/perez>
"""

from perezkg.transfer.comparison import Comparison, compared
from perezkg.transfer.connection import open_store
from perezkg.transfer.keeping import LoadCutOffError, LoadUnderWayError, recover
from perezkg.transfer.loading import GraphNotEmptyError, Loaded, load
from perezkg.transfer.sources import SharedBlankNodeError, parts

__all__ = [
    "Comparison",
    "GraphNotEmptyError",
    "LoadCutOffError",
    "LoadUnderWayError",
    "Loaded",
    "SharedBlankNodeError",
    "compared",
    "load",
    "open_store",
    "parts",
    "recover",
]
