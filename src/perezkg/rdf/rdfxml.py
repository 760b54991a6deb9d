"""RDF/XML by pyoxigraph, after refusing what it would write as broken XML."""

from __future__ import annotations

import re

from pyoxigraph import RdfFormat, parse, serialize

from perezkg.errors import UnknownFormatError
from perezkg.output import require_xml

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_ELEMENT_NAME = re.compile(r"[^\W\d][\w.-]*\Z")
_OTHER_FORMATS = "Ask for turtle or jsonld instead."


def rdfxml(lines: list[str], prefixes: Mapping[str, str]) -> Iterator[str]:
    """Return N-Triples lines as an RDF/XML document.

    Raises:
        UnknownFormatError: A property does not end in a name, or a text holds a character that XML cannot carry.
    """
    namespaces: set[str] = set()
    for line in lines:
        predicate = line.split(" ", 2)[1][1:-1]
        name = _ELEMENT_NAME.search(predicate)
        if name is None:
            raise UnknownFormatError(
                f"RDF/XML cannot carry the property {predicate}, whose end is not a name", hint=_OTHER_FORMATS
            )
        namespaces.add(predicate[: name.start()])
    used = {prefix: namespace for prefix, namespace in prefixes.items() if prefix and namespace in namespaces}
    # Through the parser again, because the serializer takes triples, and the lines hold their order.
    triples = parse("\n".join(lines), RdfFormat.N_TRIPLES)
    text = (serialize(triples, format=RdfFormat.RDF_XML, prefixes=used) or b"").decode()
    require_xml(text, _OTHER_FORMATS)
    return iter([text.replace("\r", "&#13;") + "\n"])  # a bare carriage return would be read back as a line feed
