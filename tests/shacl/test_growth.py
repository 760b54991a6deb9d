"""No rule of the shapes grows faster than the data or what it finds."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import pytest
from tests import clones
from tests.growth import excess

from perezkg.rdf import reading
from perezkg.shacl.pyshacl_engine import AsWritten
from perezkg.shacl.report import Names
from perezkg.shacl.rules import RuleQuery, check_rules, whole_graph_rules
from perezkg.shacl.shapes import SUBCLASS, DataGraph, Shapes, own, profile_file, profiles, shape_quads
from perezkg.vocabulary import SH

if TYPE_CHECKING:
    from pyoxigraph import Quad, Store

FILES = [own("shapes.ttl"), *map(profile_file, profiles())]
SHAPES = Shapes(dict.fromkeys(quad for file in FILES for quad in shape_quads(file)))


class Loaded(DataGraph):
    """A data graph that is loaded once, which is no part of a rule's time."""

    @cache  # noqa: B019 - as long as the tests
    def store(self) -> Store:
        return super().store()


@cache
def data(lives: int) -> DataGraph:
    """Return so many lives with the concepts, as `perezkg.shacl.validate` has them."""
    background: list[Quad] = list(reading.parse(own("concepts.ttl")))
    background += [quad for quad in reading.parse(own("sport.ttl")) if quad.predicate.value == SUBCLASS]
    return Loaded((quad for file in clones.graph(lives).files for quad in reading.parse(file)), background)


RULES = {SHAPES.name(rule.constraint): rule for rule in whole_graph_rules(SHAPES, data(0))}


@cache
def as_written(lives: int) -> AsWritten:
    """Return what answers the rules that must see numbers as they are written."""
    return AsWritten(data(lives).all)


def findings(rule: RuleQuery, lives: int) -> int:
    return sum(1 for _ in check_rules([rule], SHAPES, data(lives), Names(), as_written(lives).rows))


@pytest.mark.slow
@pytest.mark.parametrize("name", RULES)
def test_no_rule_grows_faster_than_what_it_finds(name: str) -> None:
    assert excess(lambda lives: findings(RULES[name], lives), (1, 16), lambda lives: data(lives).store()) == []


def test_every_rule_is_asked_of_the_whole_graph_at_once() -> None:
    """So no rule is left to pyshacl, which would take a query for each node."""
    asked = {constraint for shape in SHAPES.targeting() for constraint in SHAPES.values(shape, SH + "sparql")}
    assert {rule.constraint for rule in RULES.values()} == asked
