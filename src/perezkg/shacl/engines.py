"""The engines that check SHACL Core; the first is the default, and the one whose results the others have to give."""

from __future__ import annotations

from typing import NamedTuple

from perezkg import resources
from perezkg.errors import EngineMissingError, UsageError, nearest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from pyoxigraph import Quad

    from perezkg.shacl.report import Result
    from perezkg.shacl.rules import RuleQuery
    from perezkg.shacl.shapes import Shapes

    Check = Callable[[list[Quad], Shapes, list[RuleQuery], Callable[[int, int], None] | None], list[Result]]


class Engine(NamedTuple):
    """An engine.

    Attributes:
        name: What `--engine` calls it; the package of Python has the same name.
        note: What the help says of it.
        check: `module:function` that checks data against shapes.
    """

    name: str
    note: str
    check: str

    def checker(self) -> Check:
        """Return what checks.

        Raises:
            EngineMissingError: It is not installed.
        """
        from importlib.util import find_spec

        if find_spec(self.name) is None:
            raise EngineMissingError(
                f"the engine {self.name} is not installed",
                hint='Install it: pip install "perezkg[fast]"; or leave out --engine.',
            )
        check: Check = resources.function(self.check)
        return check

    def version(self) -> str:
        """Return the version that is installed; its package says so sooner than its metadata."""
        from importlib import import_module

        version: str = import_module(self.name).__version__
        return version


ENGINES: dict[str, Engine] = {
    row.name: row
    for row in (
        Engine("pyshacl", "(default)", "perezkg.shacl.pyshacl_engine:check_core"),
        Engine("shacl", "(in Rust, for much data: perezkg[fast])", "perezkg.shacl.shacl_engine:check_core"),
    )
}
"""The engines by name."""

DEFAULT = next(iter(ENGINES))
"""The name of the engine that is taken when none is named."""


def engine_of(name: str) -> Engine:
    """Return an engine.

    Raises:
        UsageError: There is none of this name.
    """
    if name not in ENGINES:
        known = f"Known engines: {', '.join(ENGINES)}."
        raise UsageError(f"there is no engine {name!r} of SHACL", hint=nearest(name, ENGINES) or known)
    return ENGINES[name]
