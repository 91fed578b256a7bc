"""Check how the values of a description fit together."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from pydantic import BaseModel

from geoconflict.errors import DescriptionError, Fault, InputError, did_you_mean
from geoconflict.fortifications.description import Description, Echelon, Facing, Segment, Strip
from geoconflict.fortifications.extents import (
    EchelonExtent,
    account_of,
    echelon_extents,
    format_distance,
    row_offsets,
)
from geoconflict.io.yaml import Loc

# Returns the usual name of a country; raises InputError if there is no such country.
Resolve = Callable[[str], str]

# Two figures of one source agree if they differ by less than this share, as rounding may.
_ROUNDING = 0.05


@dataclass(frozen=True, slots=True)
class _Problem:
    path: Loc
    message: str
    hint: str | None = None


def validate(description: Description, *, resolve: Resolve | None = None) -> None:
    """Raise if a description contradicts itself, or lacks what drawing needs.

    Single values are checked when a ``Description`` is created; this checks how they fit
    together. ``read_description`` and ``layout`` call it.

    Parameters
    ----------
    description : Description
        A draft may lack what drawing needs.
    resolve : callable, optional
        Returns the usual name of a country and raises ``InputError`` for an unknown one; with
        it, the names of the countries are checked too.

    Raises
    ------
    DescriptionError
        With all faults; with line and column if the description was read from YAML.
    """
    faults = find_faults(description, resolve)
    if faults:
        msg = f"{description.id} has {len(faults)} fault{'s' if len(faults) != 1 else ''}"
        raise DescriptionError(msg, faults)


def find_faults(description: Description, resolve: Resolve | None = None) -> list[Fault]:
    """Return the faults for which ``validate`` raises."""
    positions = description.positions
    return [positions.fault(item.message, item.path, hint=item.hint) for item in _problems(description, resolve)]


def border_countries(segment: Segment) -> list[str]:
    """Return the countries of the border that a segment is measured from; none for another line."""
    border = segment.reference.border if segment.reference is not None else None
    return [] if border is None else [border.of, *border.towards]


def _problems(description: Description, resolve: Resolve | None) -> Iterator[_Problem]:
    if not description.draft:
        yield from _missing(description)
    yield from _keys(description)
    for index, segment in enumerate(description.segments):
        path: Loc = ("segments", index)
        yield from _reference(segment, path)
        yield from _countries(segment, path, resolve)
        yield from _echelons(description, segment, path)
        yield from _strips(description, segment, path)
        yield from _gaps(segment, path)


def _missing(description: Description) -> Iterator[_Problem]:
    hint = "only a draft (draft: true) may lack it"
    if description.owner is None:
        yield _Problem((), "the owner of the fortifications is missing", hint)
    if not description.segments:
        yield _Problem((), "there are no segments, so nothing can be drawn", hint)
    for index, segment in enumerate(description.segments):
        path: Loc = ("segments", index)
        if segment.reference is None:
            yield _Problem(path, "the reference line is missing: a border or another line", hint)
        if segment.side is None:
            yield _Problem(path, "the side is missing: the country in which the fortifications lie", hint)
        if segment.facing is None:
            yield _Problem(path, "the facing is missing: whom the fortifications face; it is never inferred", hint)
    if description.status is None and any(segment.status is None for segment in description.segments):
        yield _Problem((), "the status is missing: planned, funded, under_construction, complete, reported, …", hint)


def _walk(model: BaseModel, path: Loc = ()) -> Iterator[tuple[Loc, BaseModel]]:
    """Yield every part of a description with its path in the file."""
    yield path, model
    for name, info in type(model).model_fields.items():
        value = getattr(model, name)
        here = (*path, info.alias or name)
        if isinstance(value, BaseModel):
            yield from _walk(value, here)
        elif isinstance(value, list):
            for index, item in enumerate(value):
                if isinstance(item, BaseModel):
                    yield from _walk(item, (*here, index))
        elif isinstance(value, dict):
            for key, item in value.items():
                if isinstance(item, BaseModel):
                    yield from _walk(item, (*here, key))


def _keys(description: Description) -> Iterator[_Problem]:
    for path, part in _walk(description):
        if path:
            yield from _known(getattr(part, "sources", None), description.sources, (*path, "sources"), "source")
        account = getattr(part, "account", None)
        if account is not None:
            yield from _known([account], description.accounts, (*path, "account"), "account")
        span = getattr(part, "span", None)
        if span is not None and span[0] > span[1]:
            yield _Problem((*path, "span"), f"the span ends at {span[1]}, before it starts at {span[0]}")
    for what, ids in (
        ("segments", [segment.id for segment in description.segments]),
        ("claims", [claim.id for claim in description.claims]),
    ):
        for index, key in enumerate(ids):
            if key in ids[:index]:
                yield _Problem((what, index, "id"), f"{key!r} is the id of two {what}; use different ids")


def _known(keys: object, known: Iterable[str], path: Loc, what: str) -> Iterator[_Problem]:
    names = list(known)
    for index, key in enumerate(keys if isinstance(keys, list) else []):
        if key not in names:
            listed = f"known: {', '.join(names)}" if names else f"the description lists no {what}s"
            place = (*path, index) if what == "source" else path
            yield _Problem(place, f"the description has no {what} {key!r}", did_you_mean(key, names) or listed)


def _reference(segment: Segment, path: Loc) -> Iterator[_Problem]:
    reference = segment.reference
    if reference is None:
        return
    here = (*path, "reference")
    if (reference.border is None) == (reference.line is None):
        yield _Problem(here, "give either a border or a line", "border: {of: Lithuania, with: [Belarus]}")
    if reference.line is not None:
        if reference.line.file is not None and reference.line.coordinates:
            yield _Problem((*here, "line"), "the line has both a file and coordinates; give one")
        if len(reference.line.coordinates) == 1:
            yield _Problem((*here, "line", "coordinates"), "a line needs at least two points")
    border = reference.border
    if border is not None and border.of.casefold() in {name.casefold() for name in border.towards}:
        yield _Problem((*here, "border"), f"{border.of} has no border with itself")


def _is_code(text: str) -> bool:
    return len(text) in (2, 3) and text.isalpha() and text.isascii()


def _may_be_one_of(name: str, known: list[str], resolve: Resolve | None) -> bool:
    """Whether a name is in a list, or cannot be compared: codes need a resolver, which returns the usual names."""
    if resolve is not None:
        return _resolved(name, resolve) in known
    return _is_code(name) or any(_is_code(other) for other in known) or name.casefold() in {n.casefold() for n in known}


def _resolved(name: str, resolve: Resolve) -> str | None:
    try:
        return resolve(name)
    except InputError:  # not a country; _unknown_countries reports it
        return None


def _unknown_countries(segment: Segment, path: Loc, resolve: Resolve) -> Iterator[_Problem]:
    named: list[tuple[str, Loc]] = []
    reference = segment.reference
    if reference is not None:
        here = (*path, "reference")
        if reference.border is not None:
            named.append((reference.border.of, (*here, "border", "of")))
            named += [(name, (*here, "border", "with", i)) for i, name in enumerate(reference.border.towards)]
        for place, key in ((reference.start, "from"), (reference.end, "to")):
            tripoint = (place.tripoint or []) if place is not None else []
            named += [(name, (*here, key, "tripoint", i)) for i, name in enumerate(tripoint)]
    if segment.side is not None:
        named.append((segment.side.value, (*path, "side")))
    for name, at in named:
        try:
            resolve(name)
        except InputError as error:
            yield _Problem(at, error.message)


def _faces_away(segment: Segment) -> bool:
    facing, side = segment.facing, segment.side
    if facing is None:
        return False
    if facing.direction is not None:
        return facing.direction == "away_from_reference"
    return side is not None and all(party.casefold() == side.value.casefold() for party in facing.parties)


def _countries(segment: Segment, path: Loc, resolve: Resolve | None) -> Iterator[_Problem]:
    if resolve is not None:
        yield from _unknown_countries(segment, path, resolve)
    written = border_countries(segment)
    names = written if resolve is None else [name for one in written if (name := _resolved(one, resolve)) is not None]
    if len(names) < len(written):
        return  # a misspelt name of the border is reported; nothing can be compared with it
    side = segment.side.value if segment.side is not None else None
    known = side is not None and (resolve is None or _resolved(side, resolve) is not None)
    if side is not None and known and names and not _may_be_one_of(side, names, resolve):
        message = f"the side {side!r} is not one of the countries of the border"
        yield _Problem((*path, "side"), message, f"they are {', '.join(names)}")
    if segment.facing is not None:
        yield from _facing(segment, segment.facing, (*path, "facing"), names, resolve)


def _facing(
    segment: Segment, facing: Facing, path: Loc, names: list[str], resolve: Resolve | None
) -> Iterator[_Problem]:
    if facing.direction is not None:
        return
    solution = "add direction: towards_reference or away_from_reference"
    if not names:
        if segment.reference is not None:
            yield _Problem(path, "a line that is not a border needs the direction of the facing", solution)
        return
    for party in facing.parties:
        if not _may_be_one_of(party, names, resolve):
            # Without a resolver, a name of the border may itself be misspelt, so that it is not offered.
            hint = did_you_mean(party, names) if resolve is not None else f"they are {', '.join(names)}."
            message = f"{party!r} is not one of the countries of the border, so the direction of the facing is unknown"
            yield _Problem(path, message, f"{hint} Or {solution}" if hint else solution)
    side = segment.side.value.casefold() if segment.side is not None else None
    if side in {party.casefold() for party in facing.parties} and len(facing.parties) > 1:
        yield _Problem(path, "the fortifications face both their own side and another", solution)


def _echelons(description: Description, segment: Segment, path: Loc) -> Iterator[_Problem]:
    seen: dict[int, int] = {}
    for place, echelon in enumerate(segment.echelons):
        here = (*path, "echelons", place)
        if echelon.index in seen:
            yield _Problem((*here, "index"), f"echelon {echelon.index} is described twice")
        seen[echelon.index] = place
        yield from _accounts(description, echelon, here)
    if len(seen) < len(segment.echelons):
        return
    keys = {item.account for echelon in segment.echelons for item in echelon.accounts if item.account}
    accounts: list[str | None] = [*sorted(keys)]
    for account in accounts or [None]:
        extents = echelon_extents(description, segment, account)
        for extent in extents:
            yield from _extent(extent, (*path, "echelons", seen[extent.echelon.index]))
        yield from _overlaps(extents, seen, path)


def _accounts(description: Description, echelon: Echelon, here: Loc) -> Iterator[_Problem]:
    direct = any(item is not None for item in (echelon.inner_limit, echelon.depth, echelon.outer_limit))
    if direct and echelon.accounts:
        yield _Problem(here, "give the extent either directly or by accounts, not both")
    keys = [extent.account for extent in echelon.accounts]
    for number, key in enumerate(keys):
        if key is None:
            yield _Problem((*here, "accounts", number), "the key of the account is missing", "account: KEY")
        elif key in keys[:number]:
            yield _Problem((*here, "accounts", number, "account"), f"account {key!r} is given twice")
    if len(echelon.accounts) > 1 and account_of(description, echelon) is None and not description.draft:
        yield _Problem(here, "there are several accounts and none is chosen", "chosen: {account: …, because: …}")


def _extent(extent: EchelonExtent, path: Loc) -> Iterator[_Problem]:
    source, echelon = extent.source, extent.echelon
    name = f"echelon {echelon.index}"
    if source is not echelon:
        name += f" in account {extent.account!r}"
        path = (*path, "accounts", next(i for i, item in enumerate(echelon.accounts) if item is source))
    if extent.inner_m is None or extent.outer_m is None:
        return
    inner, outer = format_distance(extent.inner_m), format_distance(extent.outer_m)
    if extent.outer_m <= extent.inner_m:
        what = "where it starts" if outer == inner else f"before it starts at {inner}"
        message = f"{name} ends at {outer}, {what}"
        if source.outer_limit is None:
            yield _Problem((*path, "depth"), message)
        else:
            hint = "an outer limit is measured from the reference line; a thickness is a depth"
            yield _Problem((*path, "outer_limit"), message, hint)
    elif source.depth is not None and source.outer_limit is not None and not source.depth.length.is_range:
        thickness, depth = extent.outer_m - extent.inner_m, source.depth.length.value_m
        if abs(thickness - depth) > _ROUNDING * max(thickness, depth):
            message = f"{name} has a depth of {source.depth.value}, but extends {format_distance(thickness)}, from {inner} to {outer}"
            yield _Problem((*path, "depth"), message)


def _overlaps(extents: list[EchelonExtent], places: dict[int, int], path: Loc) -> Iterator[_Problem]:
    for before, after in itertools.pairwise(extents):
        if before.outer_m is None or after.inner_m is None or after.source.inner_limit is None:
            continue
        if after.inner_m < before.outer_m - 1e-6:
            message = (
                f"echelon {after.echelon.index} starts at {format_distance(after.inner_m)}, inside echelon "
                f"{before.echelon.index}, which ends at {format_distance(before.outer_m)}"
            )
            yield _Problem((*path, "echelons", places[after.echelon.index], "inner_limit"), message)


def _strips(description: Description, segment: Segment, path: Loc) -> Iterator[_Problem]:
    extents = {item.echelon.index: item for item in echelon_extents(description, segment)}
    away = _faces_away(segment)
    for place, echelon in enumerate(segment.echelons):
        here = (*path, "echelons", place, "strips")
        yield from _order(echelon.strips, here, away=away)
        for index, strip in enumerate(echelon.strips):
            yield from _inside(strip, extents[echelon.index], (*here, index))
    yield from _order(segment.strips, (*path, "strips"), away=away)


def _rows(strip: Strip) -> list[float]:
    if strip.offset is None:
        return []
    return row_offsets(strip.offset.length, strip.rows, strip.row_spacing.length if strip.row_spacing else None)


def _inside(strip: Strip, extent: EchelonExtent, path: Loc) -> Iterator[_Problem]:
    if extent.inner_m is None or extent.outer_m is None:
        return
    out = [row for row in _rows(strip) if not extent.inner_m <= row <= extent.outer_m]
    if out:
        message = (
            f"the strip at {format_distance(out[-1])} lies outside echelon {extent.echelon.index}, "
            f"which runs from {format_distance(extent.inner_m)} to {format_distance(extent.outer_m)}"
        )
        yield _Problem((*path, "offset"), message)


def _order(strips: list[Strip], path: Loc, *, away: bool) -> Iterator[_Problem]:
    """Check that strips follow each other from the enemy's side inwards and do not overlap."""
    placed: list[tuple[int, int, float, float]] = []
    orders: dict[int, int] = {}
    for index, strip in enumerate(strips):
        here = (*path, index)
        order = strip.order if strip.order is not None else index
        if order in orders:
            yield _Problem((*here, "order"), f"order {order} is already used by strip {orders[order] + 1} of the list")
        orders[order] = index
        ranged = strip.offset is not None and strip.offset.length.is_range
        if strip.rows > 1 and strip.offset is not None and strip.row_spacing is None and not ranged:
            yield _Problem((*here, "rows"), "several rows need a row_spacing, or an offset that is a range")
            continue
        if strip.row_spacing is not None and strip.rows == 1:
            yield _Problem((*here, "row_spacing"), "a row spacing needs several rows")
        rows = _rows(strip)
        if rows:
            half = strip.width.length.value_m / 2 if strip.width is not None else 0.0
            placed.append((order, index, min(rows) - half, max(rows) + half))
    # Outwards from the reference line; if the fortifications face away from it, the enemy is at the far end.
    placed.sort(reverse=away)
    for before, after in itertools.pairwise(placed):
        if after[2] < before[3] or after[2:] == before[2:]:
            message = (
                f"the strip runs from {format_distance(after[2])} to {format_distance(after[3])} and strip "
                f"{before[1] + 1} of the list from {format_distance(before[2])} to {format_distance(before[3])}: they "
                "overlap, or are not in the order from the enemy's side inwards"
            )
            yield _Problem((*path, after[1], "offset"), message)


def _gaps(segment: Segment, path: Loc) -> Iterator[_Problem]:
    for here, part in _walk(segment, path):
        for index, gap in enumerate(getattr(part, "gaps", ())):
            place = (*here, "gaps", index)
            ways = [gap.at is not None, bool(gap.every), gap.file is not None]
            if sum(ways) != 1:
                yield _Problem(place, "a gap needs one of: at, every: true, or file")
            elif gap.width is None and gap.file is None:
                yield _Problem(place, "the width of the gap is missing")
