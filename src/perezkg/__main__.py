"""Run the command line as `python -m perezkg`."""

from __future__ import annotations

import sys

from perezkg.cli import main

if __name__ == "__main__":
    sys.exit(main())
