"""Packages of npm that a site may carry: fetched while it is made, by exact version, and proved by their digest."""

from __future__ import annotations

import io
import shutil
import subprocess
import tarfile
import tempfile
from base64 import b64encode
from hashlib import sha512
from pathlib import Path
from typing import NamedTuple

from perezkg.errors import PackageMissingError

PATIENCE = 120.0
"""Seconds that npm gets to fetch a package."""


class Package(NamedTuple):
    """A package.

    Attributes:
        name: What npm calls it.
        version: The only one that is taken.
        integrity: The digest of its archive, as npm tells it.
        licence: The file beside this module that tells of its licence; it has none that does.
    """

    name: str
    version: str
    integrity: str
    licence: str


OXIGRAPH = Package(
    "oxigraph",
    "0.5.11",
    "sha512-zKdgmp1tsrutGzC1lCCywwZRPpLJKaJnKSDWoY2hIhMiwiCRRXNN1DU7WUyTInBvgPKT8Y5N+RgwTL8qKXpLng==",
    "oxigraph-licence.txt",
)
"""The SPARQL engine that runs in a browser."""


def fetched(package: Package) -> dict[str, bytes]:
    """Return the files of a package by their names, fetched by npm.

    Raises:
        PackageMissingError: There is no npm, it cannot fetch the package, or what it fetches is another.
    """
    npm = shutil.which("npm")
    called = f"{package.name} {package.version}"
    if npm is None:
        raise PackageMissingError(
            f"the package {called} comes from npm, which is not installed", hint="Install Node.js, which has it."
        )
    with tempfile.TemporaryDirectory() as folder:
        command = [npm, "pack", f"{package.name}@{package.version}", "--ignore-scripts", "--silent"]
        try:
            subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=PATIENCE)  # noqa: S603
            (archive,) = Path(folder).glob("*.tgz")
            content = archive.read_bytes()
        except (OSError, ValueError, subprocess.SubprocessError):
            raise PackageMissingError(
                f"npm could not fetch the package {called}", hint=f"See why: npm pack {package.name}@{package.version}"
            ) from None
    if f"sha512-{b64encode(sha512(content).digest()).decode()}" != package.integrity:
        raise PackageMissingError(
            f"what npm fetched is not the package {called}: its digest is another",
            hint="Look from which registry npm takes packages: npm config get registry",
        )
    with tarfile.open(fileobj=io.BytesIO(content)) as members:
        return {
            member.name.partition("/")[2]: file.read()
            for member in members
            if (file := members.extractfile(member)) is not None
        }
