"""Run the command line: ``python -m geoconflict``."""

from __future__ import annotations

import sys

from geoconflict.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
