"""The command line: thin verbs over the library.

A user's mistake is told on standard error, without a traceback, with exit status 1
(2 for wrong arguments). Results go to standard output or to the files that were named.
"""

from __future__ import annotations

import argparse
import io
import os
import sys
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

from geoconflict._version import __version__
from geoconflict.cli.terminal import PIPE, command, printable
from geoconflict.cli.works import add_commands
from geoconflict.errors import GeoconflictError, InputError, ReadError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    import geopandas as gpd

    from geoconflict.cli.terminal import Commands, Verb


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status.

    Parameters
    ----------
    arguments : sequence of str, optional
        The words after the program's name; by default those of this process.

    Returns
    -------
    int
        0 when all went well, 1 for a mistake in the input, 2 for wrong arguments, 130 when
        interrupted.
    """
    parser = make_parser()
    options = parser.parse_args(arguments)
    run: Verb | None = getattr(options, "run", None)
    if run is None:
        parser.print_help()
        return 2
    warnings.showwarning = _warn
    try:
        status = run(options)
        sys.stdout.flush()
    except GeoconflictError as error:
        return _fail(error)
    except BrokenPipeError:
        # The reader of our output went away; nothing is wrong.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        print("interrupted; nothing was written", file=sys.stderr)
        return 130
    return status


def make_parser() -> argparse.ArgumentParser:
    """Return the parser of all commands."""
    parser = argparse.ArgumentParser(
        prog="geoconflict",
        description="Map conflicts: incidents and fortifications as tables, exact measures, offline maps.",
        epilog="'geoconflict COMMAND --help' tells more, with examples.",
    )
    parser.add_argument("--version", action="version", version=f"geoconflict {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    for add in (_build, _border, _bands, _buffer, _distance, _read, _validate, _coordinates):
        add(commands)
    add_commands(commands)
    return parser


def _output(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "-o",
        "--output",
        default=PIPE,
        metavar="FILE",
        help="where to write: .geojson, .gpkg, .fgb, .parquet, or - for GeoJSON on standard output (default)",
    )


def _build(commands: Commands) -> None:
    examples = (
        "  geoconflict build project.yaml -o out\n"
        "  SOURCE_DATE_EPOCH=0 geoconflict build project.yaml -o out    # the same bytes every time"
    )
    parser = command(commands, "build", "build a project: map, layers, figure, summary, manifest", examples, _run_build)
    parser.add_argument("project", help="a YAML project file")
    parser.add_argument("-o", "--output", required=True, metavar="DIR", help="the folder to write to")
    parser.add_argument("-q", "--quiet", action="store_true", help="say nothing of the progress")


def _run_build(options: argparse.Namespace) -> int:
    from geoconflict.project import build

    progress = None if options.quiet else lambda line: print(f"… {line}", file=sys.stderr, flush=True)
    built = build(options.project, options.output, progress=progress)
    print(f"wrote {len(built.files)} files to {built.folder}:")
    for path in built.files:
        print(f"  {path.relative_to(built.folder)}  {path.stat().st_size:,} bytes")
    print("figures:")
    for line in built.headlines:
        print(f"  {printable(line)}")
    for note in built.notes:
        print(f"note: {printable(note)}")
    return 0


def _border(commands: Commands) -> None:
    examples = (
        "  geoconflict border Lithuania Belarus\n"
        "  geoconflict border LT BY RU -o border.gpkg\n"
        "  geoconflict border Mali Senegal --lengths"
    )
    parser = command(commands, "border", "give the common border of a country with others", examples, _run_border)
    parser.add_argument("a", metavar="COUNTRY", help="name in English, or ISO 3166-1 code")
    parser.add_argument("b", metavar="OTHER", nargs="+", help="one or more others")
    parser.add_argument("--worldview", default="de_facto", help="by whose view of disputed ground (default: de_facto)")
    parser.add_argument("--kind", action="append", choices=["land", "river", "lake", "sea"], help="only such stretches")
    parser.add_argument("--lengths", action="store_true", help="print the lengths as a table, and write no geometry")
    _output(parser)


def _run_border(options: argparse.Namespace) -> int:
    from geoconflict import reference

    table = reference.border(options.a, options.b, worldview=options.worldview, kinds=options.kind)
    if not options.lengths:
        return _write(table, options.output)
    print("border\tkind\tlength_km\tdrawn_km\tresolution_m\tworldview\tsource")
    for row in table.drop(columns="geometry").itertuples(index=False):
        cells = (
            f"{row.country_a}–{row.country_b}",
            row.kind,
            f"{row.length_m / 1000:.1f}",
            f"{row.drawn_length_m / 1000:.1f}",
        )
        print("\t".join([*map(str, cells), f"{row.resolution_m:g}", str(row.worldview), str(row.source)]))
    print(f"total\t\t{table['length_m'].sum() / 1000:.1f}\t{table['drawn_length_m'].sum() / 1000:.1f}\t\t\t")
    return 0


def _bands(commands: Commands) -> None:
    examples = "  geoconflict bands Lithuania Belarus Russia --edges '0 mi' '3 mi' '30 mi' -o bands.geojson"
    says = "give the ground of a country by its distance from its border with others"
    parser = command(commands, "bands", says, examples, _run_bands)
    parser.add_argument("side", metavar="COUNTRY", help="the country in which the bands lie")
    parser.add_argument("others", metavar="OTHER", nargs="+", help="the countries on the other side of the border")
    parser.add_argument(
        "--edges", nargs="+", required=True, metavar="LENGTH", help="at least two rising lengths with units"
    )
    parser.add_argument("--worldview", default="de_facto", help="by whose view of disputed ground (default: de_facto)")
    _output(parser)


def _run_bands(options: argparse.Namespace) -> int:
    from geoconflict import api as face
    from geoconflict import reference

    border = reference.border(options.side, options.others, worldview=options.worldview)
    return _write(face.bands(border, options.edges, side=options.side), options.output)


def _buffer(commands: Commands) -> None:
    examples = (
        "  geoconflict buffer sites.geojson '5 km' -o zones.gpkg\n"
        "  geoconflict border LT BY | geoconflict buffer - '20 km' > belt.geojson"
    )
    parser = command(
        commands, "buffer", "give the surroundings of features out to a true radius", examples, _run_buffer
    )
    parser.add_argument("file", help="a layer, or - for GeoJSON on standard input")
    parser.add_argument("radius", help="a length with its unit, such as '5 km'")
    _output(parser)


def _run_buffer(options: argparse.Namespace) -> int:
    from geoconflict import analysis

    return _write(analysis.buffer(_in_degrees(_layer(options.file), options.file), options.radius), options.output)


def _distance(commands: Commands) -> None:
    examples = (
        "  geoconflict distance events.csv border.geojson -o measured.geojson\n"
        "  geoconflict distance events.csv Mali Senegal        # to the border of two countries"
    )
    says = "add the distance in metres from each feature to a layer or to a border"
    parser = command(commands, "distance", says, examples, _run_distance)
    parser.add_argument("file", help="a layer or a table of incidents, or - for GeoJSON on standard input")
    parser.add_argument("target", nargs="+", help="a layer, or a country and one or more others")
    parser.add_argument("--column", default="distance_m", help="name of the new column (default: distance_m)")
    _output(parser)


def _run_distance(options: argparse.Namespace) -> int:
    from geoconflict import analysis, reference

    table = _points(options.file)
    if len(options.target) == 1:
        target = _in_degrees(_layer(options.target[0]), options.target[0])
    else:
        target = reference.border(options.target[0], options.target[1:])
    table = _in_degrees(table, options.file)
    table[options.column] = analysis.distance(table, target)
    return _write(table, options.output)


def _read(commands: Commands) -> None:
    examples = (
        "  geoconflict read events.csv -o events.gpkg\n"
        "  geoconflict read export.csv --source acled > events.geojson    # the report goes to standard error"
    )
    parser = command(commands, "read", "read a file of incidents into one layer, and report on it", examples, _run_read)
    parser.add_argument("file", help="a table or layer of incidents")
    parser.add_argument("--source", help="what kind of file it is; recognised where this is left out")
    _dates(parser)
    _output(parser)


def _run_read(options: argparse.Namespace) -> int:
    table = _quiet_read(options.file, options.source, options.date_order)
    print(printable(_report_text(table)), file=sys.stderr)
    return _write(table, options.output)


def _validate(commands: Commands) -> None:
    examples = (
        "  geoconflict validate events.csv\n"
        "  geoconflict validate project.yaml\n"
        "  geoconflict validate defence_line.yaml"
    )
    says = (
        "check a file of incidents, a project or a defence line, and report (status 0 good, 1 with doubts, 2 unusable)"
    )
    parser = command(commands, "validate", says, examples, _run_validate)
    parser.add_argument("file", help="the file to check")
    parser.add_argument("--source", help="for incidents: what kind of file it is")
    _dates(parser)
    parser.add_argument("--format", choices=["text", "markdown", "json", "html"], default="text", help="of the report")


def _run_validate(options: argparse.Namespace) -> int:
    path = Path(options.file)
    try:
        if path.suffix.lower() in {".yaml", ".yml"}:
            return _validate_yaml(path)
        return _validate_incidents(options)
    except InputError as error:
        _fail(error)
        return 2


def _validate_yaml(path: Path) -> int:
    from geoconflict.fortifications import read_description
    from geoconflict.project import read_project

    head = path.read_text(encoding="utf-8-sig", errors="replace") if path.is_file() else ""
    if any(line.startswith("geoconflict:") for line in head.splitlines()) or not head:
        project = read_project(path)
        print(
            f"{path.name}: a project that can be built: {len(project.steps)} tables, {len(project.model.map.layers)} layers"
        )
        return 0
    read_description(path)
    print(f"{path.name}: a description of a defence line without faults")
    return 0


def _validate_incidents(options: argparse.Namespace) -> int:
    from geoconflict import incidents

    table = _quiet_read(options.file, options.source, options.date_order)
    report = incidents.ReadReport.from_dict(table.attrs["report"])
    render = {"text": report.text, "markdown": report.markdown, "json": report.json, "html": report.html}[
        options.format
    ]
    text = render()
    print(printable(text) if options.format == "text" else text)
    return int(report.exit_status)


def _coordinates(commands: Commands) -> None:
    examples = (
        "  geoconflict coordinates < places.txt\n"
        "  echo '5441N02517E' | geoconflict coordinates\n"
        "  geoconflict coordinates --country Ukraine < messages.txt\n"
        "  geoconflict coordinates --near 25.28,54.69 < short_plus_codes.txt"
    )
    says = "read coordinates in any notation from standard input, one JSON object a line"
    parser = command(commands, "coordinates", says, examples, _run_coordinates)
    parser.add_argument(
        "file", nargs="?", default=PIPE, help="a text file, one a line, or - for standard input (default)"
    )
    parser.add_argument("--country", help="where the points are said to lie: settles what would be ambiguous")
    parser.add_argument(
        "--near", metavar="LON,LAT", help="a point near them, for short plus codes and MGRS without zone"
    )


def _run_coordinates(options: argparse.Namespace) -> int:
    from geoconflict.coordinates import coordinate_lines

    country = None
    if options.country:
        from geoconflict import reference

        country = reference.country(options.country)
    near = _lon_lat(options.near) if options.near else None
    if options.file == PIPE:
        lines: Any = io.TextIOWrapper(sys.stdin.buffer, encoding="utf-8", errors="replace")
        return _print_lines(coordinate_lines(lines, country=country, reference=near))
    try:
        with Path(options.file).open(encoding="utf-8-sig", errors="replace") as lines:
            return _print_lines(coordinate_lines(lines, country=country, reference=near))
    except OSError as error:
        msg = f"{options.file} cannot be read: {error.strerror}"
        raise ReadError(msg) from error


def _print_lines(lines: Any) -> int:  # noqa: ANN401 - an iterator of texts
    for line in lines:
        print(line)
    return 0


def _lon_lat(text: str) -> tuple[float, float]:
    try:
        lon, lat = (float(part) for part in text.split(","))
    except ValueError:
        msg = f"{text!r} is not LON,LAT in decimal degrees"
        raise InputError(msg) from None
    if not (abs(lon) <= 180 and abs(lat) <= 90):
        msg = f"{text!r} is not on the globe; longitude comes first"
        raise InputError(msg)
    return lon, lat


def _warn(message: Warning | str, *_rest: object, **_named: object) -> None:
    """Show a warning of the library as a line for a reader, not as Python code."""
    print(f"geoconflict: note: {printable(str(message))}", file=sys.stderr)


def _dates(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--date-order", choices=["dmy", "mdy"], help="what 03/04/2025 means, where the file does not prove it"
    )


def _quiet_read(file: str, source: str | None = None, date_order: Any = None) -> gpd.GeoDataFrame:  # noqa: ANN401 - one of two words or None
    """Read incidents without the warning about rows set aside, which the report tells in full."""
    from geoconflict import incidents
    from geoconflict.incidents import IncidentsWarning

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", IncidentsWarning)
        table: gpd.GeoDataFrame = incidents.read_incidents(
            file, source=source, options=incidents.ReadOptions(date_order=date_order)
        )
    return table


def _report_text(table: gpd.GeoDataFrame) -> str:
    from geoconflict import incidents

    return str(incidents.ReadReport.from_dict(table.attrs["report"]).text())


def _points(file: str) -> gpd.GeoDataFrame:
    """Read a layer as it is; a plain table through the reader of incidents."""
    if file == PIPE or Path(file).suffix.lower() in {".geojson", ".json", ".gpkg", ".fgb", ".parquet", ".shp"}:
        return _layer(file)
    from geoconflict import incidents

    table = _quiet_read(file)
    report = incidents.ReadReport.from_dict(table.attrs["report"])
    if not report.clean:
        print(
            f"geoconflict: {printable(report.summary())}; 'geoconflict validate {printable(file)}' says why",
            file=sys.stderr,
        )
    return table


def _layer(file: str) -> gpd.GeoDataFrame:
    """Read a layer from a file, or GeoJSON from standard input."""
    import geopandas as gpd

    if file == PIPE:
        text = sys.stdin.buffer.read()
        if not text.strip():
            msg = "standard input is empty; pipe a GeoJSON layer into it"
            raise ReadError(msg)
        source: object = io.BytesIO(text)
    else:
        if not Path(file).is_file():
            msg = f"{file} does not exist or is no file"
            raise ReadError(msg)
        source = file
    try:
        if isinstance(source, str) and source.endswith(".parquet"):
            return gpd.read_parquet(source)
        table = gpd.read_file(source, engine="pyogrio")
    except (OSError, ValueError, RuntimeError) as error:
        name = "standard input" if file == PIPE else file
        msg = f"{name} cannot be read as a layer: {error}"
        raise ReadError(msg) from error
    if not isinstance(table, gpd.GeoDataFrame):
        msg = f"{file} holds no geometry"
        raise ReadError(msg)
    return table


def _in_degrees(table: gpd.GeoDataFrame, name: str) -> gpd.GeoDataFrame:
    """Transform a layer whose CRS is declared to WGS84, and say so; a missing one is an error."""
    from geoconflict.crs import WGS84, is_wgs84, require_crs

    crs = require_crs(table, what=name)
    if is_wgs84(crs):
        return table
    print(f"geoconflict: note: {printable(name)} was transformed from {printable(crs.name)} to WGS84", file=sys.stderr)
    moved: gpd.GeoDataFrame = table.to_crs(WGS84)
    return moved


def _write(table: gpd.GeoDataFrame, output: str) -> int:
    from geoconflict.export.vector import to_geojson, write

    if output == PIPE:
        sys.stdout.write(to_geojson(table))
    else:
        path = write(table, output)
        print(f"wrote {len(table)} features to {path}", file=sys.stderr)
    return 0


def _fail(error: BaseException) -> int:
    print(f"geoconflict: {printable(str(error))}", file=sys.stderr)
    for note in getattr(error, "__notes__", ()):
        print(f"  {printable(note)}", file=sys.stderr)
    return 1
