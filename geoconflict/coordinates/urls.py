"""Parse the addresses of map sites; nothing is opened.

Sites differ in the order of coordinates: Yandex, 2GIS, FIRMS and Mapy write the longitude
first. An address of another site is parsed only if its parameters are named ``lat`` and
``lon``. A pin is preferred to the centre of the view. The uncertainty of a centre is half
the width of the view.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from urllib.parse import parse_qsl, unquote, urlsplit

from geoconflict.coordinates.codes import geohash_point, parse_plus_code
from geoconflict.coordinates.degrees import parse_degrees
from geoconflict.coordinates.spelling import normalise_characters
from geoconflict.coordinates.values import (
    NO_CONTEXT,
    NUMBER,
    Context,
    Notation,
    ParsedCoordinate,
    decimal_angle,
    distinct,
    half_diagonal_m,
    point,
    refuse,
)

URL = re.compile(
    r"(?:https?://|www\.)[^\s<>\"|]+|(?:\b(?:maps\.)?google\.\w+|\bdeepstatemap\.live|\b(?:www\.)?openstreetmap\.org|\bosm\.org)/[^\s<>\"|]+",
    re.IGNORECASE,
)

_PAIR = re.compile(rf"\s*(?:loc:|ll\.|point\.)?\s*({NUMBER})\s*(?:,|~|;|/|_|\s)\s*({NUMBER})(?=$|[,;/_\s(~])")
_AT = re.compile(rf"@({NUMBER}),({NUMBER})(?:,(\d+(?:\.\d+)?)([zma]))?")
_VIEW = re.compile(rf"@?({NUMBER}),\s*({NUMBER}),\s*(\d+(?:\.\d+)?)z")
_PIN = re.compile(rf"!3d({NUMBER})!4d({NUMBER})")
_EMBED = re.compile(rf"!2d({NUMBER})!3d({NUMBER})")
_HASH_VIEW = re.compile(rf"(?:map=|/)?(\d+(?:\.\d+)?)/({NUMBER})/({NUMBER})(?=$|[/&?,])")
_SHORT = frozenset(["goo.gl", "maps.app.goo.gl", "bit.ly", "t.co", "tinyurl.com", "g.co", "binged.it", "her.is"])
_CHINESE = ("amap.com", "baidu.com", "gaode.com", "map.qq.com")
_MAX_ZOOM = 30.0
_MAX_OSM_DIGITS = 16
_USUAL_ZOOM = 15.0
"""For the centre of a view without a zoom: about 4 km wide."""

_LAT = ("lat", "latitude", "mlat")
_LON = ("lon", "lng", "long", "longitude", "mlon")


class _Address:
    """The parts of an address."""

    def __init__(self, url: str) -> None:
        whole = url if "://" in url else f"https://{url}"
        parts = urlsplit(whole.rstrip(".,;)'"))
        self.host = (parts.hostname or "").removeprefix("www.").lower()
        self.path = unquote(parts.path.replace("+", " "))
        self.fragment = unquote(parts.fragment)
        self.query = [(key.lower(), value) for key, value in parse_qsl(parts.query)]
        self.more = [(key.lower(), value) for key, value in parse_qsl(self.fragment.lstrip("?/!"))]

    def all(self, *names: str) -> list[str]:
        """Return the values of the named parameters, in the order of the names; query before fragment."""
        return [value for name in names for key, value in (*self.query, *self.more) if key == name]


def parse_url(text: str, context: Context = NO_CONTEXT) -> ParsedCoordinate | None:
    """Parse the address of a map site.

    Raises
    ------
    CoordinateError
        If it is a short link, a search by name, a route, has several places or no coordinates.

    Examples
    --------
    >>> print(parse_url("https://yandex.ru/maps/?pt=25.2797,54.6872&z=17"))
    54.687200°N 25.279700°E (url, Yandex Maps: pin)
    """
    if text[-1] == "z" and (view := _VIEW.fullmatch(text)):
        return _place(view[1], view[2], "centre of a view", float(view[3]))
    match = URL.fullmatch(text) if "/" in text and "." in text else None
    if match is None:
        return None
    try:
        address = _Address(text)
    except ValueError:  # of urlsplit, such as for an unclosed bracket
        refuse("the text starts like a web address, but is not a valid one")
    return _parse(address, context)


def _parse(address: _Address, context: Context) -> ParsedCoordinate:
    host = address.host
    if host in _SHORT or (host + address.path).startswith("yandex.ru/maps/-/"):
        refuse("the address is a short link; open it in a browser and use the long address")
    if any(host == site or host.endswith("." + site) for site in _CHINESE):
        refuse("the site uses the datum GCJ-02 or BD-09, which is shifted by some hundred metres and not supported")
    for belongs, parser in _SITES:
        if belongs.search(host):
            parsed = parser(address, context)
            if parsed is not None:
                return parsed
            break
    named = _named(address)
    if named is None:
        refuse(f"no coordinates found in the address on {host}")
    return named


def _named(address: _Address) -> ParsedCoordinate | None:
    lats, lons = address.all(*_LAT), address.all(*_LON)
    if not lats or not lons or not _numeric(lats[0]) or not _numeric(lons[0]):
        return None
    return _place(lats[0], lons[0], address.host)


def _numeric(text: str) -> bool:
    return re.fullmatch(NUMBER, text.strip()) is not None


def _place(lat: str, lon: str, note: str, zoom: float | None = None) -> ParsedCoordinate:
    parsed = point(decimal_angle(lat), decimal_angle(lon))
    if parsed.lat == 0 and parsed.lon == 0:
        refuse("0, 0 is what programs write for a missing location", [parsed])
    uncertainty = parsed.uncertainty_m
    if zoom is None and "centre of" in note:
        zoom = _USUAL_ZOOM
    if zoom is not None:
        width_deg = min(360.0, 1000 / 256 * 360 / 2 ** min(max(zoom, 0.0), _MAX_ZOOM))
        uncertainty = max(uncertainty, half_diagonal_m(parsed.lat, 0.0, width_deg))
    return parsed._replace(notation=Notation.URL, note=note, uncertainty_m=uncertainty)


def _first_pair(values: Iterable[str], note: str, *, lon_first: bool = False) -> ParsedCoordinate | None:
    for value in values:
        match = _PAIR.match(value)
        if match is not None:
            lat, lon = (match[2], match[1]) if lon_first else (match[1], match[2])
            return _place(lat, lon, note)
    return None


def _one(candidates: list[ParsedCoordinate], note: str) -> ParsedCoordinate | None:
    places = distinct(candidates)
    if len(places) > 1:
        refuse(f"the address has {len(places)} places ({note})", places)
    return places[0] if places else None


def _free_text(values: Iterable[str], context: Context, note: str) -> ParsedCoordinate | None:
    """Parse what a user typed into a search field, in any notation in degrees."""
    for value in values:
        body = re.sub(r"^\s*loc:", "", value)
        parsed = parse_degrees(normalise_characters(body), context)
        if parsed is not None:
            return parsed._replace(notation=Notation.URL, note=note)
    return None


def _google(address: _Address, context: Context) -> ParsedCoordinate | None:
    if address.path.startswith("/maps/dir") or address.all("saddr", "origin"):
        refuse("the address is a route, not a place")
    data = address.path + "?" + "&".join(f"{k}={v}" for k, v in address.query)
    pin = _one([_place(m[1], m[2], "Google Maps: pin") for m in _PIN.finditer(data)], "Google Maps: pins")
    if pin is not None:
        return pin
    segments = [part for part in address.path.split("/") if part and not part.startswith(("@", "data="))]
    typed = [*address.all("q", "query", "daddr", "destination"), *segments[-1:]]
    found = _free_text(typed, context, "Google Maps: searched place")
    if found is not None:
        return found
    embedded = _one(
        [_place(m[2], m[1], "Google Maps: centre of the view") for m in _EMBED.finditer(data)], "Google Maps"
    )
    view = _AT.search(address.path) or _AT.search(address.fragment)
    if view is not None:
        zoom = float(view[3]) if view[4] == "z" else None
        parsed = _place(view[1], view[2], "Google Maps: centre of the view", zoom)
        if view[4] in {"m", "a"}:
            parsed = parsed._replace(uncertainty_m=max(parsed.uncertainty_m, float(view[3]) / 2))
        return parsed
    return embedded or _first_pair(
        address.all("cbll", "viewpoint", "ll", "sll", "center"), "Google Maps: centre of the view"
    )


def _osm(address: _Address, context: Context) -> ParsedCoordinate | None:
    lats, lons = address.all("mlat"), address.all("mlon")
    if lats and lons and _numeric(lats[0]) and _numeric(lons[0]):
        return _place(lats[0], lons[0], "OpenStreetMap: pin")
    if address.path.startswith("/directions") or address.all("route", "engine"):
        refuse("the address is a route, not a place")
    pin = _first_pair(address.all("marker"), "OpenStreetMap: pin")
    found = pin or _free_text(address.all("query"), context, "OpenStreetMap: searched place")
    if found is not None:
        return found
    if address.path.startswith("/go/"):
        return _osm_short(address.path[4:])
    return _hash_view(address, "OpenStreetMap")


_OSM_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_~"


def _osm_short(code: str) -> ParsedCoordinate | None:
    digits = code.split("?", maxsplit=1)[0].strip("/").replace("@", "~").replace("=", "-")
    offsets = len(digits) - len(digits.rstrip("-"))
    digits = digits.rstrip("-")
    if not 1 <= len(digits) <= _MAX_OSM_DIGITS or any(c not in _OSM_ALPHABET for c in digits):
        return None
    x = y = 0
    for digit in digits:
        value = _OSM_ALPHABET.index(digit)
        for place in (2, 1, 0):
            x = x << 1 | value >> (2 * place + 1) & 1
            y = y << 1 | value >> (2 * place) & 1
    cells = 1 << 3 * len(digits)
    lon, lat = (x + 0.5) * 360 / cells - 180, (y + 0.5) * 180 / cells - 90
    zoom = 3 * len(digits) - 8 - (-offsets % 3)
    width = max(360 / cells, 1000 / 256 * 360 / 2 ** max(zoom, 0))
    return ParsedCoordinate(
        lat, lon, half_diagonal_m(lat, 180 / cells, width), Notation.URL, "OpenStreetMap: centre of the view"
    )


def _hash_view(address: _Address, note: str, *, lon_first: bool = False) -> ParsedCoordinate | None:
    match = _HASH_VIEW.search(address.fragment)
    if match is None:
        return None
    lat, lon = (match[3], match[2]) if lon_first else (match[2], match[3])
    return _place(lat, lon, f"{note}: centre of the view", float(match[1]))


def _yandex(address: _Address, context: Context) -> ParsedCoordinate | None:
    if address.all("rtext"):
        refuse("the address is a route, not a place")
    pins = address.all("whatshere[point]", "poi[point]", "panorama[point]", "pt")
    if pins:
        if not _PAIR.match(pins[0]):
            refuse(f"the address has a pin without coordinates: {pins[0]!r}")
        if "~" in pins[0]:
            refuse("the address has several places")
        return _first_pair(pins, "Yandex Maps: pin", lon_first=True)
    found = _free_text(address.all("text"), context, "Yandex Maps: searched place")
    if found is not None:
        return found
    view = _first_pair(address.all("ll"), "Yandex Maps: centre of the view", lon_first=True)
    zoom = address.all("z")
    if view is not None and zoom and _numeric(zoom[0]):
        return _place(str(view.lat), str(view.lon), view.note, float(zoom[0]))._replace(lat=view.lat, lon=view.lon)
    return view


def _bing(address: _Address, context: Context) -> ParsedCoordinate | None:
    if address.all("rtp"):
        refuse("the address is a route, not a place")
    points = [value for value in address.all("sp") if value.startswith("point.")]
    if len(points) == 1 and points[0].count("point.") == 1:
        return _first_pair(points, "Bing Maps: pin")
    if points:
        refuse("the address has several places")
    found = _free_text(address.all("where1", "q"), context, "Bing Maps: searched place")
    return found or _first_pair(address.all("cp"), "Bing Maps: centre of the view")


def _apple(address: _Address, context: Context) -> ParsedCoordinate | None:
    if address.all("saddr"):
        refuse("the address is a route, not a place")
    pin = _first_pair(address.all("ll", "coordinate"), "Apple Maps: pin")
    if pin is not None:
        return pin
    found = _free_text(address.all("q", "address", "daddr"), context, "Apple Maps: searched place")
    return found or _first_pair(address.all("sll", "center"), "Apple Maps: centre of the view")


def _two_gis(address: _Address, context: Context) -> ParsedCoordinate | None:
    del context
    geo = re.search(rf"/geo/(?:\d+/)?({NUMBER}),({NUMBER})", address.path)
    if geo is not None:
        return _place(geo[2], geo[1], "2GIS: pin")
    return _first_pair(address.all("m"), "2GIS: centre of the view", lon_first=True)


def _geohack(address: _Address, context: Context) -> ParsedCoordinate | None:
    values = [re.sub(r"_(?:type|region|scale|dim|source|globe):.*", "", v) for v in address.all("params")]
    return _free_text([value.strip("_").replace("_", " ") for value in values], context, "GeoHack")


def _firms(address: _Address, context: Context) -> ParsedCoordinate | None:
    del context
    view = _AT.search(address.fragment)
    return None if view is None else _place(view[2], view[1], "FIRMS: centre of the view", float(view[3] or 3))


def _at_view(name: str) -> Callable[[_Address, Context], ParsedCoordinate | None]:
    def parse(address: _Address, context: Context) -> ParsedCoordinate | None:
        del context
        view = _AT.search(address.path) or _AT.search(address.fragment)
        if view is None:
            values = [
                *address.all("ll", "view", "map", "to", "q", "c"),
                address.fragment.lstrip("/"),
                address.path.strip("/"),
            ]
            return _first_pair(values, f"{name}: centre of the view")
        parsed = _place(view[1], view[2], f"{name}: centre of the view", float(view[3]) if view[4] == "z" else None)
        if view[4] in {"m", "a"}:
            distance = re.search(r"(\d+(?:\.\d+)?)d\b", address.path)
            parsed = parsed._replace(
                uncertainty_m=max(parsed.uncertainty_m, float(distance[1]) / 2 if distance else 0.0)
            )
        return parsed

    return parse


def _lat_lon_view(name: str) -> Callable[[_Address, Context], ParsedCoordinate | None]:
    def parse(address: _Address, context: Context) -> ParsedCoordinate | None:
        del context
        named = _named(address)
        return named._replace(note=f"{name}: centre of the view") if named else _hash_view(address, name)

    return parse


def _mapy(address: _Address, context: Context) -> ParsedCoordinate | None:
    del context
    xs, ys = address.all("x"), address.all("y")
    return (
        _place(ys[0], xs[0], "Mapy: centre of the view") if xs and ys and _numeric(xs[0]) and _numeric(ys[0]) else None
    )


def _center_lon_lat(address: _Address, context: Context) -> ParsedCoordinate | None:
    del context
    pin = _first_pair(address.all("marker"), "ArcGIS: pin", lon_first=True)
    return pin or _first_pair(address.all("center"), "ArcGIS: centre of the view", lon_first=True)


def _code(address: _Address, context: Context) -> ParsedCoordinate | None:
    code = address.path.strip("/").replace(" ", "+")
    if address.host == "plus.codes":
        parsed = parse_plus_code(code, context)
    elif re.fullmatch(r"[0-9b-hjkmnp-z]{1,12}", code):
        parsed = geohash_point(code)
    else:
        return None
    return None if parsed is None else parsed._replace(notation=Notation.URL, note=parsed.notation.label)


def _here(address: _Address, context: Context) -> ParsedCoordinate | None:
    del context
    share = re.search(rf"/(?:l|r)/({NUMBER}),({NUMBER})", address.path)
    if share is not None and address.path.startswith("/l/"):
        return _place(share[1], share[2], "HERE: pin")
    return _first_pair(address.all("map"), "HERE: centre of the view")


def _marine(address: _Address, context: Context) -> ParsedCoordinate | None:
    del context
    x, y = (re.search(rf"center{axis}:({NUMBER})", address.path) for axis in "xy")
    return _place(y[1], x[1], "MarineTraffic: centre of the view") if x and y else None


_SITES: tuple[tuple[re.Pattern[str], Callable[[_Address, Context], ParsedCoordinate | None]], ...] = (
    (re.compile(r"^earth\.google\."), _at_view("Google Earth")),
    (re.compile(r"(?:^|\.)google\.[a-z.]+$"), _google),
    (re.compile(r"(?:^|\.)openstreetmap\.(?:org|de)$|^osm\.org$|^opentopomap\.org$|^umap\.|^overpass-turbo\."), _osm),
    (re.compile(r"(?:^|\.)yandex\.[a-z.]+$"), _yandex),
    (re.compile(r"(?:^|\.)bing\.com$"), _bing),
    (re.compile(r"^maps\.apple\.com$"), _apple),
    (re.compile(r"(?:^|\.)2gis\.[a-z.]+$"), _two_gis),
    (re.compile(r"geohack"), _geohack),
    (re.compile(r"^firms\."), _firms),
    (re.compile(r"^deepstatemap\.live$"), _lat_lon_view("DeepStateMap")),
    (re.compile(r"^wikimapia\.org$"), _lat_lon_view("Wikimapia")),
    (re.compile(r"sentinel-hub\.com$|dataspace\.copernicus\.eu$"), _lat_lon_view("Copernicus")),
    (re.compile(r"^liveuamap\.com$|\.liveuamap\.com$"), _at_view("Liveuamap")),
    (re.compile(r"^zoom\.earth$"), _at_view("Zoom Earth")),
    (re.compile(r"(?:^|\.)waze\.com$"), _at_view("Waze")),
    (re.compile(r"(?:^|\.)suncalc\.org$"), _at_view("SunCalc")),
    (re.compile(r"^satellites\.pro$"), _at_view("Satellites.pro")),
    (re.compile(r"^flightradar24\.com$"), _at_view("Flightradar24")),
    (re.compile(r"(?:^|\.)mapy\.(?:cz|com)$"), _mapy),
    (re.compile(r"^caltopo\.com$"), _at_view("CalTopo")),
    (re.compile(r"^map\.snapchat\.com$"), _at_view("Snap Map")),
    (re.compile(r"^(?:kartaview|openstreetcam)\.org$"), _at_view("KartaView")),
    (re.compile(r"^openinframap\.org$|^openrailwaymap\.org$"), _lat_lon_view("OpenStreetMap")),
    (re.compile(r"(?:^|\.)arcgis\.com$"), _center_lon_lat),
    (re.compile(r"(?:^|\.)here\.com$"), _here),
    (re.compile(r"^plus\.codes$|^geohash\.org$"), _code),
    (re.compile(r"(?:^|\.)marinetraffic\.com$"), _marine),
)
