"""Groups of countries, such as NATO: lists with a source and a date, in ``tables/groups.csv``."""

from __future__ import annotations

from dataclasses import dataclass

from geoconflict.errors import NameUnknownError, did_you_mean
from geoconflict.names.countries import CountryName, by_iso, read_rows


@dataclass(frozen=True, slots=True)
class Group:
    """A group of countries as of a date.

    Attributes
    ----------
    name : str
    members : tuple of CountryName
        Sorted by English name.
    source, source_url, source_date, note : str or None
        Who publishes the list, and its date.
    """

    name: str
    members: tuple[CountryName, ...]
    source: str
    source_url: str | None
    source_date: str
    note: str | None

    @property
    def names(self) -> list[str]:
        """The English names of the members."""
        return [member.name for member in self.members]


def group(name: str) -> Group:
    """Return a group of countries by name or abbreviation.

    Raises
    ------
    NameUnknownError
        With the known groups.

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
        msg = f"unknown group {name!r}; {did_you_mean(str(name), known) or 'known: ' + ', '.join(names)}"
        raise NameUnknownError(msg, suggestions=names)
    return next(one for one in found if one.name == known[key])


def groups() -> list[Group]:
    """Return all groups, in the order of the table.

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
