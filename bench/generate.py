"""Write generated triples as N-Triples: `generate.py NUMBER FILE`. Results of athletes: marks, ranks, dates, names."""

from __future__ import annotations

import sys
from itertools import islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_SPORT = "https://w3id.org/perezkg/sport#"
_XSD = "http://www.w3.org/2001/XMLSchema#"


def triples() -> Iterator[str]:
    """Yield lines of N-Triples without end: every node is a participation with seven triples."""
    number = 0
    while True:
        node = f"<http://example.org/participation/{number}>"
        yield f"{node} <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <{_SPORT}Participation> .\n"
        yield f"{node} <{_SPORT}athlete> <http://example.org/athlete/{number % 9973}> .\n"
        yield f"{node} <{_SPORT}contest> <http://example.org/contest/{number % 4999}> .\n"
        yield f'{node} <{_SPORT}rank> "{number % 60 + 1}"^^<{_XSD}integer> .\n'
        yield f'{node} <{_SPORT}seconds> "{4600 + number % 1500}.{number % 9 + 1}"^^<{_XSD}decimal> .\n'
        yield f'{node} <{_SPORT}date> "{1960 + number % 60}-0{number % 9 + 1}-1{number % 10}"^^<{_XSD}date> .\n'
        yield f'{node} <http://www.w3.org/2000/01/rdf-schema#label> "Participación {number}, día {number % 7}"@es .\n'
        number += 1


if __name__ == "__main__":
    with open(sys.argv[2], "w", encoding="utf-8") as file:
        file.writelines(islice(triples(), int(sys.argv[1])))
