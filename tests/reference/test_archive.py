import itertools
import struct
import zipfile
import zlib

import numpy as np
import pyproj
import pytest
import shapely
from geographiclib.geodesic import Geodesic
from hypothesis import assume, given, settings, strategies as st

from geoconflict.errors import InputError, ReadError
from geoconflict.reference.archive import (
    FILE_NAME,
    KINDS,
    NATURAL_EARTH,
    Arcs,
    BorderArchive,
    boundaries_folder,
    decode,
    encode,
    join,
    parse_resolution,
    simplify,
    write_archive,
)

_VERTEX = st.tuples(st.integers(-1_800_000_000, 1_800_000_000), st.integers(-900_000_000, 900_000_000))
_ARC = st.tuples(st.sampled_from(KINDS), st.lists(_VERTEX, min_size=1, max_size=30))


@settings(max_examples=120, deadline=None, derandomize=True)
@given(st.lists(_ARC, max_size=8))
def test_arcs_survive_a_round_trip(arcs):
    written = Arcs([kind for kind, _ in arcs], [np.array(xy, dtype=np.int64) for _, xy in arcs])
    read = decode(encode(written))
    assert read.kinds == written.kinds
    assert [one.tolist() for one in read.coordinates] == [one.tolist() for one in written.coordinates]


def test_truncated_or_foreign_bytes_are_an_error():
    data = encode(Arcs(["land"], [np.array([[1, 2], [300, 400], [50_000, 60_000]])]))
    with pytest.raises(ReadError, match="should hold 6 numbers and holds"):
        decode(data[:-2])
    with pytest.raises(ReadError, match="does not start with GCA1"):
        decode(b"PK\x03\x04" + data)


def test_the_same_members_give_the_same_bytes(tmp_path):
    members = [("index.json", b'{"format":1}'), ("border/A~B", b"x" * 1000)]
    write_archive(tmp_path / "one.zip", members)
    write_archive(tmp_path / "two.zip", members)
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()


def test_a_file_that_is_no_archive_is_an_error(tmp_path):
    (tmp_path / "text.zip").write_text("no zip at all")
    with pytest.raises(ReadError, match="is not an archive of borders"):
        BorderArchive(tmp_path / "text.zip")
    with zipfile.ZipFile(tmp_path / "other.zip", "w") as archive:
        archive.writestr("a.txt", "a zip of something else")
    with pytest.raises(ReadError, match="is not an archive of borders"):
        BorderArchive(tmp_path / "other.zip")
    with pytest.raises(ReadError, match="is not in"):
        BorderArchive(tmp_path / "missing.zip")


def test_the_embedded_data_stay_below_their_size_limit():
    folder = boundaries_folder()
    assert (folder / FILE_NAME).stat().st_size + (folder / NATURAL_EARTH).stat().st_size < 25e6


def test_the_checksums_in_the_readme_match_the_files():
    import hashlib

    folder = boundaries_folder()
    text = (folder / "README.md").read_text(encoding="utf-8")
    for name in (FILE_NAME, NATURAL_EARTH, "LICENSE-ODbL-1.0.txt"):
        digest = hashlib.sha256((folder / name).read_bytes()).hexdigest()
        assert digest in text, f"the checksum of {name} in README.md is not that of the file"


def _varint(value: int) -> bytes:
    """Return the zigzag variable-length integer of Protocol Buffers ("Encoding", protobuf.dev), written plainly."""
    rest = value * 2 if value >= 0 else -value * 2 - 1
    out = []
    while rest >= 128:
        out.append(rest % 128 + 128)
        rest //= 128
    return bytes([*out, rest])


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.lists(_ARC, min_size=1, max_size=5))
def test_the_bytes_of_a_member_are_those_of_its_description(arcs):
    written = encode(Arcs([kind for kind, _ in arcs], [np.array(xy, dtype=np.int64) for _, xy in arcs]))
    expected = b"GCA1" + struct.pack("<I", len(arcs)) + bytes(KINDS.index(kind) for kind, _ in arcs)
    expected += b"".join(struct.pack("<I", len(xy)) for _, xy in arcs)
    vertices = [vertex for _, xy in arcs for vertex in xy]
    for axis in (0, 1):
        values = [0, *(vertex[axis] for vertex in vertices)]
        expected += b"".join(_varint(b - a) for a, b in itertools.pairwise(values))
    assert written == expected


def test_a_written_archive_is_deflated_dated_1980_and_readable_by_all(tmp_path):
    write_archive(tmp_path / "one.zip", [("index.json", b"{}"), ("a", b"x" * 1000)])
    with zipfile.ZipFile(tmp_path / "one.zip") as archive:
        for info in archive.infolist():
            assert info.date_time == (1980, 1, 1, 0, 0, 0)
            assert info.compress_type == zipfile.ZIP_DEFLATED
            assert (info.create_system, info.external_attr >> 16) == (3, 0o644)
        assert archive.getinfo("a").compress_size < 50


def test_members_that_are_absent_are_left_out(tmp_path):
    members = [("index.json", b'{"source":"s"}'), ("b", b""), ("a" * 300, "é".encode()), ("c", bytes(range(256)) * 9)]
    write_archive(tmp_path / "one.zip", members)
    archive = BorderArchive(tmp_path / "one.zip")
    assert archive.read(["c", "missing", "b", "a" * 300]) == dict(members[1:])
    assert "c" in archive
    assert "missing" not in archive
    assert len(Arcs(["land", "sea"], [])) == 2


def test_a_member_whose_checksum_differs_is_an_error(tmp_path):
    path = tmp_path / "one.zip"
    write_archive(path, [("index.json", b"{}"), ("a", b"some text")])
    data = path.read_bytes()
    crc = struct.pack("<I", zlib.crc32(b"some text"))
    assert data.count(crc) == 2
    path.write_bytes(data.replace(crc, b"\0\0\0\1"))
    with pytest.raises(ReadError, match=r"a in one\.zip is damaged \(its checksum differs\): reinstall"):
        BorderArchive(path).read(["a"])


_DEGREES = st.tuples(st.floats(-179, 179), st.floats(-85, 85), st.floats(0.001, 0.5))


@settings(max_examples=60, deadline=None, derandomize=True)
@given(_DEGREES, st.lists(st.tuples(st.floats(-1, 1), st.floats(-1, 1)), min_size=3, max_size=25), st.floats(1, 20_000))
def test_a_simplified_line_keeps_its_ends_and_its_tolerance(place, shape, resolution_m):
    assume(shape[0] != shape[-1])  # a ring keeps four vertices instead
    lon, lat, size = place
    line = np.array([(lon + x * size, lat + y * size) for x, y in shape])
    thin = simplify(line, resolution_m)
    assert thin[[0, -1]].tolist() == line[[0, -1]].tolist()
    rows = [tuple(vertex) for vertex in line.tolist()]
    assert [vertex for vertex in map(tuple, thin.tolist()) if vertex not in rows] == []
    # In an equidistant projection around the middle the removed vertices lie within the tolerance of what is kept.
    local = pyproj.Transformer.from_crs("EPSG:4326", f"+proj=aeqd +lat_0={lat} +lon_0={lon}", always_xy=True)
    before, after = (np.column_stack(local.transform(*one.T)) for one in (line, thin))
    offsets = shapely.distance(shapely.points(before), shapely.LineString(after))
    assert offsets.max() <= resolution_m * 1.02 + 1


def test_a_line_of_two_vertices_or_without_tolerance_stays_as_it_is():
    line = np.array([[0.0, 0.0], [0.5, 0.0], [1.0, 0.0]])
    assert simplify(line, 0) is line
    assert simplify(line, 1).tolist() == [[0, 0], [1, 0]]
    assert simplify(line[:2], 1e5).tolist() == line[:2].tolist()


def test_the_tolerance_is_in_metres_at_every_latitude():
    # Length of a degree of longitude from geographiclib; on either side of the equator the widest one counts.
    for lat, other in ((0.0, 0.0), (60.0, 60.0), (-60.0, -60.0), (60.0, -5.0)):
        degree = Geodesic.WGS84.Inverse(0.0 if lat * other < 0 else lat, 0, 0.0 if lat * other < 0 else lat, 1)["s12"]
        low, high = min(lat, other), max(lat, other) + 0.2
        line = np.array([[0, low], [0.01, (low + high) / 2], [0, high]])
        assert len(simplify(line, degree * 0.01 * 1.01)) == 2
        assert len(simplify(line, degree * 0.01 * 0.98)) == 3


def test_a_small_ring_keeps_four_vertices():
    angle = np.linspace(0, 2 * np.pi, 41)
    ring = np.column_stack([10 + 0.01 * np.cos(angle), 50 + 0.01 * np.sin(angle)])
    ring[-1] = ring[0]
    thin = simplify(ring, 50_000)
    assert len(thin) == 4
    assert thin[0].tolist() == thin[-1].tolist()
    assert shapely.Polygon(thin).area > 0


def test_lines_are_joined_in_their_direction():
    first, second, apart = np.array([[1.0, 0], [2, 0]]), np.array([[0.0, 0], [1, 0]]), np.array([[5.0, 0], [6, 0]])
    assert shapely.get_coordinates(join([first, second])).tolist() == [[0, 0], [1, 0], [2, 0]]
    both = join([apart, first, second])
    assert [part.coords[0][0] for part in both.geoms] == [0, 5]
    # Lines that meet head to head keep their directions and stay apart.
    assert len(shapely.get_parts(join([first, second[::-1]]))) == 2


def test_a_folder_of_ones_own_is_used(rectangles, tmp_path):
    assert boundaries_folder(rectangles) == rectangles
    assert boundaries_folder(str(rectangles)) == rectangles
    with pytest.raises(ReadError, match="is not in"):
        boundaries_folder(tmp_path)
    assert boundaries_folder().is_dir()


def test_the_coarsest_resolution_is_100_km():
    assert parse_resolution("100 km") == parse_resolution(100_000) == 100_000.0
    assert parse_resolution(0) == 0.0
    with pytest.raises(InputError, match=r"at most 100 km, found '100\.1 km'"):
        parse_resolution("100.1 km")
