"""A pair of countries, derived again from the registry package, gives the embedded line."""

import importlib.util
import sys
from pathlib import Path

import numpy as np
import pytest
import shapely

from geoconflict.reference import border

SCRIPTS = Path(__file__).parents[2] / "data" / "boundaries"

pytest.importorskip("timezonefinder_data", reason="the derivation needs geoconflict[highres]")


@pytest.fixture(scope="module")
def scripts():
    """The derivation's modules, under names of their own."""
    loaded = {}
    before = list(sys.path)
    sys.path.insert(0, str(SCRIPTS))
    try:
        for name in ("zones", "arcs"):
            spec = importlib.util.spec_from_file_location(name, SCRIPTS / f"{name}.py")
            module = importlib.util.module_from_spec(spec)
            sys.modules[name] = module
            spec.loader.exec_module(module)
            loaded[name] = module
        yield loaded
    finally:
        sys.path[:] = before
        for name in loaded:
            sys.modules.pop(name, None)


def test_deriving_lithuania_poland_gives_the_embedded_line(scripts):
    units = scripts["zones"].unit_polygons(frozenset({"LT", "PL"}))
    assert sorted(units) == ["LT", "PL"]
    edges, crowded = scripts["zones"].edges_between(units)
    assert crowded == 0
    lines = [c.xy for c in scripts["arcs"].chains(edges) if (c.left, c.right) == ("LT", "PL")]
    assert len(lines) == 1
    embedded = shapely.get_coordinates(border("Lithuania", "Poland").geometry.iloc[0])
    assert np.array_equal(np.rint(embedded * 1e7).astype(np.int64), lines[0])


def test_short_runs_of_a_kind_join_their_neighbours(scripts):
    kinds = np.array(["land", "sea", "land", "land", "river", "land", "lake", "river", "river"])
    lengths = np.array([100.0, 10, 100, 5, 3, 100, 1, 1, 400])
    found = scripts["arcs"].smooth(kinds, lengths, 20.0)
    assert found.tolist() == ["land"] * 6 + ["river"] * 3
    alone = np.array(["sea", "sea"])
    assert scripts["arcs"].smooth(alone, np.array([1.0, 1.0]), 20.0).tolist() == ["sea", "sea"]


def test_a_line_is_cut_where_a_coast_crosses_it(scripts):
    arcs, zones = scripts["arcs"], scripts["zones"]
    lines = [np.array([[0, 0], [1000, 0], [2000, 0]])]
    coast = [np.array([[1500, -500], [1500, 500], [1600, 600]])]
    nodes = arcs.cross(lines, coast)
    assert zones.from_keys(nodes).tolist() == [[1500, 0]]
    assert lines[0].tolist() == [[0, 0], [1000, 0], [1500, 0], [2000, 0]]
    assert coast[0].tolist() == [[1500, -500], [1500, 0], [1500, 500], [1600, 600]]
    assert [len(piece) for piece in arcs.cut(lines[0], nodes)] == [3, 2]


def test_keys_represent_every_vertex(scripts):
    corners = np.array([[-1_800_000_000, -900_000_000], [1_800_000_000, 900_000_000], [255_000_001, -1]])
    keys = scripts["zones"].to_keys(corners)
    assert keys.min() >= 0
    assert np.array_equal(scripts["zones"].from_keys(keys), corners)
