"""rdflib takes seconds where Oxigraph takes a moment: it answers one case of a test in four, or every one on demand."""

from __future__ import annotations

from collections import Counter

import pytest
from tests.every_case import ALL

_STEP = 4


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what rdflib is not asked."""
    seen: Counter[str] = Counter()
    left = []
    for item in items:
        callspec = getattr(item, "callspec", None)
        if ALL or callspec is None or callspec.params.get("engine") != "rdflib":
            continue
        name = item.nodeid.partition("[")[0]
        if seen[name] % _STEP:
            left.append(item)
        seen[name] += 1
    if left:
        config.hook.pytest_deselected(items=left)
        out = set(left)
        items[:] = [item for item in items if item not in out]
