"""Worldviews, and the disputed areas that they assign to countries.

The data divide the land into units, the smallest areas that a worldview assigns. A view assigns
each unit to one country; most units are whole countries. The disputed areas are rows of
``tables/disputed.csv``; to add one, edit the table, not the code.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import pandas as pd

from geoconflict.names.countries import by_iso, read_rows, resolve
from geoconflict.vocabulary import Worldview


@dataclass(frozen=True, slots=True)
class DisputedArea:
    """One area that more than one party claims, or that two administer.

    Attributes
    ----------
    area : str
    unit : str or None
        Its unit in the data; None if the source has no geometry for it.
    owner : dict of str to str
        ISO code of the country that each worldview assigns it to.
    pairs : tuple of tuple of str
        The pairs of countries whose border it affects, as ISO codes.
    claimants : tuple of str
        ISO codes.
    administrator, status, source, source_url, source_date, note : str
        Who holds it, its legal status, and the source with its address and date. The note also
        says what could not be confirmed.
    """

    area: str
    unit: str | None
    owner: dict[str, str]
    pairs: tuple[tuple[str, ...], ...]
    claimants: tuple[str, ...]
    administrator: str
    status: str
    source: str
    source_url: str
    source_date: str
    note: str


@dataclass(frozen=True, slots=True)
class View:
    """One worldview: the country that each unit is assigned to."""

    worldview: Worldview
    _owners: dict[str, str]

    def owner(self, unit: str) -> str:
        """Return the ISO code of the country that a unit is assigned to."""
        if unit in self._owners:
            return self._owners[unit]
        return unit.split("-", 1)[0]

    def units(self, iso: str, known: Iterable[str]) -> list[str]:
        """Return the units, among those known, that are assigned to a country."""
        return [unit for unit in known if self.owner(unit) == iso]

    def borders(self, iso: str, known: Iterable[str]) -> list[tuple[str, str]]:
        """Return the pairs of units (``A~B``) on the border of a country, each with the country on the other side."""
        out = []
        for pair in known:
            left, right = map(self.owner, pair.split("~"))
            if left != right and iso in {left, right}:
                out.append((pair, right if left == iso else left))
        return out


def view(worldview: str) -> View:
    """Return a worldview by name.

    Raises
    ------
    NameUnknownError
        With the known worldviews.

    Examples
    --------
    >>> view("de_facto").owner("XCR"), view("international").owner("XCR")
    ('RU', 'UA')
    """
    name = Worldview.read(worldview)
    return View(name, {area.unit: area.owner[name] for area in areas() if area.unit})


def disputed_pairs() -> frozenset[tuple[str, ...]]:
    """Return the pairs of countries whose border is affected by a disputed area."""
    return frozenset(pair for area in areas() for pair in area.pairs)


def disputed_areas(country: str | None = None) -> pd.DataFrame:
    """Return the disputed areas: all, or those that a country claims or that are assigned to it.

    Parameters
    ----------
    country : str, optional
        Name in English or ISO 3166-1 code.

    Returns
    -------
    DataFrame
        ``area``, ``has_geometry``, ``de_facto`` and ``international`` (the country that the
        view assigns it to), ``claimants``, ``administrator``, ``status``, ``source``,
        ``source_url``, ``source_date``, ``note``.

    Examples
    --------
    >>> disputed_areas("Ukraine")["area"].tolist()
    ['Crimea and Sevastopol', 'Donetsk, Kherson, Luhansk and Zaporizhzhia']
    """
    iso = resolve(country).iso if country is not None else None
    rows = [area for area in areas() if iso is None or iso in area.claimants or iso in area.owner.values()]
    return pd.DataFrame(
        {
            "area": [row.area for row in rows],
            "has_geometry": [row.unit is not None for row in rows],
            **{name.value: [by_iso(row.owner[name]).name for row in rows] for name in Worldview},
            "claimants": [", ".join(by_iso(one).name for one in row.claimants) for row in rows],
            "administrator": [row.administrator for row in rows],
            "status": [row.status for row in rows],
            "source": [row.source for row in rows],
            "source_url": [row.source_url for row in rows],
            "source_date": [row.source_date for row in rows],
            "note": [row.note for row in rows],
        }
    )


@lru_cache(maxsize=1)
def areas() -> tuple[DisputedArea, ...]:
    """Return the disputed areas in the order of the table."""
    return tuple(
        DisputedArea(
            area=row["area"],
            unit=row["unit"] or None,
            owner={name.value: row[name.value] for name in Worldview},
            pairs=tuple(tuple(sorted(pair.split("-"))) for pair in row["pairs"].split(";") if pair),
            claimants=tuple(row["claimants"].split(";")),
            administrator=row["administrator"],
            status=row["status"],
            source=row["source"],
            source_url=row["source_url"],
            source_date=row["source_date"],
            note=row["note"],
        )
        for row in read_rows("disputed.csv", "geoconflict.reference")
    )
