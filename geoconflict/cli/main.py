"""The command line: the list of commands, and how errors reach the user.

A user's mistake is reported on standard error without a traceback. Exit status: 0 success,
1 a mistake in the input, 2 wrong arguments, 130 interrupted. Results go to standard output
or to the files that were named.
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys
import warnings
from collections.abc import Sequence

from geoconflict._version import __version__
from geoconflict.cli._common import fail, printable
from geoconflict.errors import GeoconflictError

# Command -> the module that defines it, and its line in the list of commands. The module is
# imported when the command is run, so that help is quick.
COMMANDS = {
    "build": ("project", "build a project: map, layers, figure, summary, manifest"),
    "border": ("measure", "write the common border of a country with others"),
    "bands": ("measure", "write the parts of a country by their distance from its border with others"),
    "buffer": ("measure", "write buffers around features, with a geodesic radius"),
    "distance": ("measure", "add to each feature its distance in metres to a layer or a border"),
    "near": ("measure", "write the features within one or more distances of a layer or a border"),
    "read": ("incidents", "read a file of incidents into one layer, and report on it"),
    "validate": ("incidents", "check a file of incidents, a project or a defence line, and report"),
    "coordinates": ("incidents", "read coordinates in any notation, one JSON object a line"),
    "parse": ("fortifications", "read a report in English into a draft of a description, or into facts"),
    "check": ("fortifications", "measure the claims of a description against the geometry"),
    "schema": ("fortifications", "print the JSON Schema of descriptions of defence lines"),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status.

    Parameters
    ----------
    arguments : sequence of str, optional
        The words after the program's name; by default those of this process.

    Returns
    -------
    int
        0 success, 1 a mistake in the input, 2 wrong arguments, 130 interrupted.
    """
    words = list(sys.argv[1:] if arguments is None else arguments)
    parser = make_parser(words[0] if words else None)
    options = parser.parse_args(words)
    run = getattr(options, "run", None)
    if run is None:
        parser.print_help()
        return 2
    with warnings.catch_warnings():
        warnings.showwarning = _show_warning
        try:
            status = int(run(options))
            sys.stdout.flush()
        except GeoconflictError as error:
            return fail(error)
        except BrokenPipeError:
            # The reader of our output has gone, which is no error.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return 0
        except KeyboardInterrupt:
            print("geoconflict: interrupted", file=sys.stderr)
            return 130
    return status


def make_parser(command: str | None = None) -> argparse.ArgumentParser:
    """Return the parser of the command line.

    Parameters
    ----------
    command : str, optional
        The command whose arguments are added; the others only have their line of help.

    Returns
    -------
    ArgumentParser
    """
    parser = argparse.ArgumentParser(
        prog="geoconflict",
        description="Map conflicts: incidents and fortifications as tables, geodesic measures, offline maps.",
        epilog="'geoconflict COMMAND --help' shows the arguments of a command, with examples.",
    )
    parser.add_argument("--version", action="version", version=f"geoconflict {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    for name, (module, summary) in COMMANDS.items():
        added = commands.add_parser(
            name,
            help=summary,
            description=summary[0].upper() + summary[1:] + ".",
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        if name == command:
            getattr(importlib.import_module(f"geoconflict.cli.{module}"), f"add_{name}")(added)
    return parser


def _show_warning(message: Warning | str, *_rest: object, **_named: object) -> None:
    """Print a warning of the library as one line."""
    print(f"geoconflict: note: {printable(str(message))}", file=sys.stderr)
