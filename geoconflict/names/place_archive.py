"""The archive of the embedded places: names and alternate names of GeoNames.

``data/gazetteer/derive.py`` makes the archive and describes its members. The whole archive (36 MB
uncompressed) is read at the first lookup; a key is found by binary search in sorted lines.
"""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from geoconflict.errors import ReadError

_MEMBERS = ("countries.txt", "admin1.txt", "names.txt", "rows.bin", "keys.txt", "rough.txt")
_LIMIT = 200_000_000
_ROW_BYTES = 15


def gazetteer_folder() -> Path:
    """Return the folder of the embedded places, in the installed package or the source checkout.

    Raises
    ------
    ReadError
    """
    here = Path(__file__).resolve()
    for folder in (here.parents[1] / "_gazetteer", here.parents[2] / "data" / "gazetteer"):
        if (folder / "places.zip").is_file():
            return folder
    msg = "the embedded places (places.zip) are not beside the package; reinstall geoconflict"
    raise ReadError(msg)


@dataclass(frozen=True)
class PlaceArchive:
    """The embedded places.

    Attributes
    ----------
    names : list of str
    lon, lat : float array
        Degrees on WGS84.
    population : int array
    country_code, admin1_code : int array
        For each place, the index in ``countries`` and ``divisions``.
    countries, divisions : list of str
        Codes of countries and first-order divisions.
    keys, phonetic_keys : bytes
        Sorted lines "KEY TAB ROW,ROW…".
    """

    names: list[str]
    lon: np.ndarray
    lat: np.ndarray
    population: np.ndarray
    country_code: np.ndarray
    admin1_code: np.ndarray
    countries: list[str]
    divisions: list[str]
    keys: bytes
    phonetic_keys: bytes

    def rows(self, key: str, *, phonetic: bool = False) -> list[int]:
        """Return the row numbers of the places with a key, in ascending order.

        Parameters
        ----------
        key : str
            From ``fold``, or from ``phonetic_key`` if ``phonetic`` is True.
        phonetic : bool
            Search the index of phonetic keys.
        """
        lines = self.phonetic_keys if phonetic else self.keys
        wanted = key.encode("utf-8") + b"\t"
        low, high = 0, len(lines)
        while low < high:
            middle = (low + high) // 2
            start = lines.rfind(b"\n", 0, middle) + 1
            if lines[start : start + len(wanted)] < wanted:
                end = lines.find(b"\n", middle)
                low = len(lines) if end < 0 else end + 1
            else:
                high = start
        if lines[low : low + len(wanted)] != wanted:
            return []
        end = lines.find(b"\n", low)
        return [int(row) for row in lines[low + len(wanted) : end].split(b",")]


@lru_cache(maxsize=1)
def read_archive(path: Path) -> PlaceArchive:
    """Read the archive.

    Raises
    ------
    ReadError
        If the file is missing or is not such an archive.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            sizes = {info.filename: info.file_size for info in archive.infolist()}
            if set(_MEMBERS) - set(sizes) or sum(sizes.values()) > _LIMIT:
                msg = f"{path.name} is not an archive of places"
                raise ReadError(msg)
            parts = {name: archive.read(name) for name in _MEMBERS}
    except (OSError, zipfile.BadZipFile) as error:
        msg = f"{path.name} cannot be read: {error}"
        raise ReadError(msg) from error
    names = parts["names.txt"].decode("utf-8").split("\n")
    raw, n = parts["rows.bin"], len(names)
    if len(raw) != n * _ROW_BYTES:
        msg = f"{path.name} is not an archive of places: {len(raw)} bytes for {n} places"
        raise ReadError(msg)
    cuts = np.cumsum([4 * n, 4 * n, 4 * n, n])
    lon, lat, population, country, admin1 = (
        np.frombuffer(part, dtype=kind)
        for part, kind in zip(
            (raw[: cuts[0]], raw[cuts[0] : cuts[1]], raw[cuts[1] : cuts[2]], raw[cuts[2] : cuts[3]], raw[cuts[3] :]),
            ("<i4", "<i4", "<u4", "<u1", "<u2"),
            strict=True,
        )
    )
    return PlaceArchive(
        names,
        lon / 1e5,
        lat / 1e5,
        population,
        country,
        admin1,
        parts["countries.txt"].decode().split("\n"),
        parts["admin1.txt"].decode().split("\n"),
        parts["keys.txt"],
        parts["rough.txt"],
    )
