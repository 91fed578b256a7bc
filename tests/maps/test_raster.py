from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
import shapely
from hypothesis import given, strategies as st

from geoconflict.crs import Bounds
from geoconflict.errors import GeometryError, InputError, LimitError, ReadError
from geoconflict.maps.grids import NO_DATA, _turned, latitude, mercator, warp
from geoconflict.maps.layers import Graticule, Grid, Palette, Raster, Style, read_grid

BOX = Bounds(10, 40, 14, 50)


def test_classes_are_those_of_all_frames_together():
    early = Grid([[1.0, 2.0]], BOX, valid_from="2025-02-01", valid_to="2025-02-28", source="made up")
    late = Grid([[30.0, np.nan]], BOX, valid_from="2025-03-01")
    told = Raster([late, early], breaks=(10,), unit="mm").describe()
    assert told.kind == "raster"
    assert told.table["valid_from"].tolist() == ["2025-02-01", "2025-03-01"]
    assert (told.end - told.start).tolist() == [27, 0]
    assert [(e.label, e.count, e.rows) for e in told.legend] == [("under 10 mm", 2, 0), ("10 or more mm", 1, 1)]
    assert [np.unique(codes).tolist() for codes in told.frames.codes] == [[0], [1, NO_DATA]]
    assert told.notes == ("Raster: 1 of 4 cells of 2 frames have no data and are transparent.",)
    assert told.sources == ("made up",)
    assert told.in_turn


def test_one_grid_needs_no_date():
    told = Raster(Grid([[1, 2], [3, 4]], BOX)).describe()
    assert told.start is None
    assert told.end is None
    assert told.notes == ()
    assert told.bounds() == BOX


@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:3857"])
@given(
    south=st.floats(-84, 75),
    height=st.floats(0.5, 80),
    rows=st.integers(1, 60),
    lat_share=st.floats(0.001, 0.999),
)
def test_cells_are_displaced_by_at_most_half_their_height(crs, south, height, rows, lat_share):
    box = Bounds(0, south, 4, min(85.0, south + height))
    codes = np.arange(rows, dtype=np.uint8)[:, None].repeat(4, axis=1)
    warped, drawn, _ = warp(codes, Grid(codes, box, crs))
    assert drawn == box
    lat = box.south + lat_share * (box.north - box.south)
    top, bottom = mercator(np.array([box.north, box.south]))
    share = (mercator(np.array([lat]))[0] - top) / (bottom - top)
    found = int(warped[int(share * warped.shape[0]), 0])
    exact = share * rows if crs == "EPSG:3857" else (box.north - lat) / (box.north - box.south) * rows
    # The place is inside the cell found, or not farther from it than half of its height.
    assert found - 0.5 - 1e-6 <= exact <= found + 1.5 + 1e-6


def test_no_row_of_the_source_is_lost_in_the_projection():
    codes = np.arange(200, dtype=np.uint8)[:, None]
    warped, _, step = warp(codes, Grid(codes, Bounds(0, -80, 1, 80)))
    assert step == 1
    assert set(np.unique(warped)) == set(range(200))


def test_mercator_and_back():
    lat = np.linspace(-85, 85, 41)
    np.testing.assert_allclose(latitude(mercator(lat)), lat, atol=1e-9)


def test_a_large_grid_is_resampled_with_a_note():
    told = Raster(Grid(np.arange(90_000.0).reshape(300, 300), Bounds(0, 0, 3, 3)), max_cells=10_000).describe()
    assert told.frames.codes[0].size <= 10_000
    assert told.notes == ("Raster: resampled from 300 × 300 to 99 × 100 cells; about 1 of 3.0 columns is shown.",)


def test_cells_beyond_web_mercator_are_noted():
    told = Raster(Grid(np.ones((180, 360)), Bounds(-180, -90, 180, 90))).describe()
    assert told.frames.boxes[0].north == pytest.approx(85.0511, abs=1e-4)
    assert told.notes == ("Raster: cells beyond 85.05° north or south are not shown.",)


def test_a_grid_over_the_antimeridian():
    told = Raster(Grid([[1.0, 2.0]], Bounds(170, -20, -170, -10))).describe()
    assert told.bounds() == Bounds(170, -20, -170, -10)
    assert len(told.table.geometry.iloc[0].geoms) == 2


def test_a_continuous_raster_has_its_ends_and_its_midpoint():
    told = Raster(Grid([[0.0, 50.0, 100.0]], BOX), scheme="continuous", unit="mm").describe()
    assert [e.label for e in told.legend] == ["0 mm", "25 mm", "50 mm", "75 mm", "100 mm"]
    assert all(e.rows is None for e in told.legend)
    codes = told.frames.codes[0][0]
    assert codes.tolist() == [0, 125, 249]
    assert told.frames.palette[0] == "#e8e4c4"
    assert told.frames.texts[125] == "50.0–50.4 mm"
    change = Raster(Grid([[-10.0, 0.0, 40.0]], BOX), scheme="continuous", palette="diverging").describe()
    low, zero, high = change.frames.codes[0][0]
    assert (int(zero), int(high)) == (125, 249)
    assert 0 < low < zero


def test_a_constant_grid_and_one_without_data():
    assert [e.label for e in Raster(Grid([[4, 4]], BOX), scheme="continuous").describe().legend] == ["4"]
    empty = Raster(Grid([[np.nan]], BOX)).describe()
    assert empty.legend == ()
    assert empty.notes == ("Raster: 1 of 1 cells have no data and are transparent.",)
    assert np.unique(empty.frames.codes[0]).tolist() == [NO_DATA]


def test_masks_and_nodata_values():
    masked = np.ma.masked_equal([[1, 2, 3]], 2)
    assert np.isnan(Grid(masked, BOX).numbers()).tolist() == [[False, True, False]]
    assert np.isnan(Grid([[1, -9999]], BOX, nodata=-9999).numbers()).tolist() == [[False, True]]


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"values": [1, 2]}, "rows and columns"),
        ({"values": np.empty((0, 3))}, "rows and columns"),
        ({"values": [["a"]]}, "not numbers"),
        ({"values": [[np.inf]]}, "infinite"),
        ({"crs": "EPSG:32635"}, "reproject the grid first"),
        ({"bounds": (1, 2, 3, 4)}, "not a Bounds"),
        ({"bounds": Bounds(1, 2, 1, 2)}, "is empty"),
        ({"crs": "EPSG:3857", "bounds": Bounds(0, 0, 1, 89)}, "the limit of Web Mercator"),
        ({"valid_from": "May"}, "not a date"),
        ({"valid_to": "2025-01-01"}, "without valid_from"),
        ({"valid_from": "2025-02-01", "valid_to": "2025-01-01"}, "ends before it starts"),
    ],
)
def test_invalid_grids_are_refused(options, says):
    with pytest.raises(GeometryError, match=says):
        Grid(**{"values": [[1.0]], "bounds": BOX, **options})


def test_invalid_rasters_are_refused():
    grid = Grid([[1.0]], BOX)
    with pytest.raises(InputError, match="there are no grids"):
        Raster([])
    with pytest.raises(InputError) as caught:
        Raster([grid, grid])
    assert [f.row for f in caught.value.faults] == [1, 2]
    with pytest.raises(InputError, match="found ndarray"):
        Raster([np.ones((2, 2))])
    with pytest.raises(InputError) as caught:
        Raster(grid, palette="jet", fill_opacity=3, max_cells=0)
    assert {f.field for f in caught.value.faults} == {"palette", "fill_opacity", "max_cells"}
    with pytest.raises(InputError, match="not in ascending order"):
        Raster(grid, breaks=(2, 1))


# rasterio multiplies its transforms by an operator that affine has renamed.
@pytest.mark.filterwarnings("ignore:Use `@` matmul:PendingDeprecationWarning")
@pytest.mark.parametrize("code", [4326, 3857])
def test_a_file_is_read_with_its_box_and_no_data(tmp_path, code):
    rasterio = pytest.importorskip("rasterio")
    from rasterio.transform import from_bounds

    edges = (10.0, 40.0, 14.0, 50.0)
    if code == 3857:
        from rasterio.warp import transform_bounds

        edges = transform_bounds("EPSG:4326", "EPSG:3857", *edges)
    path = tmp_path / "rain.tif"
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        width=4,
        height=5,
        count=2,
        dtype="float32",
        crs=f"EPSG:{code}",
        transform=from_bounds(*edges, 4, 5),
        nodata=-1,
    ) as out:
        out.write(np.arange(20, dtype="float32").reshape(5, 4) - 1, 1)
        out.write(np.full((5, 4), 7, dtype="float32"), 2)
    grid = read_grid(path, valid_from="2025-01-01")
    assert grid.crs == f"EPSG:{code}"
    found = (grid.bounds.west, grid.bounds.south, grid.bounds.east, grid.bounds.north)
    np.testing.assert_allclose(found, (10, 40, 14, 50), atol=1e-9)
    assert np.isnan(grid.numbers()[0, 0])
    assert grid.numbers()[4, 3] == 18
    assert read_grid(path, band=2).numbers().max() == 7
    with pytest.raises(ReadError, match="band 3; there are 2"):
        read_grid(path, band=3)
    with pytest.raises(ReadError, match="not a local file"):
        read_grid("https://example.org/rain.tif")
    (tmp_path / "not.tif").write_text("no raster")
    with pytest.raises(ReadError, match="cannot be read as a raster"):
        read_grid(tmp_path / "not.tif")


@pytest.mark.filterwarnings("ignore:Use `@` matmul:PendingDeprecationWarning")
def test_the_error_for_another_crs_has_the_command(tmp_path):
    rasterio = pytest.importorskip("rasterio")
    from rasterio.transform import from_origin

    path = tmp_path / "utm.tif"
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        width=2,
        height=2,
        count=1,
        dtype="uint8",
        crs="EPSG:32635",
        transform=from_origin(500_000, 5_000_000, 100, 100),
    ) as out:
        out.write(np.ones((2, 2), dtype="uint8"), 1)
    with pytest.raises(ReadError, match="gdalwarp"):
        read_grid(path)


def write_grid(path, width, height, west, column, *, values=None, north=90.0, code=4326, **more):
    rasterio = pytest.importorskip("rasterio")
    from rasterio.transform import from_origin

    with rasterio.open(
        path,
        "w",
        width=width,
        height=height,
        count=1,
        dtype="float32",
        **{
            "driver": "GTiff",
            "crs": f"EPSG:{code}",
            "transform": from_origin(west, north, column, column),
            **more,
        },
    ) as out:
        if values is not None:
            out.write(np.asarray(values, dtype="float32"), 1)
    return path


@pytest.mark.filterwarnings("ignore:Use `@` matmul:PendingDeprecationWarning")
def test_only_files_with_their_own_cells_are_read(tmp_path):
    plain = write_grid(tmp_path / "plain.tif", 2, 2, 0, 1, values=[[1, 2], [3, 4]])
    none = write_grid(tmp_path / "none.tif", 2, 2, 0, 1, values=np.zeros((2, 2)))
    vrt = """<VRTDataset rasterXSize="2" rasterYSize="2"><SRS>EPSG:4326</SRS><GeoTransform>0,1,0,90,0,-1</GeoTransform>
        <Metadata><MDI key="INTERNAL_MASK_FLAGS_1">2</MDI></Metadata><VRTRasterBand dataType="Byte" band="1">
        <SimpleSource><SourceFilename relativeToVRT="1">none.tif</SourceFilename><SourceBand>1</SourceBand>
        </SimpleSource></VRTRasterBand></VRTDataset>"""
    assert none.exists()
    pointing = tmp_path / "pointing.tif"
    pointing.write_text(vrt)
    with pytest.raises(ReadError, match="can refer to a network"):
        read_grid(pointing)
    service = tmp_path / "service.tif"
    service.write_text('<GDAL_WMS><Service name="TMS"><ServerUrl>http://localhost:9/</ServerUrl></Service></GDAL_WMS>')
    with pytest.raises(ReadError, match="can refer to a network"):
        read_grid(service)
    for path in (f"GTIFF_DIR:1:{plain}", f"vrt:{plain}", tmp_path / "absent.tif", tmp_path):
        with pytest.raises(ReadError, match=r"does not exist|is a folder"):
            read_grid(path)
    # A mask beside the file can be such a file too.
    (tmp_path / "plain.tif.msk").write_text(vrt)
    assert read_grid(plain).numbers().tolist() == [[1, 2], [3, 4]]


@pytest.mark.filterwarnings("ignore:Use `@` matmul:PendingDeprecationWarning")
def test_an_ascii_grid_is_read_with_its_crs(tmp_path):
    rasterio = pytest.importorskip("rasterio")
    path = tmp_path / "rain.asc"
    path.write_text("NCOLS 2\nNROWS 1\nXLLCORNER 10\nYLLCORNER 40\nCELLSIZE 1\nNODATA_VALUE -9\n5 -9\n")
    path.with_suffix(".prj").write_text(rasterio.crs.CRS.from_epsg(4326).to_wkt())
    grid = read_grid(path)
    assert grid.bounds == Bounds(10, 40, 12, 41)
    assert np.isnan(grid.numbers()).tolist() == [[False, True]]


@pytest.mark.filterwarnings("ignore:Use `@` matmul:PendingDeprecationWarning")
def test_a_file_with_too_many_cells_is_refused_before_reading(tmp_path):
    path = write_grid(tmp_path / "sparse.tif", 60_000, 60_000, 0, 0.001, sparse_ok=True, tiled=True, BIGTIFF="YES")
    with pytest.raises(LimitError, match="60,000 by 60,000 cells; the maximum is 100,000,000"):
        read_grid(path)


@pytest.mark.filterwarnings("ignore:Use `@` matmul:PendingDeprecationWarning")
@pytest.mark.parametrize(
    ("columns", "west", "column", "first"),
    [
        (864, -180.0, 0.416666666667, 0),
        (864, -180.0, 0.4166667, 0),
        (864, -180.0, 0.4166666, 0),
        (720, 0.0, 0.5, 360),
        (720, -180.5, 0.5, 1),
        (720, 179.5, 0.5, 1),
    ],
)
def test_a_global_grid_starts_at_180_degrees_west(tmp_path, columns, west, column, first):
    values = np.arange(columns, dtype="float32")[None, :].repeat(2, axis=0)
    values[0, 5] = -1
    path = write_grid(tmp_path / "world.tif", columns, 2, west, column, values=values, nodata=-1)
    grid = read_grid(path)
    assert (grid.bounds.west, grid.bounds.east) == (-180, 180)
    np.testing.assert_array_equal(grid.numbers()[1], np.roll(np.arange(columns), -first))
    assert np.flatnonzero(np.isnan(grid.numbers()[0])).tolist() == [(5 - first) % columns]


@pytest.mark.filterwarnings("ignore:Use `@` matmul:PendingDeprecationWarning")
def test_a_global_grid_in_web_mercator_starts_there_too(tmp_path):
    half = 20037508.342789244
    path = write_grid(tmp_path / "world.tif", 4, 1, 0, half / 2, values=[[0, 1, 2, 3]], north=half / 4, code=3857)
    grid = read_grid(path)
    assert (grid.bounds.west, grid.bounds.east) == (-180, 180)
    assert grid.numbers().tolist() == [[2, 3, 0, 1]]


@pytest.mark.filterwarnings("ignore:Use `@` matmul:PendingDeprecationWarning")
def test_the_error_for_a_global_grid_with_shifted_columns_has_the_command(tmp_path):
    path = write_grid(tmp_path / "half.tif", 1440, 1, -180.125, 0.25)
    with pytest.raises(ReadError, match=r"(?s)no column starts at 180 degrees.*-180.125 to 179.875.*gdalwarp"):
        read_grid(path)
    with pytest.raises(ReadError, match=r"360\.5 degrees wide; the maximum is 360"):
        read_grid(write_grid(tmp_path / "wide.tif", 721, 1, -180, 0.5))
    part = read_grid(write_grid(tmp_path / "part.tif", 20, 1, 190, 0.5))
    assert (part.bounds.west, part.bounds.east) == (-170, -160)
    over = read_grid(write_grid(tmp_path / "over.tif", 719, 1, -180.25, 0.5))
    assert (over.bounds.west, over.bounds.east, over.bounds.width_deg) == (179.75, 179.25, 359.5)


def test_a_graticule_has_a_style_and_no_rows():
    told = Graticule(style=Style(stroke="#112233"), labels=False, visible=False).describe()
    assert told.kind == "graticule"
    assert len(told.table) == 0
    assert told.styles[0].stroke == "#112233"
    assert not told.named
    assert not told.visible
    assert [(e.label, e.rows) for e in told.legend] == [("Graticule", 0)]


@pytest.mark.parametrize(
    ("options", "fields"),
    [
        ({"values": [1, 2]}, ["values"]),
        ({"values": [[np.inf]]}, ["values"]),
        ({"values": [["a"]]}, ["values"]),
        ({"crs": "EPSG:32635"}, ["crs"]),
        ({"bounds": (1, 2, 3, 4)}, ["bounds"]),
        ({"bounds": Bounds(1, 2, 1, 3)}, ["bounds"]),
        ({"bounds": Bounds(1, 2, 2, 2)}, ["bounds"]),
        ({"crs": "EPSG:3857", "bounds": Bounds(0, -86, 1, 0)}, ["bounds"]),
        ({"valid_from": "May", "valid_to": "June"}, ["valid_from", "valid_to"]),
        ({"valid_to": "2025-01-01"}, ["valid_to"]),
        ({"valid_from": dt.date(2025, 1, 2), "valid_to": "2025-01-01"}, ["valid_to"]),
        ({"values": [1], "crs": "x", "bounds": None, "valid_from": "May"}, ["values", "crs", "bounds", "valid_from"]),
    ],
)
def test_each_error_in_a_grid_has_its_field(options, fields):
    with pytest.raises(GeometryError) as caught:
        Grid(**{"values": [[1.0]], "bounds": BOX, **options})
    assert [fault.field for fault in caught.value.faults] == fields


def test_a_grid_of_one_day():
    grid = Grid([[True, False]], BOX, valid_from=dt.date(2025, 1, 1), valid_to="2025-01-01")
    assert grid.numbers().tolist() == [[1.0, 0.0]]
    told = Raster(grid, breaks=(1,)).describe()
    day = (dt.date(2025, 1, 1) - dt.date(1970, 1, 1)).days
    assert (told.start.tolist(), told.end.tolist()) == ([day], [day])
    assert told.table["valid_to"].tolist() == ["2025-01-01"]
    assert Grid([[1]], Bounds(-180, -85.05, 180, 85.05), "EPSG:3857").nodata is None


@pytest.mark.parametrize(
    ("edges", "turned"),
    [
        ((10, 20), (10, 20)),
        ((179.5, 180), (179.5, 180)),
        ((179, 181), (179, -179)),
        ((180, 190), (-180, -170)),
        ((190, 200), (-170, -160)),
        ((350, 370), (-10, 10)),
        ((-190, -170), (170, -170)),
        ((0, 359), (0, -1)),
    ],
)
def test_longitudes_are_turned_to_the_range_of_the_map(edges, turned):
    assert _turned(float(edges[0]), float(edges[1]), 4, "rain.tif") == (*turned, 0)


@pytest.mark.filterwarnings("ignore:Use `@` matmul:PendingDeprecationWarning")
@pytest.mark.parametrize(
    ("name", "options", "start"),
    [
        ("a.tif", {}, b"II*\0"),
        ("a.tif", {"endianness": "BIG"}, b"MM\0*"),
        ("a.tif", {"BIGTIFF": "YES"}, b"II+\0"),
        ("a.tif", {"BIGTIFF": "YES", "endianness": "BIG"}, b"MM\0+"),
        ("a.img", {"driver": "HFA"}, b"EHFA_HEADER_TAG"),
    ],
)
def test_the_formats_with_their_own_cells_are_read(tmp_path, name, options, start):
    values = [[1, 2, 3], [4, 5, 6]]
    path = write_grid(tmp_path / name, 3, 2, 10, 1, north=50, values=values, **options)
    assert path.read_bytes().startswith(start)
    grid = read_grid(path, source="made up", valid_from="2025-01-01", valid_to="2025-01-02")
    assert grid.numbers().tolist() == values
    assert grid.bounds == Bounds(10, 48, 13, 50)
    assert (grid.source, grid.valid_from, grid.valid_to) == ("made up", "2025-01-01", "2025-01-02")


@pytest.mark.filterwarnings("ignore:Use `@` matmul:PendingDeprecationWarning")
@pytest.mark.filterwarnings("ignore::UserWarning")
def test_all_errors_of_a_file_are_reported_together(tmp_path):
    pytest.importorskip("rasterio")
    from affine import Affine

    up = write_grid(
        tmp_path / "up.tif", 2, 2, 0, 1, values=np.ones((2, 2)), crs=None, transform=Affine(1, 0, 0, 0, 1, 0)
    )
    for band in (0, 2):
        with pytest.raises(ReadError) as caught:
            read_grid(up, band=band)
        assert [fault.field for fault in caught.value.faults] == ["band", "crs", "transform"]
    for transform in (Affine(1, 0.1, 0, 0, -1, 0), Affine(1, 0, 0, 0.1, -1, 0), Affine(-1, 0, 0, 0, -1, 0)):
        turned = write_grid(tmp_path / "turned.tif", 2, 2, 0, 1, values=np.ones((2, 2)), transform=transform)
        with pytest.raises(ReadError, match="rows do not run from north to south") as caught:
            read_grid(turned)
        assert [fault.field for fault in caught.value.faults] == ["transform"]


def test_a_resampled_grid_keeps_every_nth_cell():
    codes = np.arange(64, dtype=np.uint8).reshape(8, 8)
    grid = Grid(codes, Bounds(0, -10, 16, 10), "EPSG:3857")
    small, box, step = warp(codes, grid, max_cells=16)
    assert (small.shape, box, step) == ((4, 4), grid.bounds, 2.0)
    assert small.tolist() == codes[1::2, 1::2].tolist()


def test_the_area_of_a_frame_is_that_of_its_bounds():
    frames = Raster([Grid([[1.0]], Bounds(170, -20, -160, 10), valid_from="2025-01-01"),
                     Grid([[1.0]], Bounds(10, -20, 30, 10), valid_from="2025-01-02")]).describe()  # fmt: skip
    assert shapely.area(frames.table.geometry.to_numpy()).tolist() == [30 * 30, 20 * 30]
    assert [shape.bounds for shape in frames.table.geometry.iloc[0].geoms] == [
        (170, -20, 180, 10),
        (-180, -20, -160, 10),
    ]


def test_the_counts_of_classes_are_those_of_a_histogram():
    values = np.random.default_rng(3).normal(size=(30, 40)).round(3)
    values[0, :7] = np.nan
    told = Raster(Grid(values, BOX), breaks=(-1, 0.5, 2), unit="mm", fill_opacity=0.4).describe()
    counts, _ = np.histogram(values[~np.isnan(values)], [-np.inf, -1, 0.5, 2, np.inf])
    assert [e.count for e in told.legend] == counts.tolist()
    assert told.frames.texts == ("under −1.0 mm", "−1.0 to 0.5 mm", "0.5 to 2.0 mm", "2.0 or more mm")
    assert told.frames.palette == tuple(e.style.fill for e in told.legend)
    assert told.frames.opacity == 0.4
    assert told.notes == ("Raster: 7 of 1200 cells have no data and are transparent.",)
    assert told.methods == ("Raster: cells in custom classes, lower limits inclusive.",)
    assert NO_DATA in told.frames.codes[0]


def test_a_continuous_raster_blends_its_colours():
    grey = Palette(("#000000", "#ffffff"))
    told = Raster(Grid([[0.0, 1.0]], BOX), scheme="continuous", palette=grey).describe()
    shades = [int(colour[1:3], 16) for colour in told.frames.palette]
    np.testing.assert_allclose(shades, np.linspace(0, 255, 250), atol=0.5)
    assert [e.style.fill for e in told.legend] == ["#000000", "#404040", "#808080", "#bfbfbf", "#ffffff"]
    assert [e.label for e in told.legend] == ["0.00", "0.25", "0.50", "0.75", "1.00"]
    assert told.methods == ("Raster: cells in 250 colours from 0.00 to 1.00.",)
    three = Palette(("#000000", "#ff0000", "#ffffff"))
    change = Raster(Grid([[0.0, 8.0]], BOX), scheme="continuous", palette=three, midpoint=2.0).describe()
    assert [(e.label, e.style.fill) for e in change.legend] == [
        ("−4", "#000000"), ("−1", "#800000"), ("2", "#ff0000"), ("5", "#ff8080"), ("8", "#ffffff"),
    ]  # fmt: skip


def test_the_limits_of_the_number_of_cells():
    grid = Grid([[1.0]], BOX)
    assert Raster(grid, max_cells=1).max_cells == 1
    assert Raster(grid, max_cells=50_000_000, unit="mm").title == "Raster"
    for wrong in (0, 50_000_001):
        with pytest.raises(InputError) as caught:
            Raster(grid, max_cells=wrong)
        assert [fault.field for fault in caught.value.faults] == ["max_cells"]


def test_the_note_on_resampling_is_that_of_the_largest_frame():
    small = Grid([[1.0, 2.0]], BOX, valid_from="2025-01-01")
    large = Grid(np.ones((200, 400)), Bounds(0, 0, 4, 2), valid_from="2025-01-02")
    notes = Raster([small, large], max_cells=5_000).describe().notes
    assert notes == ("Raster: resampled from 400 × 200 to 99 × 50 cells; about 1 of 4.0 columns is shown.",)


@pytest.mark.filterwarnings("ignore:Use `@` matmul:PendingDeprecationWarning")
@pytest.mark.parametrize(("width", "height"), [(200_000, 600), (600, 200_000)])
def test_the_limit_is_that_of_the_cells_of_a_file(tmp_path, width, height):
    path = write_grid(tmp_path / "long.tif", width, height, 0, 0.0001, sparse_ok=True, tiled=True)
    with pytest.raises(LimitError, match=f"{width:,} by {height:,} cells"):
        read_grid(path)
