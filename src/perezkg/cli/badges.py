"""What a person sees in place of a bare true, false or nothing: whether a claim stood, and that nobody has assessed it.

For canned queries on a terminal; what programs read keeps its cells.
"""

from __future__ import annotations

from pyoxigraph import Literal

from perezkg.rdf.terms import as_text
from perezkg.sparql.results import Solutions
from perezkg.words import words as words_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from perezkg.rdf.terms import Term
    from perezkg.sparql.results import Result

_COLUMNS = ("stood", "verdict")


def badged(answer: Result, lang: str) -> Result:
    """Return an answer with words for what a column of verdicts holds; one without such a column as it is.

    Args:
        answer: What a canned query answered.
        lang: The language of the words.
    """
    if not isinstance(answer, Solutions) or not set(_COLUMNS) & set(answer.variables):
        return answer
    words = words_of("badges", lang)

    def shown(name: str, term: Term | None) -> Term | None:
        meaning = f"{name} {as_text(term)}".rstrip()
        return Literal(words[meaning]) if name in _COLUMNS and meaning in words else term

    rows = [tuple(map(shown, answer.variables, row)) for row in answer.rows]
    return Solutions(answer.variables, rows)
