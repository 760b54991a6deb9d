"""What a build of the wheel adds: the canned queries prepared, completions for shells, the manual pages.

See `perezkg.sparql.prepared` and `perezkg.cli.completion`.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class MadeFiles(BuildHookInterface):  # type: ignore[type-arg, unused-ignore]
    """Writes a file a query into perezkg/_share/prepared of the wheel, and what shells and man read into share.

    An editable install has none to go stale.
    """

    PLUGIN_NAME = "custom"
    _folder: tempfile.TemporaryDirectory[str] | None = None

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Write the files and have them put into the wheel."""
        if version == "editable":
            return
        sys.path.insert(0, str(Path(self.root) / "src"))
        from perezkg.cli.completion import INSTALLED, text
        from perezkg.sparql.prepared import forms

        self._folder = tempfile.TemporaryDirectory()
        prepared, share = Path(self._folder.name, "prepared"), Path(self._folder.name, "share")
        for name, form in forms():
            _write(prepared / name, form)
        for what, place in INSTALLED.items():
            _write(share / place, text(*what))
            build_data["shared_data"][str(share / place)] = place
        build_data["force_include"][str(prepared)] = "perezkg/_share/prepared"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:  # noqa: ARG002 - the interface's
        """Remove what was written beside the wheel."""
        if self._folder is not None:
            self._folder.cleanup()


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")
