"""`perezkg load` to a store that takes no changes: status 4, and what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.servers.all_stores import needed
from tests.servers.fuseki import Fuseki
from tests.servers.oxigraph import Oxigraph

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tests.conftest import Run
    from tests.servers.server import Server

pytestmark = pytest.mark.slow


class ReadOnlyFuseki(Fuseki):
    """Fuseki as it is without the option that allows changes."""

    def command(self) -> Sequence[str]:
        """Return the command that runs it."""
        return [word for word in super().command() if word != "--update"]


class ReadOnlyOxigraph(Oxigraph):
    """Oxigraph on what another process has written."""

    def command(self) -> Sequence[str]:
        """Return the command that runs it."""
        return [{"serve": "serve-read-only"}.get(word, word) for word in super().command()]


@pytest.mark.parametrize("kind", [ReadOnlyFuseki, ReadOnlyOxigraph])
@pytest.mark.parametrize("mode", ["--add", "--replace"])
def test_a_store_that_takes_no_changes(kind: type[Server], mode: str, command: Run, tmp_path: Path) -> None:
    with needed(kind.kind)(tmp_path) as server:
        assert command("load", server.load_url).status == 0
    with kind(tmp_path) as server:
        status, out, err = command("load", server.load_url, mode)
        assert (status, out) == (4, "")
        assert server.address in err
        assert ("The server is read-only" if kind is ReadOnlyOxigraph else "Does the store allow changes?") in err
        assert command("diff", server.load_url).status == 0
