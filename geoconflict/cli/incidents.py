"""The commands about incidents and coordinates: read, validate, coordinates."""

from __future__ import annotations

import argparse
import io
import sys
from collections.abc import Iterable
from pathlib import Path

from geoconflict import fortifications, project, reference
from geoconflict.cli._common import PIPE, add_output, fail, printable, set_command
from geoconflict.cli._layers import read_incidents, write_layer
from geoconflict.coordinates import coordinate_lines
from geoconflict.errors import InputError, ReadError


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
    head = path.read_text(encoding="utf-8-sig", errors="replace") if path.is_file() else ""
    if any(line.startswith("geoconflict:") for line in head.splitlines()) or not head:
        found = project.read_project(path)
        tables, layers = len(found.steps), len(found.model.map.layers)
        print(f"{path.name}: a project that can be built: {tables} tables, {layers} layers")
    else:
        fortifications.read_description(path)
        print(f"{path.name}: a description of a defence line, no errors found")
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
        return _print_coordinates(io.TextIOWrapper(sys.stdin.buffer, encoding="utf-8", errors="replace"), country, near)
    try:
        with Path(options.file).open(encoding="utf-8-sig", errors="replace") as lines:
            return _print_coordinates(lines, country, near)
    except OSError as error:
        msg = f"{options.file} cannot be read: {error.strerror}"
        raise ReadError(msg) from error


def _print_coordinates(lines: Iterable[str], country: object, near: tuple[float, float] | None) -> int:
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
