"""What every command of the command line shares: its parser's form, and text safe to print."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    Verb = Callable[[argparse.Namespace], int]
    Commands = Any  # the type that argparse gives sub-commands is private

PIPE = "-"


def command(commands: Commands, name: str, says: str, examples: str, run: Verb) -> argparse.ArgumentParser:
    """Add a command with a line for the list of commands and examples for its own help.

    Parameters
    ----------
    commands : the sub-commands of a parser
    name : str
    says : str
        What it does, without a full stop.
    examples : str
    run : callable
        Takes the options and returns the exit status.

    Returns
    -------
    ArgumentParser
    """
    parser: argparse.ArgumentParser = commands.add_parser(
        name,
        help=says,
        description=says[0].upper() + says[1:] + ".",
        epilog="examples:\n" + examples,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.set_defaults(run=run)
    return parser


def printable(text: str) -> str:
    r"""Return a text without control characters, which could move a terminal's cursor.

    Examples
    --------
    >>> printable("a\x1b[31mb")
    'a\\x1b[31mb'
    """
    return "".join(c if c == "\n" or c.isprintable() else f"\\x{ord(c):02x}" for c in text)
