from __future__ import annotations

import datetime as dt
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from shapely import box

from geoconflict.errors import InputError, SchemaError
from geoconflict.maps import layers
from geoconflict.maps.layers import Territory, from_snapshots


def seen(*boxes, **columns):
    return gpd.GeoDataFrame(columns, geometry=[box(*b) for b in boxes], crs=4326)


def real_folder():
    for parent in Path(__file__).resolve().parents:
        folder = parent.parent / "shared" / "data" / "control"
        if folder.is_dir():
            return folder
    return None


def test_a_snapshot_is_valid_until_the_day_before_the_next():
    one = seen((0, 0, 1, 1))
    table = from_snapshots({"2025-03-01": one, "2025-01-01": one, dt.date(2025, 1, 2): one}, holder="North")
    assert table["valid_from"].tolist() == ["2025-01-01", "2025-01-02", "2025-03-01"]
    assert table["valid_to"].tolist() == ["2025-01-01", "2025-02-28", "2025-03-01"]
    assert table["seen_on"].tolist() == table["valid_from"].tolist()
    assert from_snapshots({"2025-01-01": one}, holder="N", last_until="2025-01-31")["valid_to"].tolist() == [
        "2025-01-31"
    ]


def test_days_without_observation_are_noted():
    one = seen((0, 0, 1, 1))
    table = from_snapshots({"2025-01-01": one, "2025-01-02": one, "2025-01-10": one}, holder="North")
    assert Territory(table).describe().notes == (
        (
            "Control of territory: observed on 3 days from 2025-01-01 to 2025-01-10; no observation for 7 days, which show "
            "the last observed state; the longest gap is from 2025-01-03 to 2025-01-09."
        ),
    )
    daily = from_snapshots({"2025-01-01": one, "2025-01-02": one}, holder="North")
    assert Territory(daily).describe().notes == ()


def test_a_snapshot_without_rows_ends_the_state():
    table = from_snapshots({"2025-01-01": seen((0, 0, 1, 1)), "2025-02-01": seen()}, holder="North")
    assert table[["valid_from", "valid_to"]].to_numpy().tolist() == [["2025-01-01", "2025-01-31"]]
    assert len(from_snapshots({"2025-02-01": seen()}, holder="North")) == 0


def test_a_last_snapshot_without_rows_is_noted():
    one = seen((0, 0, 1, 1))
    days = {"2025-01-01": one, "2025-01-02": seen()}
    table = from_snapshots(days, holder="North")
    assert table["valid_to"].tolist() == ["2025-01-01"]
    told = ("Control of territory: last observed on 2025-01-02, with no area held; that day is not drawn.",)
    assert Territory(table).describe().notes == told
    again = from_snapshots({**days, "2025-01-03": one}, holder="North")
    assert Territory(again).describe().notes == ()


def test_snapshots_with_another_geometry_column_keep_their_areas():
    one = seen((0, 0, 1, 1))
    other = seen((2, 0, 3, 1)).rename_geometry("shape")
    for days in ({"2025-01-01": one, "2025-01-02": other}, {"2025-01-01": other, "2025-01-02": one}):
        table = from_snapshots(days, holder="North")
        assert table.geometry.notna().all()
        assert table.total_bounds.tolist() == [0, 0, 3, 1]
        assert "shape" not in table.columns
    assert other.geometry.name == "shape"
    with pytest.raises(InputError, match="the active geometry is 'shape', but there is also a column 'geometry'"):
        from_snapshots({"2025-01-01": other.assign(geometry=1)}, holder="North")


def test_several_holders_share_a_day():
    both = seen((0, 0, 1, 1), (1, 0, 2, 1), holder=["North", "South"])
    told = Territory(from_snapshots({"2025-01-01": both, "2025-01-05": both})).describe()
    assert [(e.label, e.count) for e in told.legend] == [("North", 2), ("South", 2)]
    assert told.in_turn
    assert told.title_column == "holder"
    assert {"seen_on", "valid_from"} <= {f.column for f in told.fields}


def test_all_errors_in_snapshots_are_reported_together():
    one = seen((0, 0, 1, 1))
    with pytest.raises(InputError) as caught:
        from_snapshots(
            {"soon": one, "2025-01-01": one.to_crs(3857), "2025-01-02": pd.DataFrame(), dt.date(2025, 1, 1): one}
        )
    text = str(caught.value)
    for part in ("'soon' is not a date", "expected WGS84", "found DataFrame", "no column holder", "occurs twice"):
        assert part in text
    with pytest.raises(InputError, match="there are no snapshots"):
        from_snapshots({}, holder="North")
    with pytest.raises(InputError, match="is before the last snapshot"):
        from_snapshots({"2025-01-02": one}, holder="North", last_until="2025-01-01")
    assert "holder" not in one.columns


def test_invalid_tables_are_refused():
    bad = seen((0, 0, 1, 1), (1, 0, 2, 1), valid_from=["2025-01-05", "Monday"], valid_to=["2025-01-01", None])
    with pytest.raises(SchemaError) as caught:
        Territory(bad)
    assert {(f.row, f.field) for f in caught.value.faults} == {(None, "holder"), (2, "valid_from"), (1, "valid_to")}
    with pytest.raises(SchemaError, match="valid_to"):
        Territory(seen((0, 0, 1, 1), valid_from=["2025-01-05"]), holder="North")


def test_every_row_needs_a_start():
    rows = seen(
        *[(i, 0, i + 1, 1) for i in range(3)], valid_from=[None, "2025-01-05", np.nan], valid_to=["2025-01-06"] * 3
    )
    with pytest.raises(SchemaError, match="the date is missing") as caught:
        Territory(rows, holder="North")
    assert [(f.row, f.field) for f in caught.value.faults] == [(1, "valid_from"), (3, "valid_from")]


def test_an_open_end_and_an_unknown_holder():
    rows = seen(
        (0, 0, 1, 1), (1, 0, 2, 1), holder=["North", None], valid_from=["2025-01-05"] * 2, valid_to=[None, None]
    )
    told = Territory(rows).describe()
    assert [e.label for e in told.legend] == ["North", "holder not known"]
    assert told.end.tolist() == [np.iinfo(np.int32).min] * 2


def test_300_holders_are_hatched_with_a_note():
    n = 300
    rows = seen(
        *[(i / 10, 0, i / 10 + 0.1, 1) for i in range(n)],
        holder=[f"h{i}" for i in range(n)],
        valid_from=["2025-01-05"] * n,
        valid_to=["2025-01-06"] * n,
    )
    told = Territory(rows).describe()
    assert len(told.legend) == n
    assert told.notes == ("Control of territory: 300 names share 12 looks, plain and hatched; popups show the name.",)
    assert [e.style.hatch for e in told.legend[:13]] == [False] * 6 + [True] * 6 + [False]


@pytest.mark.real_data
@pytest.mark.skipif(real_folder() is None, reason="the folder of real files is absent")
def test_two_years_of_real_snapshots():
    files = sorted(real_folder().glob("deepstatemap_data_*.geojson"))
    days = {f"{f.stem[-8:-4]}-{f.stem[-4:-2]}-{f.stem[-2:]}": gpd.read_file(f) for f in files}
    table = from_snapshots(days, holder="Russia")
    assert len(table) == len(files) == 36
    told = Territory(table).describe()
    assert told.legend[0].count == 36
    # One state a day, no day twice, none left out.
    assert (told.start[1:] == told.end[:-1] + 1).all()
    assert (told.end >= told.start).all()
    assert "no observation for 695 days" in told.notes[0]
    from geoconflict.maps.map import Map

    drawn = Map([Territory(table)], title="Control", as_of="2025-08-05")
    vertices = int(shapely.get_num_coordinates(table.geometry.to_numpy()).sum())
    layer = drawn.scene.details[-1]
    assert layer.before == vertices > 100_000
    assert layer.tolerance_deg < 5e-5
    assert len(drawn.html()) < 600_000


def day(text):
    return (dt.date.fromisoformat(text) - dt.date(1970, 1, 1)).days


def test_an_open_state_and_a_single_day_in_the_note_on_gaps():
    one = (0, 0, 1, 1)
    table = seen(
        one, one, holder=["North"] * 2, seen_on=["2025-01-01", None], valid_from=["2025-01-01", "2025-02-01"],
        valid_to=["2025-01-03", None],
    )  # fmt: skip
    assert Territory(table).describe().notes == (
        (
            "Control of territory: observed on 1 day from 2025-01-01 to 2025-01-03; no observation for 2 days, which show "
            "the last observed state; the longest gap is from 2025-01-02 to 2025-01-03."
        ),
    )
    unseen = table.assign(seen_on=None)
    assert Territory(unseen).describe().notes == ()
    assert Territory(table.drop(columns="seen_on")).describe().notes == ()


def test_the_holder_of_all_rows_and_the_colours_of_territory():
    table = from_snapshots(
        {dt.date(2025, 1, 1): seen((0, 0, 1, 1)), "2025-01-05T12:00": seen((0, 0, 2, 1))}, holder="North"
    )
    assert table["valid_from"].tolist() == ["2025-01-01", "2025-01-05"]
    assert table["valid_to"].tolist() == ["2025-01-04", "2025-01-05"]
    told = Territory(table.drop(columns="holder"), holder="South", palette=["#123456"], fill_opacity=0.2).describe()
    assert [(e.label, e.count, e.style.fill, e.style.fill_opacity) for e in told.legend] == [
        ("South", 2, "#123456", 0.2)
    ]
    assert told.table["holder"].tolist() == ["South", "South"]
    assert told.table[told.title_column].tolist() == ["South", "South"]
    assert (told.start.tolist(), told.end.tolist()) == (
        [day("2025-01-01"), day("2025-01-05")], [day("2025-01-04"), day("2025-01-05")]
    )  # fmt: skip
    with pytest.raises(SchemaError, match="the table of Territory cannot be drawn") as caught:
        Territory(table.drop(columns="holder"))
    assert [(f.field, f.message) for f in caught.value.faults] == [("holder", "this column is missing")]
    assert len(set(layers.territory.HOLDERS)) == 6


def test_snapshots_with_different_columns_keep_them():
    table = from_snapshots(
        {"2025-01-02": seen((0, 0, 1, 1), source=["a"]), "2025-01-01": seen((0, 0, 1, 1), (1, 0, 2, 1), holder=["S", "T"])},
        holder="North", last_until=dt.date(2025, 1, 9),
    )  # fmt: skip
    assert table["holder"].tolist() == ["S", "T", "North"]
    assert table["source"].fillna("").tolist() == ["", "", "a"]
    assert table["valid_to"].tolist() == ["2025-01-01", "2025-01-01", "2025-01-09"]
    assert table.index.tolist() == [0, 1, 2]
    same = from_snapshots({"2025-01-02": seen((0, 0, 1, 1))}, holder="N", last_until="2025-01-02")
    assert same["valid_to"].tolist() == ["2025-01-02"]
