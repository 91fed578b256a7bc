"""What a description must hold to beyond the form of its values."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pydantic import BaseModel

from geoconflict.errors import DescriptionError, Fault, did_you_mean
from geoconflict.fortifications.description import Description, Echelon, Facing, Segment, Strip
from geoconflict.fortifications.extents import Drawn, account_of, extents, row_offsets, written
from geoconflict.io.yaml import Loc

# Two figures of one source agree when they differ by less than rounding would.
_ROUNDING = 0.05


@dataclass(frozen=True, slots=True)
class _Problem:
    path: Loc
    message: str
    hint: str | None = None


def validate(description: Description) -> None:
    """Raise if a description contradicts itself, or lacks what drawing needs.

    The form of single values is checked when a ``Description`` is made; this checks how they
    fit together. Reading and layout call it.

    Parameters
    ----------
    description : Description
        A draft may lack what drawing needs.

    Raises
    ------
    DescriptionError
        With all the faults, each with its line and column if the description was read from YAML.
    """
    faults = find_faults(description)
    if faults:
        msg = f"{description.id} has {len(faults)} fault{'s' if len(faults) != 1 else ''}"
        raise DescriptionError(msg, faults)


def find_faults(description: Description) -> list[Fault]:
    """Return the faults for which ``validate`` raises, in the order of the description."""
    positions = description.positions
    return [positions.fault(item.message, item.path, hint=item.hint) for item in _problems(description)]


def _problems(description: Description) -> Iterator[_Problem]:
    if not description.draft:
        yield from _missing(description)
    yield from _keys(description)
    for index, segment in enumerate(description.segments):
        path: Loc = ("segments", index)
        yield from _reference(segment, path)
        yield from _parties(segment, path)
        yield from _echelons(description, segment, path)
        yield from _strips(description, segment, path)
        yield from _gaps(segment, path)


def _missing(description: Description) -> Iterator[_Problem]:
    said = "; a draft (draft: true) may lack it"
    if description.owner is None:
        yield _Problem((), "the owner is missing: whose works are they?" + said)
    if not description.segments:
        yield _Problem((), "there is no segment, so nothing can be drawn" + said)
    for index, segment in enumerate(description.segments):
        path: Loc = ("segments", index)
        if segment.reference is None:
            yield _Problem(path, "the reference line is missing: a border, or a line" + said)
        if segment.side is None:
            yield _Problem(path, "the side is missing: in which country do the works lie?" + said)
        if segment.facing is None:
            yield _Problem(path, "the facing is missing: whom do the works face? It is never inferred" + said)
    if description.status is None and any(segment.status is None for segment in description.segments):
        yield _Problem((), "the status is missing: planned, funded, under_construction, complete, reported, …" + said)


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
            yield _Problem((*path, "span"), f"the span ends ({span[1]}) before it starts ({span[0]})")
    for what, ids in (
        ("segments", [s.id for s in description.segments]),
        ("claims", [c.id for c in description.claims]),
    ):
        for index, key in enumerate(ids):
            if key in ids[:index]:
                yield _Problem((what, index, "id"), f"{key!r} names two {what}; each needs its own id")


def _known(keys: object, known: Iterable[str], path: Loc, what: str) -> Iterator[_Problem]:
    names = list(known)
    for index, key in enumerate(keys if isinstance(keys, list) else []):
        if key not in names:
            listed = f"known: {', '.join(names)}" if names else f"the description lists no {what}s"
            place = (*path, index) if what == "source" else path
            yield _Problem(place, f"{key!r} is no {what} of this description", did_you_mean(key, names) or listed)


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
            yield _Problem((*here, "line", "coordinates"), "one point is no line")
    border = reference.border
    if border is not None and border.of.casefold() in {name.casefold() for name in border.towards}:
        yield _Problem((*here, "border"), f"{border.of} has no border with itself")


def parties(segment: Segment) -> list[str]:
    """Return the countries of the border that a segment is measured from; none for a line."""
    border = segment.reference.border if segment.reference is not None else None
    return [] if border is None else [border.of, *border.towards]


def _is_code(text: str) -> bool:
    return len(text) in (2, 3) and text.isalpha() and text.isascii()


def _listed(name: str, names: Iterable[str]) -> bool:
    """Tell whether a name is in a list; codes are left to the layout, which knows the countries."""
    known = list(names)
    return _is_code(name) or any(_is_code(other) for other in known) or name.casefold() in {n.casefold() for n in known}


def faces_away(segment: Segment) -> bool:
    """Tell whether the works face away from the reference line: their own side's interior."""
    facing, side = segment.facing, segment.side
    if facing is None:
        return False
    if facing.direction is not None:
        return facing.direction == "away_from_reference"
    return side is not None and all(party.casefold() == side.value.casefold() for party in facing.parties)


def _parties(segment: Segment, path: Loc) -> Iterator[_Problem]:
    names = parties(segment)
    if names and segment.side is not None and not _listed(segment.side.value, names):
        listed = ", ".join(names)
        hint = did_you_mean(segment.side.value, names) or f"the parties are {listed}"
        others = ", ".join(names[1:])
        message = f"the side {segment.side.value!r} is not a party to the border of {names[0]} with {others}"
        yield _Problem((*path, "side"), message, hint)
    if segment.facing is not None:
        yield from _facing(segment, segment.facing, (*path, "facing"))


def _facing(segment: Segment, facing: Facing, path: Loc) -> Iterator[_Problem]:
    if facing.direction is not None:
        return
    cure = "say direction: towards_reference or away_from_reference"
    names = parties(segment)
    if not names:
        if segment.reference is not None:
            yield _Problem(path, "a line that is no border does not tell where the enemy stands", cure)
        return
    for party in facing.parties:
        if not _listed(party, names):
            hint = did_you_mean(party, names)
            message = f"{party!r} is not a party to the border, so its direction is not known"
            yield _Problem(path, message, f"{hint} or {cure}" if hint else cure)
    side = segment.side.value.casefold() if segment.side is not None else None
    if side in {party.casefold() for party in facing.parties} and len(facing.parties) > 1:
        yield _Problem(path, "the works face both their own side and another", cure)


def _echelons(description: Description, segment: Segment, path: Loc) -> Iterator[_Problem]:
    seen: dict[int, int] = {}
    for place, echelon in enumerate(segment.echelons):
        here = (*path, "echelons", place)
        if echelon.index in seen:
            yield _Problem((*here, "index"), f"echelon {echelon.index} is described twice")
        seen[echelon.index] = place
        yield from _tellings(description, echelon, here)
    if len(seen) == len(segment.echelons):
        for account in _accounts(segment):
            for drawn in extents(description, segment, account):
                place = seen[drawn.echelon.index]
                yield from _extent(drawn, (*path, "echelons", place))
            yield from _overlaps(extents(description, segment, account), seen, path)


def _tellings(description: Description, echelon: Echelon, here: Loc) -> Iterator[_Problem]:
    direct = any(item is not None for item in (echelon.inner_limit, echelon.depth, echelon.outer_limit))
    if direct and echelon.accounts:
        yield _Problem(here, "give the extent either once or by accounts, not both")
    keys = [extent.account for extent in echelon.accounts]
    for number, key in enumerate(keys):
        if key is None:
            yield _Problem((*here, "accounts", number), "the account is missing: whose telling is it?")
        elif key in keys[:number]:
            yield _Problem((*here, "accounts", number, "account"), f"account {key!r} stands twice")
    if len(echelon.accounts) > 1 and account_of(description, echelon) is None and not description.draft:
        yield _Problem(here, "several accounts and none is chosen", "chosen: {account: …, because: …}")


def _accounts(segment: Segment) -> list[str | None]:
    """Return the accounts to check: each that occurs, or the one telling there is."""
    keys = {extent.account for echelon in segment.echelons for extent in echelon.accounts if extent.account}
    out: list[str | None] = [*sorted(keys)]
    return out or [None]


def _extent(drawn: Drawn, path: Loc) -> Iterator[_Problem]:
    extent = drawn.extent
    by = f" by account {drawn.account!r}" if extent is not drawn.echelon else ""
    if extent is not drawn.echelon:
        path = (*path, "accounts", next(i for i, item in enumerate(drawn.echelon.accounts) if item is extent))
    if drawn.inner_m is None or drawn.outer_m is None:
        return
    name = f"echelon {drawn.echelon.index}{by}"
    if drawn.outer_m <= drawn.inner_m:
        field = "outer_limit" if extent.outer_limit is not None else "depth"
        inner, outer = written(drawn.inner_m), written(drawn.outer_m)
        message = (
            f"{name} ends at {outer}, where it starts"
            if outer == inner
            else f"{name} ends at {outer}, before it starts at {inner}"
        )
        hint = (
            "an outer limit is measured from the reference line; a thickness is a depth"
            if field == "outer_limit"
            else None
        )
        yield _Problem((*path, field), message, hint)
    elif extent.depth is not None and extent.outer_limit is not None:
        thick = drawn.outer_m - drawn.inner_m
        stated = extent.depth.length.value_m
        if abs(thick - stated) > _ROUNDING * max(thick, stated) and not extent.depth.length.is_range:
            message = (
                f"{name} has a depth of {extent.depth.value}, but from {written(drawn.inner_m)} "
                f"to its outer limit are {written(thick)}"
            )
            yield _Problem((*path, "depth"), message)


def _overlaps(drawn: list[Drawn], places: dict[int, int], path: Loc) -> Iterator[_Problem]:
    for before, after in itertools.pairwise(drawn):
        if before.outer_m is None or after.inner_m is None or after.extent.inner_limit is None:
            continue
        if after.inner_m < before.outer_m - 1e-6:
            here: Loc = (*path, "echelons", places[after.echelon.index])
            message = (
                f"echelon {after.echelon.index} starts at {written(after.inner_m)}, inside echelon "
                f"{before.echelon.index}, which ends at {written(before.outer_m)}"
            )
            yield _Problem((*here, "inner_limit"), message)


def _strips(description: Description, segment: Segment, path: Loc) -> Iterator[_Problem]:
    drawn = {item.echelon.index: item for item in extents(description, segment)}
    away = faces_away(segment)
    for place, echelon in enumerate(segment.echelons):
        here = (*path, "echelons", place)
        yield from _run(echelon.strips, (*here, "strips"), away=away)
        extent = drawn[echelon.index]
        for index, strip in enumerate(echelon.strips):
            yield from _inside(strip, extent, (*here, "strips", index))
    yield from _run(segment.strips, (*path, "strips"), away=away)


def _rows(strip: Strip) -> list[float]:
    if strip.offset is None:
        return []
    return row_offsets(strip.offset.length, strip.rows, strip.row_spacing.length if strip.row_spacing else None)


def _inside(strip: Strip, extent: Drawn, path: Loc) -> Iterator[_Problem]:
    if extent.inner_m is None or extent.outer_m is None or strip.offset is None:
        return
    out = [row for row in _rows(strip) if not extent.inner_m <= row <= extent.outer_m]
    if out:
        message = (
            f"the strip at {written(out[-1])} lies outside echelon {extent.echelon.index}, "
            f"which runs from {written(extent.inner_m)} to {written(extent.outer_m)}"
        )
        yield _Problem((*path, "offset"), message)


def _run(strips: list[Strip], path: Loc, *, away: bool) -> Iterator[_Problem]:
    """Check that strips follow each other from the enemy's side inwards and do not overlap."""
    placed: list[tuple[int, int, float, float]] = []
    orders: dict[int, int] = {}
    for index, strip in enumerate(strips):
        here = (*path, index)
        order = strip.order if strip.order is not None else index
        if order in orders:
            yield _Problem((*here, "order"), f"order {order} is taken by strip {orders[order] + 1} of the list")
        orders[order] = index
        ranged = strip.offset is not None and strip.offset.length.is_range
        if strip.rows > 1 and strip.offset is not None and strip.row_spacing is None and not ranged:
            yield _Problem((*here, "rows"), "several rows need a row_spacing, or an offset that is a range")
            continue
        if strip.row_spacing is not None and strip.rows == 1:
            yield _Problem((*here, "row_spacing"), "one row has no row spacing")
        rows = _rows(strip)
        if rows:
            half = strip.width.length.value_m / 2 if strip.width is not None else 0.0
            placed.append((order, index, min(rows) - half, max(rows) + half))
    # Seen from the reference line outwards; works that face away have their enemy at the far end.
    placed.sort(reverse=away)
    for before, after in itertools.pairwise(placed):
        if after[2] < before[3] or after[2:] == before[2:]:
            message = (
                f"the strip runs from {written(after[2])} to {written(after[3])} and strip {before[1] + 1} "
                f"of the list from {written(before[2])} to {written(before[3])}: they overlap, "
                "or do not follow each other from the enemy's side inwards"
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
