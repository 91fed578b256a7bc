import zipfile

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from geoconflict.errors import ReadError
from geoconflict.reference.archive import (
    FILE_NAME,
    KINDS,
    NATURAL_EARTH,
    Arcs,
    BorderArchive,
    boundaries_folder,
    decode,
    encode,
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
