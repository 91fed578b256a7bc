"""The commands that measure: border, bands, buffer, distance, near."""

from __future__ import annotations

import argparse

import geopandas as gpd

from geoconflict import analysis, api, reference
from geoconflict.cli._common import add_output, add_worldview, set_command
from geoconflict.cli._layers import read_layer, read_points, write_layer


def add_border(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``geoconflict border``."""
    examples = (
        "  geoconflict border Lithuania Belarus\n"
        "  geoconflict border LT BY RU -o border.gpkg\n"
        "  geoconflict border Mali Senegal --lengths"
    )
    set_command(parser, _border, examples)
    parser.add_argument("a", metavar="COUNTRY", help="name in English, or ISO 3166-1 code")
    parser.add_argument("b", metavar="OTHER", nargs="+", help="one or more others")
    add_worldview(parser)
    parser.add_argument(
        "--kinds", nargs="+", choices=["land", "river", "lake", "sea"], help="only stretches of these kinds"
    )
    parser.add_argument("--lengths", action="store_true", help="print a table of lengths instead of the geometry")
    add_output(parser)


def _border(options: argparse.Namespace) -> int:
    table = reference.border(options.a, options.b, worldview=options.worldview, kinds=options.kinds)
    if not options.lengths:
        return write_layer(table, options.output)
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


def add_bands(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``geoconflict bands``."""
    set_command(
        parser,
        _bands,
        "  geoconflict bands Lithuania Belarus Russia --edges '0 mi' '3 mi' '30 mi' -o bands.geojson",
    )
    parser.add_argument("side", metavar="COUNTRY", help="the country in which the bands lie")
    parser.add_argument("others", metavar="OTHER", nargs="+", help="the countries on the other side of the border")
    parser.add_argument(
        "--edges", nargs="+", required=True, metavar="LENGTH", help="at least two increasing lengths with units"
    )
    add_worldview(parser)
    add_output(parser)


def _bands(options: argparse.Namespace) -> int:
    border = reference.border(options.side, options.others, worldview=options.worldview)
    return write_layer(api.bands(border, options.edges, side=options.side), options.output)


def add_buffer(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``geoconflict buffer``."""
    examples = (
        "  geoconflict buffer sites.geojson '5 km' -o zones.gpkg\n"
        "  geoconflict border LT BY | geoconflict buffer - '20 km' --dissolve > belt.geojson"
    )
    set_command(parser, _buffer, examples)
    parser.add_argument("file", help="a layer, or - for GeoJSON on standard input")
    parser.add_argument("radius", help="a length with its unit, such as '5 km', or a column of lengths")
    parser.add_argument("--dissolve", action="store_true", help="write one zone, the union of all")
    parser.add_argument("--label", metavar="COLUMN", help="a column whose values name the zones")
    add_output(parser)


def _buffer(options: argparse.Namespace) -> int:
    table = read_layer(options.file)
    zones = analysis.buffer(table, options.radius, dissolve=options.dissolve, label=options.label)
    return write_layer(zones, options.output)


def add_distance(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``geoconflict distance``."""
    examples = (
        "  geoconflict distance events.csv border.geojson -o measured.geojson\n"
        "  geoconflict distance events.csv Mali Senegal        # to the border of two countries"
    )
    set_command(parser, _distance, examples)
    _add_file_and_target(parser)
    parser.add_argument("--column", default="distance_m", help="name of the new column (default: distance_m)")
    add_output(parser)


def _distance(options: argparse.Namespace) -> int:
    table = read_points(options.file)
    table[options.column] = analysis.distance(table, _target(options.to))
    return write_layer(table, options.output)


def add_near(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``geoconflict near``."""
    examples = (
        "  geoconflict near events.csv Mali Senegal --radius '50 km' -o near.geojson\n"
        "  geoconflict near events.csv borders.gpkg --radius '5 km' '25 km' '50 km'    # and which border"
    )
    set_command(parser, _near, examples)
    _add_file_and_target(parser)
    parser.add_argument("--radius", nargs="+", required=True, metavar="LENGTH", help="one or more lengths with units")
    add_output(parser)


def _near(options: argparse.Namespace) -> int:
    radius = options.radius[0] if len(options.radius) == 1 else options.radius
    return write_layer(analysis.near(read_points(options.file), _target(options.to), radius), options.output)


def _add_file_and_target(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", help="a layer or a table of incidents, or - for GeoJSON on standard input")
    parser.add_argument("to", nargs="+", metavar="TARGET", help="a layer, or a country and one or more others")


def _target(words: list[str]) -> gpd.GeoDataFrame:
    """Return the layer, or the border of the countries, that was named."""
    return read_layer(words[0]) if len(words) == 1 else reference.border(words[0], words[1:])
