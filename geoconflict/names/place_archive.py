"""The embedded places: names and alternate names of GeoNames, in one small archive.

``data/gazetteer/derive.py`` makes the archive and says what it holds. It is read whole
(some 36 MB) at the first look-up; a key is found by binary search in the sorted lines.
"""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from geoconflict.errors import ReadError

if TYPE_CHECKING:
    import numpy as np

_MEMBERS = ("countries.txt", "admin1.txt", "names.txt", "rows.bin", "keys.txt", "rough.txt")
_LIMIT = 200_000_000
_ROW_BYTES = 15


def gazetteer_folder() -> Path:
    """Return the folder of the embedded places: in the installed package, or in the checkout.

    Raises
    ------
    ReadError
    """
    here = Path(__file__).resolve()
    for folder in (here.parents[1] / "_gazetteer", here.parents[2] / "data" / "gazetteer"):
        if (folder / "places.zip").is_file():
            return folder
    msg = "the embedded places (places.zip) were not found beside the package; install geoconflict again"
    raise ReadError(msg)


@dataclass(frozen=True)
class Archive:
    """The embedded places.

    Attributes
    ----------
    names : list of str
    lon, lat : float array, degrees
    population : int array
    country, admin1 : list of str
        The code of each place.
    keys, rough : bytes
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
    rough: bytes

    def rows(self, key: str, *, rough: bool = False) -> list[int]:
        """Return the places that bear a key, in order.

        Parameters
        ----------
        key : str
            From ``fold``, or from ``rough`` where that is asked for.
        rough : bool
            Which of the two indexes to search.
        """
        lines = self.rough if rough else self.keys
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
def read_archive(path: Path) -> Archive:
    """Read the archive.

    Raises
    ------
    ReadError
        If it is not what it should be.
    """
    import numpy as np

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
    return Archive(
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
