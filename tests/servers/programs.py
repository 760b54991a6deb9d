"""Which programs of triple stores the tests start, in which versions, and where they are.

`tests/servers/install` brings them, but for Oxigraph, which comes with the extra `dev` of this project. This module
stands alone, so that any Python can run it.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

SERVERS = Path(__file__).resolve().parent / ".servers"
# Maven coordinates. Jena 6 wants Java 21; RDF4J 5 wants the servlets of before Jakarta, hence Tomcat 9.
JARS = {
    "fuseki": ["org.apache.jena:jena-fuseki-server:5.6.0"],
    "rdf4j": ["org.eclipse.rdf4j:rdf4j-http-server:5.0.3:war", "com.heroku:webapp-runner:9.0.89.0"],
    "blazegraph": ["com.blazegraph:blazegraph-jar:2.1.5"],
}
_VIRTUOSO_PACKAGE = "virtuoso-opensource-7-bin"
_HOW = "run tests/servers/install"


def jars(kind: str) -> list[Path]:
    """Return where the jars (and wars) of a store are, or will be."""
    return [_place(coordinates) for coordinates in JARS[kind]]


def missing_jars(kind: str) -> str | None:
    """Return why a store of Java cannot run here; None when it can."""
    if shutil.which("java") is None:
        return "there is no Java on the PATH"
    gone = [path.name for path in jars(kind) if not path.is_file()]
    return f"{', '.join(gone)} is not here: {_HOW}" if gone else None


def oxigraph() -> str | None:
    """Return Oxigraph's program: beside this Python, or on the path."""
    return shutil.which("oxigraph", path=os.path.dirname(sys.executable)) or shutil.which("oxigraph")


def virtuoso(name: str = "virtuoso-t") -> str | None:
    """Return a program of Virtuoso: the system's, or the one that was unpacked here."""
    return shutil.which(name) or shutil.which(name, path=str(SERVERS / "virtuoso" / "usr" / "bin"))


def install() -> list[str]:
    """Bring what is not here; return what could not be brought, and why."""
    SERVERS.mkdir(exist_ok=True)
    failures = [failure for kind in JARS for failure in _install_jars(kind)]
    return failures + _install_virtuoso()


def _place(coordinates: str) -> Path:
    _, name, version, *packaging = coordinates.split(":")
    return SERVERS / f"{name}-{version}.{packaging[0] if packaging else 'jar'}"


def _install_jars(kind: str) -> list[str]:
    wanted = [coordinates for coordinates in JARS[kind] if not _place(coordinates).is_file()]
    if wanted and shutil.which("mvn") is None:
        return [f"{kind}: there is no Maven (mvn) on the PATH"]
    failures = []
    for coordinates in wanted:
        copy = [f"-Dartifact={coordinates}", f"-DoutputDirectory={SERVERS}"]
        failure = _run("mvn", "-q", "-B", "dependency:copy", *copy)
        if failure or not _place(coordinates).is_file():
            failures.append(f"{kind}: {coordinates}: {failure}")
    return failures


def _install_virtuoso() -> list[str]:
    if virtuoso() and virtuoso("isql-vt"):
        return []
    if shutil.which("apt-get") is None:
        return [f"virtuoso: there is no apt-get; install the equivalent of Debian's {_VIRTUOSO_PACKAGE}"]
    if os.geteuid() == 0:
        install = ("apt-get", "install", "-y", "--no-install-recommends", _VIRTUOSO_PACKAGE)
        failure = _run(*install)
        if failure:  # a machine may be so new that it has no list of packages
            failure = _run("apt-get", "update") or _run(*install)
    else:
        with tempfile.TemporaryDirectory() as folder:
            failure = _run("apt-get", "download", _VIRTUOSO_PACKAGE, folder=folder)
            for package in Path(folder).glob("*.deb"):
                failure = _run("dpkg", "-x", str(package), str(SERVERS / "virtuoso"))
    return [f"virtuoso: {failure}"] if failure or not virtuoso() else []


def _run(*command: str, folder: str | None = None) -> str:
    """Run a command; return the end of what it said when it fails."""
    ended = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder)
    return (ended.stdout + ended.stderr).strip()[-500:] if ended.returncode else ""


if __name__ == "__main__":
    for line in install():
        sys.stdout.write(f"not installed: {line}\n")
