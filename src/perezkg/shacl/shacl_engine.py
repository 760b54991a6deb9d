"""SHACL Core, checked by `shacl`, a library in Rust, where that gives the same results; the rest by pyshacl.

`division` tells which shapes shacl gets, `stand_ins` how it gets the data. Its messages have no language, so they are
read from the shapes; where a shape has none, pyshacl words them, as it does with its own results.
"""

from __future__ import annotations

from pyoxigraph import BlankNode, NamedNode, Quad

from perezkg.shacl.division import divided
from perezkg.shacl.report import Result, severity_name
from perezkg.shacl.restating import restated
from perezkg.shacl.shapes import Shapes
from perezkg.shacl.stand_ins import DataText, terms_of
from perezkg.vocabulary import SH

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from perezkg.rdf.terms import Rdf11Term
    from perezkg.shacl.division import Division
    from perezkg.shacl.rules import RuleQuery

# What tells how shacl calls the blank nodes of the data: a node without a class for each, that has it as its value.
_IS = "urn:perezkg:is"
_BLANK = "urn:perezkg:blank"
_MARKER = f"""<{_BLANK}> <{SH}targetSubjectsOf> <{_IS}> .
<{_BLANK}> <{SH}path> <{_IS}> .
<{_BLANK}> <{SH}nodeKind> <{SH}IRI> .
"""


def check_core(
    data: list[Quad], shapes: Shapes, taken: list[RuleQuery], progress: Callable[[int, int], None] | None = None
) -> list[Result]:
    """Check data with shacl, and with pyshacl what is left; see `perezkg.shacl.pyshacl_engine.check_core`."""
    quads = restated(shapes, taken)
    text = DataText(data)
    parts = divided(quads, text)
    found = _found(parts, text, shapes)
    if found is None:
        from perezkg.shacl.pyshacl_engine import check_core as check_all

        return check_all(data, shapes, taken, progress)
    if any(not result.messages for result in found):
        from perezkg.shacl.pyshacl_engine import worded

        found = worded(found, data, quads)
    if parts.left:
        from perezkg.shacl.pyshacl_engine import check_restated

        found += check_restated(data, parts.left, shapes, progress)
    return found


def _found(parts: Division, text: DataText, shapes: Shapes) -> list[Result] | None:
    """Return what shacl finds; None when it refuses the shapes or the data, which pyshacl may take."""
    if not parts.ordinary:
        return []
    import shacl

    blank = text.blank_nodes()
    given = DataText(parts.ordinary).content.decode()
    content = text.content.decode()
    if blank:
        given += _MARKER
        content += "".join(f"<{_BLANK}:{i}> <{_IS}> {node} .\n" for i, node in enumerate(blank))
    try:
        rows = shacl.Shapes.from_text(given, "ntriples").validate_text(content, "ntriples").results
    except ValueError:
        return None
    written = terms_of(dict.fromkeys(term for row in rows for term in (row.focus_node, row.value) if term is not None))
    names: dict[Rdf11Term, Rdf11Term] = {}
    for row in rows:
        if row.source_shape == f"<{_BLANK}>":
            index = row.focus_node.removeprefix(f"<{_BLANK}:").removesuffix(">")
            names[BlankNode(str(row.value)[2:])] = blank[int(index)]
    texts: dict[Rdf11Term, dict[str, str]] = {}
    found = []
    for row in rows:
        if row.source_shape == f"<{_BLANK}>":
            continue
        shape = parts.named[NamedNode(str(row.source_shape)[1:-1])]
        focus = written[row.focus_node]
        value = None if row.value is None else written[row.value]
        path = shapes.value(shape, SH + "path")
        if row.component == "ClosedConstraintComponent" and row.path is not None:
            path = NamedNode(row.path[1:-1])
        if shape not in texts:
            texts[shape] = shapes.texts(shape, SH + "message")
        found.append(
            Result(
                focus=names.get(focus, focus),
                path=None if path is None else shapes.path(path),
                value=None if value is None else names.get(value, value),
                severity=severity_name(row.severity_iri),
                severity_iri=row.severity_iri,
                rule=shapes.name(shape),
                component=row.component_iri,
                messages=texts[shape],
                shape=shape,  # type: ignore[arg-type]  # a shape is no literal
            )
        )
    return found
