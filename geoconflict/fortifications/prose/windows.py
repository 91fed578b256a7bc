"""Where a costly pattern need look: round the stems without which it cannot match."""

from __future__ import annotations


def windows(low: str, stems: tuple[str, ...], *, before: int, after: int) -> list[tuple[int, int]]:
    """Return the stretches of a text round its stems, merged, in order.

    Parameters
    ----------
    low : str
    stems : tuple of str
        A pattern that matches holds one of these.
    before, after : int
        How many characters round a stem a match can reach; a stretch ends at a space.

    Examples
    --------
    >>> windows("a wall here, and far away a fence", ("wall", "fence"), before=2, after=3)
    [(0, 6), (26, 33)]
    """
    hits: list[int] = []
    for stem in stems:
        at = low.find(stem)
        while at >= 0:
            hits.append(at)
            at = low.find(stem, at + 1)
    merged: list[tuple[int, int]] = []
    for at in sorted(hits):
        end = low.find(" ", at + after)
        end = len(low) if end < 0 else end
        if merged and at - before <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((max(0, at - before), end))
    return merged
