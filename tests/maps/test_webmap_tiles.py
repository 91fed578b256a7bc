from __future__ import annotations

import re

import geopandas as gpd
import pytest
from shapely import Point

from geoconflict.errors import InputError, NameUnknownError
from geoconflict.maps import layers
from geoconflict.maps.web.tiles import Tiles
from geoconflict.maps.webmap import Map, MapOptions

RUKLA = gpd.GeoDataFrame({"name": ["Rukla"]}, geometry=[Point(24.4, 55.05)], crs=4326)


def test_only_the_hosts_of_the_tiles_are_allowed():
    text = Map([layers.Places(RUKLA)], title="x", options=MapOptions(tiles="OpenStreetMap.Mapnik")).html()
    policy = re.search(r'Content-Security-Policy" content="(.*?)"', text)[1]
    assert "img-src data: https://tile.openstreetmap.org;" in policy
    assert "default-src 'none'" in policy
    assert "OpenStreetMap contributors" in text
    assert '<meta name="referrer" content="origin">' in text


def test_subdomains_become_hosts():
    made = Tiles("x", "https://{s}.example.org/{z}/{x}/{y}.png", "x", "ab")
    assert made.hosts() == ("https://a.example.org", "https://b.example.org")


@pytest.mark.parametrize(
    "url", ["http://a.org/{z}", "https://a.org;script-src */{z}", "https://a.org *", "javascript:x"]
)
def test_other_addresses_are_refused(url):
    with pytest.raises(InputError, match="https only"):
        Tiles("x", url, "x").hosts()


def test_unknown_tiles_name_the_nearest():
    with pytest.raises(NameUnknownError, match=r"OpenStreetMap\.Mapnik"):
        Tiles.named("OpenStreetMap.Mapnic")


def test_tiles_with_a_key_are_refused():
    with pytest.raises(InputError, match="key"):
        Tiles.named("MapBox")
