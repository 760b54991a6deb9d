"""Names of the release before: importable for one release, with a warning that says what to import instead."""

from __future__ import annotations

import sys
from importlib import import_module

import pytest

FORMER = {
    "perezkg.validation": "perezkg.shacl",
    "perezkg.transfer": "perezkg.stores",
}


@pytest.mark.parametrize("former", FORMER)
def test_the_former_module_warns_and_gives_the_same_objects(former: str) -> None:
    sys.modules.pop(former, None)
    with pytest.warns(DeprecationWarning, match=f"{former} is now {FORMER[former]}"):
        module = import_module(former)
    assert len(module.__all__) >= 8
    for name in module.__all__:
        found = getattr(module, name)
        home = getattr(found, "__module__", FORMER[former])
        assert home.startswith(FORMER[former]), name
