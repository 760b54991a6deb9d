"""Print the lowest version of each direct dependency that pyproject.toml allows, as pip constraints."""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path


def lowest(requirements: list[str]) -> list[str]:
    """Return `name==version` for each `name>=version`.

    >>> lowest(["rdflib>=7.4"])
    ['rdflib==7.4']
    """
    found = []
    for requirement in requirements:
        match = re.fullmatch(r"([A-Za-z0-9_.-]+)>=([0-9.]+)", requirement.split(";")[0].strip())
        if match is None:
            sys.exit(f"pyproject.toml: {requirement!r} has no lower bound of the form name>=version")
        found.append(f"{match[1]}=={match[2]}")
    return found


if __name__ == "__main__":
    project = tomllib.loads((Path(__file__).resolve().parent.parent / "pyproject.toml").read_text(encoding="utf-8"))
    print("\n".join(lowest(project["project"]["dependencies"])))
