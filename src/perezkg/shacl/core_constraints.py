"""Constraints of SHACL Core that pyshacl judges by Python's rules, judged by those of XML Schema, XPath and SPARQL.

To pyshacl `1_000` is an integer, `2004-13` a gYearMonth and `$` a place before the last line feed; it has no order for
years, none for what has no zone, and an exception for NaN. `adopted` puts the components of this module, by their
parameters, in the place of pyshacl's.
"""

# ruff: noqa: ANN401, ARG002 - what a component is called with is as pyshacl has it

from __future__ import annotations

from contextlib import contextmanager
from functools import partial
from itertools import product

from pyoxigraph import NamedNode
from pyshacl.constraints import CONSTRAINT_PARAMETERS_MAP
from pyshacl.constraints.constraint_component import ConstraintComponent
from pyshacl.constraints.core.property_pair_constraints import (
    LessThanConstraintComponent,
    LessThanOrEqualsConstraintComponent,
)
from pyshacl.constraints.core.string_based_constraints import (
    LanguageInConstraintComponent,
    PatternConstraintComponent,
    StringBasedConstraintBase,
    UniqueLangConstraintComponent,
)
from pyshacl.constraints.core.value_constraints import DatatypeConstraintComponent
from pyshacl.constraints.core.value_range_constraints import (
    MaxExclusiveConstraintComponent,
    MaxInclusiveConstraintComponent,
    MinExclusiveConstraintComponent,
    MinInclusiveConstraintComponent,
)
from rdflib import BNode, Literal, URIRef

from perezkg.rdf.rdflib_terms import from_rdflib
from perezkg.rdf.xsd import compare, is_well_formed
from perezkg.shacl.patterns import PatternError, compiled
from perezkg.shacl.shapes import ShapesError
from perezkg.vocabulary import SH

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Iterator, Mapping
    from typing import Any, TypeAlias

    Test: TypeAlias = Callable[[Any], bool]


class _EachValue(ConstraintComponent):
    """Judges each value node by itself: one result a test that it does not pass."""

    def tests(self) -> Iterator[Test]:
        raise NotImplementedError

    def evaluate(
        self, executor: Any, target_graph: Any, focus_value_nodes: Mapping[Any, Any], _evaluation_path: Any
    ) -> tuple[bool, list[Any]]:
        results = [
            self.make_v_result(target_graph, focus, value_node=value)
            for test in self.tests()
            for focus, values in focus_value_nodes.items()
            for value in values
            if not test(value)
        ]
        return not results, results

    def given(self, name: str) -> list[Any]:
        """Return what the shape has for a parameter, such as "flags"."""
        return list(self.shape.objects(URIRef(SH + name)))  # type: ignore[no-untyped-call]


class _Datatype(_EachValue, DatatypeConstraintComponent):
    def tests(self) -> Iterator[Test]:
        wanted = str(self.datatype_rule)
        yield (
            lambda value: (
                isinstance(value, Literal) and _value(value)[1] == wanted and is_well_formed(str(value), wanted)
            )
        )


def _value(literal: Literal) -> tuple[str, str]:
    """Return the lexical form of a literal, and the IRI of its datatype."""
    term = from_rdflib(literal)
    return term.value, term.datatype.value  # type: ignore[union-attr]  # it is a literal, too


def _order(left: object, right: object) -> int | None:
    """Return how SPARQL orders two terms; None where it does not."""
    if not isinstance(left, Literal) or not isinstance(right, Literal):
        return None
    return compare(_value(left), _value(right))


class _Range(_EachValue):
    """A bound: its order to a value is one of `orders`."""

    parameter: str
    orders: tuple[int, ...]

    def tests(self) -> Iterator[Test]:
        for bound in self.given(self.parameter):
            yield partial(_is_in_order, self.orders, bound)


def _is_in_order(orders: tuple[int, ...], bound: object, value: object) -> bool:
    return _order(bound, value) in orders


class _MinInclusive(_Range, MinInclusiveConstraintComponent):
    parameter, orders = "minInclusive", (-1, 0)


class _MinExclusive(_Range, MinExclusiveConstraintComponent):
    parameter, orders = "minExclusive", (-1,)


class _MaxInclusive(_Range, MaxInclusiveConstraintComponent):
    parameter, orders = "maxInclusive", (0, 1)


class _MaxExclusive(_Range, MaxExclusiveConstraintComponent):
    parameter, orders = "maxExclusive", (1,)


class _Pair(ConstraintComponent):
    """Each value node before each value of another property: one result a pair that is not."""

    orders: tuple[int, ...]
    property_compare_set: set[Any]

    def evaluate(
        self, executor: Any, target_graph: Any, focus_value_nodes: Mapping[Any, Any], _evaluation_path: Any
    ) -> tuple[bool, list[Any]]:
        results = [
            self.make_v_result(target_graph, focus, value_node=value)
            for other in self.property_compare_set
            for focus, values in focus_value_nodes.items()
            for value, later in product(set(values), set(target_graph.objects(focus, other)))
            if _order(value, later) not in self.orders
        ]
        return not results, results


class _LessThan(_Pair, LessThanConstraintComponent):
    orders = (-1,)


class _LessThanOrEquals(_Pair, LessThanOrEqualsConstraintComponent):
    orders = (-1, 0)


class _Pattern(_EachValue, PatternConstraintComponent):
    def __init__(self, shape: Any) -> None:
        # Not that of pyshacl's component, which compiles the patterns as Python's.
        StringBasedConstraintBase.__init__(self, shape)
        self.string_rules = self.given("pattern")
        self._flags = "".join(sorted(str(flags) for flags in self.given("flags")))
        for pattern in self.string_rules:
            try:
                compiled(str(pattern), self._flags)
            except PatternError as error:
                raise ShapesError(
                    f"sh:pattern cannot be used: {error}",
                    hint="Write it as fn:matches of XPath takes it: https://www.w3.org/TR/xpath-functions-31/#regex-syntax",
                    about=(from_rdflib(shape.node), NamedNode(SH + "pattern"), from_rdflib(pattern)),
                ) from None

    def tests(self) -> Iterator[Test]:
        for pattern in self.string_rules:
            yield partial(_matches, compiled(str(pattern), self._flags))


def _matches(pattern: re.Pattern[str], value: object) -> bool:
    return not isinstance(value, BNode) and pattern.search(str(value)) is not None


class _LanguageIn(_EachValue, LanguageInConstraintComponent):
    def tests(self) -> Iterator[Test]:
        for members in self.string_rules:
            ranges = [str(member).lower() for member in self.shape.sg.graph.items(members)]
            yield partial(_is_of_language, ranges)


def _is_of_language(ranges: list[str], value: object) -> bool:
    """Return whether a term has a tag that a basic language range takes, as langMatches does (RFC 4647, 3.3.1)."""
    tag = (value.language or "").lower() if isinstance(value, Literal) else ""
    return bool(tag) and any(tag == one or one == "*" or tag.startswith(f"{one}-") for one in ranges)


class _UniqueLang(UniqueLangConstraintComponent):
    def __init__(self, shape: Any) -> None:
        super().__init__(shape)
        # "1"^^xsd:boolean is the same value, and yet not the term that SHACL asks for (4.4.5).
        (given,) = shape.objects(URIRef(SH + "uniqueLang"))
        self.string_rules = [Literal(str(given) == "true")]


_COMPONENTS = (
    _Datatype, _MinInclusive, _MinExclusive, _MaxInclusive, _MaxExclusive, _LessThan, _LessThanOrEquals, _Pattern,
    _LanguageIn, _UniqueLang,
)  # fmt: skip


@contextmanager
def adopted() -> Iterator[None]:
    """Have pyshacl use the components of this module."""
    theirs = dict(CONSTRAINT_PARAMETERS_MAP)
    CONSTRAINT_PARAMETERS_MAP.update(
        {name: component for component in _COMPONENTS for name in component.constraint_parameters()}
    )
    try:
        yield
    finally:
        CONSTRAINT_PARAMETERS_MAP.update(theirs)
