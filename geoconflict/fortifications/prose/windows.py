"""Where a costly pattern need look: round the stems without which it cannot match."""

from __future__ import annotations

import re
from collections.abc import Iterator


def windows(
    low: str, stems: tuple[str, ...], *, before: int, after: int, known: dict[str, list[int]] | None = None
) -> list[tuple[int, int]]:
    """Return the stretches of a text round its stems, merged, in order.

    Parameters
    ----------
    low : str
    stems : tuple of str
        A pattern that matches holds one of these.
    before, after : int
        How many characters round a stem a match can reach; a stretch ends at a space.
    known : dict, optional
        Where the stems of this text stand, filled as they are looked for: tables of rules share many stems.

    Examples
    --------
    >>> windows("a wall here, and far away a fence", ("wall", "fence"), before=2, after=3)
    [(0, 6), (26, 33)]
    """
    hits: list[int] = []
    for stem in stems:
        places = known.get(stem) if known is not None else None
        if places is None:
            places = _places(low, stem)
            if known is not None:
                known[stem] = places
        hits += places
    if not hits:
        return []
    merged: list[tuple[int, int]] = []
    for at in sorted(hits):
        end = low.find(" ", at + after)
        end = len(low) if end < 0 else end
        if merged and at - before <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((max(0, at - before), end))
    return merged


def matches(pattern: re.Pattern[str], text: str, starts: tuple[str, ...]) -> Iterator[re.Match[str]]:
    r"""Yield the matches of a pattern, which are tried only where one of some words stands.

    The same as ``pattern.finditer(text)`` where each match begins with one of the words.

    Examples
    --------
    >>> import re
    >>> [match.group() for match in matches(re.compile(r"\b(?:near|next to) \w+"), "near it, next to me", ("near", "next"))]
    ['near it', 'next to me']
    """
    last = 0
    for at in sorted({place for start in starts for place in _places(text, start)}):
        match = pattern.match(text, at) if at >= last else None
        if match is not None:
            last = match.end()
            yield match


def _places(low: str, stem: str) -> list[int]:
    found: list[int] = []
    at = low.find(stem)
    while at >= 0:
        found.append(at)
        at = low.find(stem, at + 1)
    return found
