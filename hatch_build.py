"""What a build of the wheel adds: the prepared forms of the canned queries; see `perezkg.sparql.prepared`."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class PreparedQueries(BuildHookInterface):  # type: ignore[type-arg, unused-ignore]
    """Writes a file a query into perezkg/_share/prepared of the wheel; an editable install has none to go stale."""

    PLUGIN_NAME = "custom"
    _folder: tempfile.TemporaryDirectory[str] | None = None

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Write the forms and have them put into the wheel."""
        if version == "editable":
            return
        sys.path.insert(0, str(Path(self.root) / "src"))
        from perezkg.sparql.prepared import forms

        self._folder = tempfile.TemporaryDirectory()
        for name, text in forms():
            (Path(self._folder.name) / name).write_text(text, encoding="utf-8", newline="\n")
        build_data["force_include"][self._folder.name] = "perezkg/_share/prepared"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:  # noqa: ARG002 - the interface's
        """Remove what was written beside the wheel."""
        if self._folder is not None:
            self._folder.cleanup()
