"""What the commands share: common options, and text that is safe to print. Imports nothing heavy."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable

PIPE = "-"

Run = Callable[[argparse.Namespace], int]


def set_command(parser: argparse.ArgumentParser, run: Run, examples: str) -> None:
    """Give a command the function that runs it, and examples for its help."""
    parser.epilog = "examples:\n" + examples
    parser.set_defaults(run=run)


def add_output(parser: argparse.ArgumentParser) -> None:
    """Add the option that says where a layer is written."""
    parser.add_argument(
        "-o",
        "--output",
        default=PIPE,
        metavar="FILE",
        help="where to write: .geojson, .gpkg, .fgb, .parquet, or - for GeoJSON on standard output (default)",
    )


def add_worldview(parser: argparse.ArgumentParser) -> None:
    """Add the option that says according to which view disputed areas are drawn."""
    parser.add_argument(
        "--worldview", default="de_facto", help="according to which view disputed areas are drawn (default: de_facto)"
    )


def printable(text: str) -> str:
    r"""Return a text without control characters, which could move a terminal's cursor.

    Examples
    --------
    >>> printable("a\x1b[31mb")
    'a\\x1b[31mb'
    """
    return "".join(c if c == "\n" or c.isprintable() else f"\\x{ord(c):02x}" for c in text)


def note(text: str) -> None:
    """Print a line on standard error."""
    print(f"geoconflict: {printable(text)}", file=sys.stderr)


def fail(error: BaseException) -> int:
    """Print an error and its notes, and return the exit status."""
    note(str(error))
    for line in getattr(error, "__notes__", ()):
        print(f"  {printable(line)}", file=sys.stderr)
    return 1
