"""Tripoints, parts, chains, exclaves and located points of a few rectangles, compared with geographiclib."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from geographiclib.geodesic import Geodesic

from geoconflict.errors import GeometryError, InputError, NoCommonBorderError
from geoconflict.reference import border, chain, country, exclaves, locate, part_of_border, tripoint

PROVENANCE = ["rectangles", "2020-02-02", "CC0-1.0", "© nobody"]
COLUMNS = ["source", "source_date", "licence", "attribution"]


def _locate(points, **options):
    return locate(gpd.GeoSeries(points, crs="EPSG:4326"), **options)


def _east(lon, lat, metres):
    """Return the point at a distance from a meridian."""
    found = Geodesic.WGS84.Direct(lat, lon, 90, metres)
    return shapely.Point(found["lon2"], found["lat2"])


def test_a_tripoint_follows_the_worldview(rectangles):
    found = tripoint("UA", "LT", "RU", folder=rectangles)
    assert found["place_id"].tolist() == ["tripoint-LT-RU-UA-1"]
    assert found["name"].tolist() == ["Lithuania–Russia–Ukraine tripoint"]
    assert found.geometry.tolist() == [shapely.Point(31, 51)]
    assert found[["kind", "location_uncertainty_m"]].iloc[0].tolist() == ["tripoint", 0.0]
    assert found[COLUMNS].astype(str).iloc[0].tolist() == PROVENANCE
    world = tripoint("UA", "LT", "RU", worldview="international", folder=rectangles)
    assert world.geometry.tolist() == [shapely.Point(32, 51)]
    with pytest.raises(NoCommonBorderError) as caught:
        tripoint("UA", "LT", "PL", folder=rectangles)
    assert "Lithuania–Poland–Ukraine have no common point" in str(caught.value)
    assert "Ukraine and Poland do not touch; Lithuania and Poland do not touch" in str(caught.value)


@pytest.mark.parametrize("swap", [False, True])
def test_a_part_has_the_length_and_kinds_between_its_points(rectangles, wgs84_length, swap):
    line = border("UA", "RU", worldview="international", folder=rectangles)
    # The points lie 3 km beside the line, on either side, and are moved onto it.
    points = [shapely.Point(32.04, 50.8), shapely.Point(31.96, 50.2)]
    part = part_of_border(line, *(points[::-1] if swap else points)).set_index("kind")
    assert part.index.tolist() == ["land", "river"]
    assert part["length_m"].tolist() == pytest.approx(
        [wgs84_length((32, 50.5), (32, 50.8)), wgs84_length((32, 50.2), (32, 50.5))], abs=0.5
    )
    assert part["drawn_length_m"].tolist() == part["length_m"].tolist()
    assert shapely.get_coordinates(part.loc["river", "geometry"]).tolist() == pytest.approx(
        np.array([[32, 50.2], [32, 50.25], [32, 50.5]]), abs=1e-6
    )
    assert part["border_id"].tolist() == ["RU-UA-land", "RU-UA-river"]


def test_a_part_inside_one_edge(rectangles, wgs84_length):
    line = border("UA", "RU", kinds="land", folder=rectangles)
    part = part_of_border(line, shapely.Point(31, 50.6), shapely.Point(31, 50.7))
    assert part["kind"].tolist() == ["land"]
    assert part.geometry.iloc[0].equals_exact(shapely.LineString([(31, 50.6), (31, 50.7)]), 1e-9)
    assert part["length_m"].iloc[0] == pytest.approx(wgs84_length((31, 50.6), (31, 50.7)), abs=1e-3)


def test_a_part_needs_points_on_one_connected_line_and_near_it(rectangles):
    line = border("LT", "RU", folder=rectangles)
    with pytest.raises(InputError, match="parts of the border that are not connected"):
        part_of_border(line, shapely.Point(32.5, 51), shapely.Point(32.4, 50.5))
    meridian = border("UA", "RU", kinds="land", folder=rectangles)
    assert len(part_of_border(meridian, _east(31, 50.6, 4_990), shapely.Point(31, 50.2))) == 1
    with pytest.raises(GeometryError, match=r"start is 5\.0 km from the line, more than 5 km; check the order"):
        part_of_border(meridian, _east(31, 50.6, 5_010), shapely.Point(31, 50.2))
    with pytest.raises(GeometryError, match=r"end must be a shapely Point .*found an empty Point"):
        part_of_border(line, shapely.Point(32.5, 51), shapely.Point())
    with pytest.raises(
        InputError, match="it holds 2 pairs of countries: Lithuania–Russia, Lithuania–Ukraine"
    ) as caught:
        part_of_border(border("LT", ["RU", "UA"], folder=rectangles), *[shapely.Point(32.5, 51)] * 2)
    assert len(caught.value.faults) == 1
    mixed = pd.concat([meridian, border("UA", "RU", kinds="sea", folder=rectangles, resolution=0.5)])
    with pytest.raises(InputError, match="the length of a part would be wrong") as caught:
        part_of_border(mixed, *[shapely.Point(31, 50.5)] * 2)
    assert len(caught.value.faults) == 1


def test_parts_have_one_row_for_each_kind_in_the_order_of_the_border(rectangles, wgs84_length):
    line = border("LT", "RU", folder=rectangles)
    part = part_of_border(line, shapely.Point(31.2, 51), shapely.Point(32.75, 51))
    assert part["kind"].tolist() == ["land", "lake"]
    assert part.index.tolist() == [0, 1]
    assert part["length_m"].tolist() == pytest.approx(
        [
            wgs84_length((32, 51), (32.5, 51)) + wgs84_length((32.5, 51), (32.75, 51)),
            wgs84_length((31.2, 51), (31.5, 51)) + wgs84_length((31.5, 51), (32, 51)),
        ],
        abs=1,
    )


def test_a_chain_keeps_its_order_worldview_and_kinds(rectangles):
    pairs = [("UA", "RU"), ("RU", "LT"), ("LT", "UA")]
    line = chain(pairs, folder=rectangles)
    assert line[["border_id", "position"]].to_numpy().tolist() == [
        ["RU-UA-land", 1],
        ["LT-RU-land", 2],
        ["LT-RU-lake", 2],
        ["LT-UA-land", 3],
    ]
    assert line.index.tolist() == [0, 1, 2, 3]
    assert (line["gap_before_m"] == 0).all()
    assert "RU-UA-sea" in chain(pairs, kinds=None, folder=rectangles)["border_id"].tolist()
    assert chain(pairs, kinds=["land"], folder=rectangles)["kind"].unique().tolist() == ["land"]
    world = chain(pairs, worldview="international", folder=rectangles)
    assert "RU-UA-river" in world["border_id"].tolist()
    with pytest.raises(InputError, match=r"row 2: \('LT',\) is not a pair of names") as caught:
        chain([("UA", "RU"), ("LT",)], folder=rectangles)
    assert len(caught.value.faults) == 1


def test_the_suwalki_gap_is_the_geodesic_between_its_tripoints(wgs84_length):
    west, east = (tripoint("LT", "PL", third).geometry.iloc[0] for third in ("RU", "BY"))
    line = chain([("LT", "RU"), ("LT", "BY")])
    gaps = line.groupby("position")["gap_before_m"].unique()
    assert gaps[2].tolist() == pytest.approx([wgs84_length((west.x, west.y), (east.x, east.y))], abs=1e-3)
    assert gaps[1].tolist() == [0.0]


# Positions from Wikipedia: "Vaalserberg" (French), 50°45'17"N 6°01'15"E; "Three-Country Cairn" (English), 69.059972°N
# 20.548639°E.
@pytest.mark.parametrize(
    ("trio", "lon", "lat"),
    [(("Belgium", "Germany", "Netherlands"), 6.0208, 50.7547), (("Norway", "Sweden", "Finland"), 20.548639, 69.059972)],
)
def test_tripoints_lie_at_their_published_positions(trio, lon, lat, wgs84_length):
    points = tripoint(*trio).geometry
    assert min(wgs84_length((point.x, point.y), (lon, lat)) for point in points) < 150


def test_exclaves_of_the_rectangles(rectangles, wgs84_area):
    found = exclaves("LT", folder=rectangles)
    assert found["exclave_id"].tolist() == ["LT-exclave-1", "LT-exclave-2"]
    assert found["neighbours"].tolist() == ["Russia", "Russia"]
    assert found["coastal"].tolist() == [False, True]
    assert found["area_m2"].tolist() == pytest.approx(
        [
            wgs84_area((32.4, 50.4), (32.6, 50.4), (32.6, 50.6), (32.4, 50.6)),
            wgs84_area((32.8, 50), (33, 50), (33, 50.1), (32.8, 50.1)),
        ],
        rel=1e-7,
    )
    assert found[COLUMNS].astype(str).iloc[0].tolist() == PROVENANCE
    assert found[["country", "worldview"]].iloc[0].tolist() == ["Lithuania", "de_facto"]
    # Ukraine's island has no border; Crimea is part of the mainland in the other view, and of Russia in this one.
    assert len(exclaves("UA", folder=rectangles)) == 0
    assert len(exclaves("UA", worldview="international", folder=rectangles)) == 0
    assert len(exclaves("RU", folder=rectangles)) == 0


# Areas: Cabinda 7,270 km² (World Encyclopedia, Oxford), Oecusse 813.6 km² (Wikipedia, "Oecusse").
@pytest.mark.parametrize(
    ("name", "neighbours", "coastal", "km2"),
    [
        ("Angola", "DR Congo, Republic of the Congo", True, 7_270),
        ("Timor-Leste", "Indonesia", True, 814),
    ],
)
def test_exclaves_have_published_areas_and_neighbours(name, neighbours, coastal, km2):
    found = exclaves(name).iloc[0]
    assert found["neighbours"] == neighbours
    assert found["coastal"] == coastal
    assert found["area_m2"] / 1e6 == pytest.approx(km2, rel=0.04)


def test_points_of_the_rectangles_are_in_their_countries(rectangles, wgs84_length):
    xy = {
        "west": (30.5, 50.5, "UA", "land"),
        "island": (29.1, 50.3, "UA", "land"),
        "peninsula": (31.5, 50.5, "RU", "land"),
        "exclave": (32.5, 50.5, "LT", "land"),
        "corner": (32.9, 50.05, "LT", "land"),
        "waters of Ukraine": (30.5, 49.9, "UA", "sea"),
        "waters of Crimea": (31.5, 49.9, "RU", "sea"),
        "high sea": (31.5, 49.7, None, None),
        "beside the island": (29.5, 50.3, None, None),
        "on the line of Lithuania and Ukraine": (30.5, 51.0, "LT", "land"),
        "on the line of Russia and Ukraine": (31.0, 50.5, "RU", "land"),
        "at a corner of the box": (33.0, 52.0, "LT", "land"),
        "beyond the box": (33.1, 52.0, None, None),
    }
    points = {name: shapely.Point(lon, lat) for name, (lon, lat, _, _) in xy.items()}
    found = _locate(points, folder=rectangles)
    assert found.index.tolist() == list(xy)
    assert found["iso"].tolist() == [iso for _, _, iso, _ in xy.values()]
    assert found["part"].tolist() == [part for _, _, _, part in xy.values()]
    names = {"UA": "Ukraine", "RU": "Russia", "LT": "Lithuania", None: None}
    assert found["country"].tolist() == [names[iso] for _, _, iso, _ in xy.values()]
    assert set(found["worldview"]) == {"de_facto"}
    metres = found["distance_to_border_m"]
    assert metres["corner"] == pytest.approx(wgs84_length((32.9, 50.05), (32.9, 50.1)), rel=1e-3)
    # From the sea the nearest land border counts, not the line in the sea.
    assert metres["waters of Ukraine"] == pytest.approx(wgs84_length((30.5, 49.9), (31, 50)), rel=1e-3)
    assert metres["on the line of Russia and Ukraine"] == pytest.approx(0, abs=1e-3)
    assert metres.isna().tolist() == found["iso"].isna().tolist()
    world = _locate(points, worldview="international", border_distance=False, folder=rectangles)
    assert world.loc[["peninsula", "waters of Crimea"], "iso"].tolist() == ["UA", "UA"]
    assert world["distance_to_border_m"].isna().all()
    assert set(world["worldview"]) == {"international"}


def test_many_points_are_in_the_countries_that_cover_them(rectangles):
    rng = np.random.default_rng(5)
    lon, lat = rng.uniform(28.9, 33.2, 3_000), rng.uniform(49.7, 52.1, 3_000)
    found = locate(gpd.GeoSeries.from_xy(lon, lat, crs="EPSG:4326"), border_distance=False, folder=rectangles)
    expected = pd.Series(np.full(3_000, None, dtype=object))
    part = expected.copy()
    for iso in ("UA", "RU", "LT"):
        for name in ("land", "sea") if iso != "LT" else ("land",):
            area = country(iso, part=name, folder=rectangles).geometry.iloc[0]
            expected[shapely.intersects_xy(area, lon, lat)] = iso
            part[shapely.intersects_xy(area, lon, lat)] = name
    assert found["iso"].tolist() == expected.tolist()
    assert found["part"].tolist() == part.tolist()


def test_geometries_that_are_no_points_are_listed(rectangles):
    line = shapely.LineString([(0, 0), (1, 1)])
    with pytest.raises(GeometryError) as caught:
        _locate([shapely.Point(31, 50), line, None, shapely.MultiPoint([(0, 0)])], folder=rectangles)
    assert [fault.row for fault in caught.value.faults] == [2, 4]
    assert "2 of 4 geometries are not points" in str(caught.value)


def test_the_ends_of_a_part_are_the_nearest_points_of_a_slanting_line(rectangles):
    line = border("LT", "UA", folder=rectangles)
    start, end = (30, 51), (30.2, 51.15)
    line.geometry = [shapely.LineString([start, end])]
    way = Geodesic.WGS84.InverseLine(start[1], start[0], end[1], end[0])
    points = []
    for share, side in ((0.25, 90), (0.75, -90)):
        at = way.Position(share * way.s13)
        beside = Geodesic.WGS84.Direct(at["lat2"], at["lon2"], at["azi2"] + side, 3_000)
        points.append(shapely.Point(beside["lon2"], beside["lat2"]))
    part = part_of_border(line, *points)
    assert part["length_m"].tolist() == pytest.approx([way.s13 / 2], rel=2e-3)


@pytest.mark.parametrize(
    ("start", "end", "kinds"),
    [
        ((31.2, 51), (31.8, 51), ["lake"]),
        ((32.4, 50.45), (32.4, 50.55), ["land"]),
        ((32.85, 50.1), (32.95, 50.1), ["land"]),
    ],
)
def test_a_part_lies_on_the_strand_of_its_points(rectangles, start, end, kinds):
    part = part_of_border(border("LT", "RU", folder=rectangles), shapely.Point(start), shapely.Point(end))
    assert part["kind"].tolist() == kinds
    shape = part.geometry.iloc[0]
    assert max(shape.distance(shapely.Point(start)), shape.distance(shapely.Point(end))) < 1e-6
