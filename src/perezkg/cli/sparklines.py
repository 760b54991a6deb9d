"""A sparkline down the rows of marks, for canned queries on a terminal: how each lies from smallest to largest."""

from __future__ import annotations

from pyoxigraph import Literal

from perezkg.rdf.terms import native
from perezkg.sparql.results import Solutions
from perezkg.words import words as words_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from decimal import Decimal

    from perezkg.rdf.terms import Cells
    from perezkg.sparql.results import Result

_LENGTH = 10
_MARK, _VALUE = "mark", "value"
_ALIKE = ("discipline", "category", "unit")  # marks of one line have the same of these


def with_sparkline(answer: Result, lang: str) -> Result:
    """Return an answer with a sparkline beside its marks; one without marks that could be compared as it is.

    Args:
        answer: What a canned query answered.
        lang: The language of the head of the column.
    """
    if not isinstance(answer, Solutions) or not {_MARK, _VALUE} <= set(answer.variables):
        return answer
    value = answer.variables.index(_VALUE)
    alike = [place for place, variable in enumerate(answer.variables) if variable in _ALIKE]

    def line_of(row: Cells) -> tuple[object, ...]:
        return tuple(row[place] for place in alike)

    series: dict[tuple[object, ...], list[Decimal]] = {}
    for row in answer.rows:
        if row[value] is not None:
            series.setdefault(line_of(row), []).append(native(row[value]))
    lines = {key: (min(values), max(values)) for key, values in series.items()}
    if not any(least < most for least, most in lines.values()):
        return answer
    after = answer.variables.index(_MARK) + 1

    def drawn(row: Cells) -> Literal | None:
        if row[value] is None:
            return None
        least, most = lines[line_of(row)]
        if least == most:
            return None
        step = round((native(row[value]) - least) / (most - least) * (_LENGTH - 1))
        return Literal("·" * step + "●" + "·" * (_LENGTH - 1 - step))

    rows = [(*row[:after], drawn(row), *row[after:]) for row in answer.rows]
    name = words_of("badges", lang)["chart"]
    return Solutions((*answer.variables[:after], name, *answer.variables[after:]), rows)
