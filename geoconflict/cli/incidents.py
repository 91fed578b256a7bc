"""The commands about incidents and coordinates: read, validate, coordinates."""

from __future__ import annotations

import argparse
import io
import sys
from collections.abc import Iterable
from pathlib import Path

from geoconflict import api, project, reference
from geoconflict.cli._common import PIPE, add_output, fail, printable, set_command
from geoconflict.cli._layers import read_incidents, write_layer
from geoconflict.coordinates import coordinate_lines
from geoconflict.errors import InputError
from geoconflict.io.text import read_text
from geoconflict.io.yaml import MAX_BYTES

_MAX_BYTES = 200_000_000  # of a file of coordinates


def add_read(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``geoconflict read``."""
    examples = (
        "  geoconflict read events.csv -o events.gpkg\n"
        "  geoconflict read export.csv --source acled > events.geojson    # the report goes to standard error"
    )
    set_command(parser, _read, examples)
    parser.add_argument("file", help="a table or layer of incidents")
    parser.add_argument("--source", help="what kind of file it is; detected if left out")
    _add_date_order(parser)
    add_output(parser)


def _read(options: argparse.Namespace) -> int:
    table, report = read_incidents(options.file, options.source, options.date_order)
    print(printable(report.text()), file=sys.stderr)
    return write_layer(table, options.output)


def add_validate(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``geoconflict validate``."""
    examples = (
        "  geoconflict validate events.csv\n"
        "  geoconflict validate project.yaml\n"
        "  geoconflict validate defence_line.yaml\n"
        "exit status: 0 valid, 1 warnings, 2 errors"
    )
    set_command(parser, _validate, examples)
    parser.add_argument("file", help="the file to check")
    parser.add_argument("--source", help="for incidents: what kind of file it is")
    _add_date_order(parser)
    parser.add_argument(
        "--format", choices=["text", "markdown", "json", "html"], default="text", help="format of the report"
    )


def _validate(options: argparse.Namespace) -> int:
    path = Path(options.file)
    try:
        if path.suffix.lower() in {".yaml", ".yml"}:
            return _validate_yaml(path)
        _, report = read_incidents(options.file, options.source, options.date_order)
    except InputError as error:
        fail(error)
        return 2
    text = str(getattr(report, options.format)())
    print(printable(text) if options.format == "text" else text)
    return int(report.exit_status)


def _validate_yaml(path: Path) -> int:
    text = read_text(path, max_bytes=MAX_BYTES, errors="replace")
    if any(line.startswith("geoconflict:") for line in text.splitlines()):
        found = project.read_project(path)
        tables, layers = len(found.steps), len(found.model.map.layers)
        print(f"{path.name}: no faults found in the project; its steps were not run ({tables} tables, {layers} layers)")
    else:
        api.read_description(path)
        print(f"{path.name}: no faults found in the description of a defence line; it was not drawn")
    return 0


def add_coordinates(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``geoconflict coordinates``."""
    examples = (
        "  geoconflict coordinates < places.txt\n"
        "  echo '5441N02517E' | geoconflict coordinates\n"
        "  geoconflict coordinates --country Ukraine < messages.txt\n"
        "  geoconflict coordinates --reference 25.28,54.69 < short_plus_codes.txt"
    )
    set_command(parser, _coordinates, examples)
    parser.add_argument(
        "file", nargs="?", default=PIPE, help="a text file, one place per line, or - for standard input (default)"
    )
    parser.add_argument("--country", help="where the points are said to lie: settles what would be ambiguous")
    parser.add_argument(
        "--reference", metavar="LON,LAT", help="a point near them, for short plus codes and MGRS without zone"
    )


def _coordinates(options: argparse.Namespace) -> int:
    country = reference.country(options.country) if options.country else None
    near = _lon_lat(options.reference) if options.reference else None
    if options.file == PIPE:
        lines: Iterable[str] = io.TextIOWrapper(sys.stdin.buffer, encoding="utf-8", errors="replace")
    else:
        lines = read_text(options.file, max_bytes=_MAX_BYTES, errors="replace").splitlines()
    for line in coordinate_lines(lines, country=country, reference=near):
        print(line)
    return 0


def _lon_lat(text: str) -> tuple[float, float]:
    try:
        lon, lat = (float(part) for part in text.split(","))
    except ValueError:
        msg = f"{text!r} is not LON,LAT in decimal degrees"
        raise InputError(msg) from None
    if not (abs(lon) <= 180 and abs(lat) <= 90):
        msg = f"{text!r} is out of range; longitude comes first"
        raise InputError(msg)
    return lon, lat


def _add_date_order(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--date-order", choices=["dmy", "mdy"], help="what 03/04/2025 means, if the file does not prove it"
    )
