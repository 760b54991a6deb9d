"""What the description for programs promises is kept, whatever is sent: judged by schemathesis, where it is there.

PEREZKG_EXAMPLES says how many requests an address gets beside the edges of its schema, PEREZKG_PATHS which addresses.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.serve.serving import Served

EXAMPLES = os.environ.get("PEREZKG_EXAMPLES", "1")
# That a text which its schema allows is no query, and no thing is called so, is for the server to find out.
CHECKS = (
    "not_a_server_error", "status_code_conformance", "content_type_conformance", "response_schema_conformance",
    "response_headers_conformance", "unsupported_method", "negative_data_rejection",
)  # fmt: skip
PATHS = os.environ.get("PEREZKG_PATHS", "^/(sparql|queries/|queries/results-between)$")


@pytest.mark.slow
def test_what_is_described_is_what_is_answered(perez: Served, tmp_path: Path) -> None:
    pytest.importorskip("schemathesis")
    command = Path(sys.executable).with_name("schemathesis")
    ended = subprocess.run(
        [
            command, "run", f"http://127.0.0.1:{perez.port}/openapi.json", "--checks", ",".join(CHECKS),
            "--max-examples", EXAMPLES, "--phases", "coverage,fuzzing", "--seed", "12",
            "--include-path-regex", PATHS, "--continue-on-failure",
        ],
        check=False, capture_output=True, text=True, encoding="utf-8", cwd=tmp_path, timeout=600,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stdout[-5000:]
    assert "0 generated" not in ended.stdout
    assert "Traceback" not in perez.told()
