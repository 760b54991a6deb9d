"""docs/perezkg.ipynb runs from top to bottom and shows what it says.

`python -m tests.test_worked_notebook` writes anew what its cells show.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.sessions import session, shown

NOTEBOOK = Path(__file__).parents[1] / "docs" / "perezkg.ipynb"


def run(notebook: dict[str, Any]) -> dict[str, Any]:
    """Return a notebook with what its cells show in a new session."""
    shell = session()
    try:
        cells = [_run(shell, cell, number) for number, cell in enumerate(notebook["cells"], 1)]
    finally:
        shell.clear_instance()
    return notebook | {"cells": cells}


def _run(shell: Any, cell: dict[str, Any], number: int) -> dict[str, Any]:
    told = {"id": f"cell-{number}", "source": cell["source"], "metadata": {}, "cell_type": cell["cell_type"]}
    if cell["cell_type"] != "code":
        return told
    data = {kind: text.splitlines(keepends=True) for kind, text in shown(shell, "".join(cell["source"])).items()}
    output = {"output_type": "execute_result", "execution_count": None, "metadata": {}, "data": data}
    return told | {"execution_count": None, "outputs": [output] if data else []}


def text(notebook: dict[str, Any]) -> str:
    return json.dumps(notebook, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def test_the_notebook_shows_what_its_cells_give() -> None:
    pytest.importorskip("IPython", reason="needs IPython")
    stored = json.loads(NOTEBOOK.read_text(encoding="utf-8"))
    assert text(run(stored)) == NOTEBOOK.read_text(encoding="utf-8")


def test_the_notebook_is_one_of_the_format() -> None:
    stored = json.loads(NOTEBOOK.read_text(encoding="utf-8"))
    assert (stored["nbformat"], stored["nbformat_minor"]) == (4, 5)
    codes = [cell for cell in stored["cells"] if cell["cell_type"] == "code"]
    assert len(codes) > 10
    assert [cell["source"] for cell in codes if not cell["outputs"]] == [["%load_ext perezkg"]]
    html = "".join(line for cell in codes for output in cell["outputs"] for line in output["data"].get("text/html", []))
    assert "<script" not in html
    assert "0 rows" not in html


if __name__ == "__main__":
    NOTEBOOK.write_text(text(run(json.loads(NOTEBOOK.read_text(encoding="utf-8")))), encoding="utf-8")
