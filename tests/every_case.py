"""How many cases are tried: in the ordinary run a part of them where each takes seconds, or all on demand."""

from __future__ import annotations

import os

EVERY_CASE = "PEREZKG_EVERY_CASE"
"""The environment variable that has every case tried."""
ALL = bool(os.environ.get(EVERY_CASE))
