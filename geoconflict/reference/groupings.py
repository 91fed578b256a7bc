"""Groupings of countries: lists with a source and a date, kept in ``tables/groups.csv``."""

from __future__ import annotations

from dataclasses import dataclass

from geoconflict.errors import NameUnknownError, did_you_mean
from geoconflict.names.countries import CountryName, by_iso, read_rows


@dataclass(frozen=True, slots=True)
class Group:
    """A grouping of countries as of a date.

    Attributes
    ----------
    name : str
    members : tuple of CountryName
        In the order of their English names.
    source, source_url, source_date, note : str or None
        Who lists them, and the day for which the list holds.
    """

    name: str
    members: tuple[CountryName, ...]
    source: str
    source_url: str | None
    source_date: str
    note: str | None

    @property
    def names(self) -> list[str]:
        """The English names, as ``countries`` and ``border`` take them."""
        return [member.name for member in self.members]


def group(name: str) -> Group:
    """Return a grouping of countries by its name or abbreviation.

    Raises
    ------
    NameUnknownError
        With the groupings that there are.

    Examples
    --------
    >>> len(group("NATO").members), group("baltic states").names
    (32, ['Estonia', 'Latvia', 'Lithuania'])
    """
    found = groups()
    known: dict[str, str] = {}
    for one, row in zip(found, read_rows("groups.csv", "geoconflict.reference"), strict=True):
        for spelling in (one.name, *filter(None, row["aliases"].split(";"))):
            known[spelling.casefold()] = one.name
    key = " ".join(str(name).split()).casefold()
    if key not in known:
        names = [one.name for one in found]
        msg = f"{name!r} is no grouping known here; {did_you_mean(str(name), known) or 'one of ' + ', '.join(names)}"
        raise NameUnknownError(msg, suggestions=names)
    return next(one for one in found if one.name == known[key])


def groups() -> list[Group]:
    """Return all groupings, in the order of the table.

    Examples
    --------
    >>> [one.name for one in groups()][:2]
    ['NATO', 'European Union']
    """
    return [
        Group(
            name=row["group"],
            members=tuple(sorted((by_iso(iso) for iso in row["members"].split(";")), key=lambda one: one.name)),
            source=row["source"],
            source_url=row["source_url"] or None,
            source_date=row["source_date"],
            note=row["note"] or None,
        )
        for row in read_rows("groups.csv", "geoconflict.reference")
    ]
