"""What an engine said: to each case, and to the literals of many datatypes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.matrix import asking
from tests.matrix.comparing import difference

from perezkg.rdf.terms import shortest_forms
from perezkg.sparql.results import Solutions

if TYPE_CHECKING:
    from pyoxigraph import Literal

    from perezkg.rdf.terms import Term
    from perezkg.sparql.results import Result


@dataclass
class Answers:
    """What one engine said.

    Attributes:
        version: The engine's version, as far as it tells.
        differences: For each case asked, how the answer differs from that of home; "" when it does not.
        milliseconds: How long each case took, sending and reading included where it was sent.
        damaged: The literals that came back changed, and what came.
    """

    version: str = ""
    differences: dict[str, str] = field(default_factory=dict)
    milliseconds: dict[str, float] = field(default_factory=dict)
    damaged: dict[Literal, Term | None] = field(default_factory=dict)

    def add(self, case: str, answer: Result | str, milliseconds: float) -> None:
        """Note an answer, or what went wrong."""
        found = f"fails: {answer}" if isinstance(answer, str) else difference(asking.home(case), answer)
        self.differences[case] = found
        self.milliseconds[case] = milliseconds

    def add_literals(self, answer: Result) -> None:
        """Note which literals came back changed, beyond the spelling that perezkg settles."""
        assert isinstance(answer, Solutions)
        found = {str(probe): value for probe, value in answer.rows}
        sent = asking.probes()
        forms = shortest_forms(sent)
        for number, literal in enumerate(sent):
            came = found.get(f"<https://example.org/{number}>")
            if came != forms.get(literal, literal):
                self.damaged[literal] = came
