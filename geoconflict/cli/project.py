"""The command that builds a project."""

from __future__ import annotations

import argparse
import sys

from geoconflict.cli._common import printable, set_command
from geoconflict.project import build


def add_build(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``geoconflict build``."""
    examples = (
        "  geoconflict build project.yaml -o out\n"
        "  SOURCE_DATE_EPOCH=0 geoconflict build project.yaml -o out    # the same bytes every time"
    )
    set_command(parser, _build, examples)
    parser.add_argument("project", help="a YAML project file")
    parser.add_argument("-o", "--output", required=True, metavar="DIR", help="the folder to write to")
    parser.add_argument(
        "-q", "--quiet", action="store_true", help="print only the folder, without progress, results and notes"
    )


def _build(options: argparse.Namespace) -> int:
    def report(line: str) -> None:
        print(f"… {line}", file=sys.stderr, flush=True)

    built = build(options.project, options.output, progress=None if options.quiet else report)
    print(f"wrote {len(built.files)} files to {built.folder}" + ("" if options.quiet else ":"))
    if options.quiet:
        return 0
    for path in built.files:
        print(f"  {path.relative_to(built.folder)}  {path.stat().st_size:,} bytes")
    print("results:")
    for line in built.headlines:
        print(f"  {printable(line)}")
    for line in built.notes:
        print(f"note: {printable(line)}")
    return 0
