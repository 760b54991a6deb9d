"""The former name of `perezkg.shacl`, for one release."""

from __future__ import annotations

import warnings

from perezkg.shacl.report import SEVERITIES, CheckedFile, Report, Result, Rule
from perezkg.shacl.shapes import ShapesError, profiles
from perezkg.shacl.validate import validate

__all__ = ["SEVERITIES", "CheckedFile", "Report", "Result", "Rule", "ShapesError", "profiles", "validate"]

warnings.warn(
    "perezkg.validation is now perezkg.shacl (validate, report, shapes), and kept for one release",
    DeprecationWarning,
    stacklevel=2,
)
