"""Classification of numbers: breaks, classes, their labels and colours; and the palettes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, TypeAlias

import numpy as np

from geoconflict.errors import Fault, InputError, did_you_mean
from geoconflict.maps.spec import COLOUR

Scheme = Literal["quantiles", "equal"]
MAX_CLASSES = 9


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours for the classes or categories of a layer, from the first to the last.

    Attributes
    ----------
    colours : tuple of str
    """

    colours: tuple[str, ...]

    def __post_init__(self) -> None:
        """Raise if there is no colour, or one is not ``#rrggbb``."""
        wrong = [c for c in self.colours if not (isinstance(c, str) and COLOUR.fullmatch(c))]
        if wrong or not self.colours:
            msg = "invalid palette"
            faults = [Fault(f"{c!r} is not a colour; write it as #rrggbb, such as #e42536") for c in wrong]
            raise InputError(msg, faults or [Fault("it has no colours")])

    def pick(self, count: int) -> list[str]:
        """Return ``count`` colours spread evenly over the palette; a longer list repeats colours.

        Examples
        --------
        >>> Palette(("#000000", "#808080", "#ffffff")).pick(2)
        ['#000000', '#ffffff']
        """
        last = len(self.colours) - 1
        if count <= 1:
            return [self.colours[0]] * count
        return [self.colours[round(i * last / (count - 1))] for i in range(count)]


# Colours for categories: petroff6 (arXiv:2107.02270) with a redder plum, because people with protanopia
# confuse the original with the violet. Smallest CIEDE2000 difference 15.3; tests/maps/test_colour.py checks it.
CATEGORIES = ("#5790fc", "#f89c20", "#e42536", "#964c78", "#9c9ca1", "#7a21dd")
# From dark to light, for distance bands.
DISTANCE = Palette(("#8c2d04", "#cc4c02", "#ec7014", "#fe9929", "#fec44f"))
# From light to dark: every step is darker than the one before, also in greyscale.
SEQUENTIAL = Palette(
    ("#e8e4c4", "#cfddb9", "#abcfb2", "#82bdae", "#5aa7a8", "#378f9d", "#22738b", "#1b5674", "#1a395a")
)
# Ochre and blue differ for every kind of colour vision; the midpoint is nearly white.
DIVERGING = Palette(("#8a3a0b", "#b4601f", "#d68f4c", "#e5b681", "#dedacf", "#a3c3da", "#6b9fc7", "#38729f", "#174a74"))


PaletteLike: TypeAlias = Palette | Sequence[str]
"""A palette, its name (``sequential`` or ``diverging``), or a list of colours as ``#rrggbb``."""
_NAMED = {"sequential": SEQUENTIAL, "diverging": DIVERGING}


def palette_of(palette: PaletteLike) -> Palette:
    """Return the palette for a name or a list of colours.

    Raises
    ------
    InputError
        If there is no palette of that name, or a colour is invalid.

    Examples
    --------
    >>> palette_of(["#000000", "#ffffff"])
    Palette(colours=('#000000', '#ffffff'))
    """
    if isinstance(palette, Palette):
        return palette
    if isinstance(palette, str) and palette in _NAMED:
        return _NAMED[palette]
    if isinstance(palette, str) or not isinstance(palette, Sequence):
        hint = did_you_mean(str(palette), _NAMED)
        msg = (
            f"{palette!r} is not a palette; known palettes: {', '.join(_NAMED)}; or give a Palette or a list of colours"
        )
        raise InputError(f"{msg}; {hint}" if hint else msg)
    return Palette(tuple(palette))


@dataclass(frozen=True)
class Classes:
    """Consecutive classes; each includes its lower limit and excludes its upper limit.

    Attributes
    ----------
    breaks : tuple of float
        Limits between classes, ascending; there is one class more than there are breaks.
    low, high : float or None
        Lower limit of the first class and upper limit of the last: the minimum and maximum, or
        values at equal distance from a midpoint; None leaves the class open.
    whole : bool
        Whether all numbers are integers; a label then shows the last integer of its class.
    method : str
        How the breaks were found, as part of a sentence.
    """

    breaks: tuple[float, ...]
    low: float | None
    high: float | None
    whole: bool
    method: str

    def __len__(self) -> int:
        """Return the number of classes."""
        return len(self.breaks) + 1

    def of(self, values: np.ndarray) -> np.ndarray:
        """Return the class number of each value, from 0; NaN gets the last."""
        return np.searchsorted(np.asarray(self.breaks, dtype=float), values, side="right")

    def labels(self) -> tuple[str, ...]:
        """Return the label of each class.

        Examples
        --------
        >>> Classes((10.0, 100.0), None, None, whole=True, method="").labels()
        ('under 10', '10–99', '100 or more')
        >>> Classes((1.5,), -2.0, 4.0, whole=False, method="").labels()
        ('−2.0 to 1.5', '1.5 to 4.0')
        """
        edges = [self.low, *self.breaks, self.high]
        known = [edge for edge in edges if edge is not None]
        digits = 0 if self.whole else _digits(known)
        join = " to " if any(edge < 0 for edge in known) else "–"
        out = []
        for i in range(len(self)):
            low, high = edges[i], edges[i + 1]
            if low is None and high is None:
                out.append("all")
            elif low is None:
                out.append(f"under {format_number(high or 0.0, digits)}")
            elif high is None:
                out.append(f"{format_number(low, digits)} or more")
            else:
                last = high - 1 if self.whole and i < len(self) - 1 else high
                first, second = format_number(low, digits), format_number(last, digits)
                out.append(first if first == second else f"{first}{join}{second}")
        return tuple(out)

    def colours(self, palette: Palette, *, midpoint: float | None = None) -> list[str]:
        """Return a colour for each class; with a ``midpoint``, the central colour of the palette is there.

        Classes on either side of the midpoint take colours from that side of the palette; a
        class that contains the midpoint takes the central colour.
        """
        if midpoint is None:
            return palette.pick(len(self)) if len(self) > 1 else [palette.colours[len(palette.colours) // 2]]
        low = [-math.inf if self.low is None else self.low, *self.breaks]
        high = [*self.breaks, math.inf if self.high is None else self.high]
        below = sum(h <= midpoint for h in high[:-1]) + (high[-1] < midpoint)
        above = (
            sum(bound >= midpoint for bound in low) if low[0] < midpoint or len(self) > 1 else int(low[0] > midpoint)
        )
        if not below and low[0] == midpoint == high[-1]:
            above = 0
        centre = len(palette.colours) // 2
        most = max(below, above, 1)
        steps = [-(below - i) if i < below else max(0, i - (len(self) - above) + 1) for i in range(len(self))]
        return [palette.colours[centre + round(step * centre / most)] for step in steps]


def classify(
    values: np.ndarray,
    *,
    scheme: Scheme = "quantiles",
    classes: int = 5,
    breaks: Sequence[float] | None = None,
    midpoint: float | None = None,
) -> Classes:
    """Classify numbers.

    Parameters
    ----------
    values : float array
        NaN is ignored.
    scheme : str
        ``quantiles``: about the same number of values in each class. Each break is the roundest
        number between two neighbouring values; equal values stay in one class, so ties may
        give fewer classes. ``equal``: classes of equal width.
    classes : int
        Number of classes, from 1 to 9.
    breaks : sequence of float, optional
        Limits between the classes, instead of a scheme.
    midpoint : float, optional
        Centre of a diverging palette: a limit between two classes, or the centre of one.

    Returns
    -------
    Classes

    Raises
    ------
    InputError
        Lists every error in the scheme, the number of classes and the breaks.

    Examples
    --------
    >>> classify(np.array([1.0, 2, 3, 4, 100]), classes=2).labels()
    ('1–2', '3–100')
    >>> classify(np.array([0.0, 10.5]), scheme="equal", classes=3).breaks
    (3.5, 7.0)
    """
    faults = _faults(scheme, classes, breaks, midpoint)
    if faults:
        msg = "the numbers cannot be classified"
        raise InputError(msg, faults)
    good = np.sort(values[~np.isnan(values)])
    whole = bool(len(good)) and bool((good == np.rint(good)).all()) and abs(good).max() < 1e15
    if breaks is not None:
        found = tuple(float(b) for b in breaks)
        return Classes(found, None, None, whole and all(b == round(b) for b in found), "custom classes")
    if not len(good) or good[0] == good[-1]:
        edge = float(good[0]) if len(good) else None
        return Classes(
            (),
            edge,
            edge,
            whole,
            "one class, because all values are equal" if len(good) else "no classes, because there are no values",
        )
    low, high = float(good[0]), float(good[-1])
    if scheme == "equal":
        low, high = _both_sides(low, high, midpoint)
        inner = _equal(low, high, classes)
        method = f"{len(inner) + 1} classes of equal width"
        if midpoint is not None:
            method += f" on either side of {format_number(midpoint, _digits([midpoint]))}"
        return Classes(inner, low, high, whole and all(b == round(b) for b in (low, *inner, high)), method)
    if midpoint is None or not low < midpoint <= high:
        inner = _quantiles(good, classes)
    else:
        half = max(1, classes // 2)
        inner = (*_quantiles(good[good < midpoint], half), midpoint, *_quantiles(good[good >= midpoint], half))
    method = f"{len(inner) + 1} classes with about the same number of values each (quantiles)"
    if midpoint is not None and low < midpoint <= high:
        method += f", separately on either side of {format_number(midpoint, _digits([midpoint]))}"
    elif len(inner) + 1 < classes:
        method += f"; {classes} were requested, but equal values stay in one class"
    if whole:
        inner = tuple(sorted({float(math.ceil(b)) for b in inner}))
    return Classes(inner, low, high, whole, method)


def _faults(scheme: str, classes: int, breaks: Sequence[float] | None, midpoint: float | None) -> list[Fault]:
    faults = []
    if scheme not in {"quantiles", "equal"}:
        faults.append(
            Fault(f"{scheme!r} is not a scheme", field="scheme", hint="use 'quantiles' or 'equal', or set breaks")
        )
    if isinstance(classes, bool) or not isinstance(classes, int) or not 1 <= classes <= MAX_CLASSES:
        faults.append(Fault(f"{classes!r} is not an integer from 1 to {MAX_CLASSES}", field="classes"))
    if midpoint is not None and not math.isfinite(midpoint):
        faults.append(Fault(f"{midpoint!r} is not a finite number", field="midpoint"))
    if breaks is not None:
        numbers = all(isinstance(b, (int, float)) and not isinstance(b, bool) and math.isfinite(b) for b in breaks)
        if not numbers:
            faults.append(Fault(f"{list(breaks)!r} are not all finite numbers", field="breaks"))
        elif any(b <= a for a, b in pairwise(breaks)):
            faults.append(Fault(f"{list(breaks)!r} are not in ascending order", field="breaks"))
        if len(breaks) >= MAX_CLASSES:
            faults.append(
                Fault(
                    f"{len(breaks)} breaks give {len(breaks) + 1} classes",
                    field="breaks",
                    hint=f"the maximum is {MAX_CLASSES}",
                )
            )
    return faults


def _both_sides(low: float, high: float, midpoint: float | None) -> tuple[float, float]:
    """Return limits at the same distance on both sides of a midpoint."""
    if midpoint is None:
        return low, high
    reach = max(abs(low - midpoint), abs(high - midpoint))
    return min(low, midpoint - reach), max(high, midpoint + reach)


def _equal(low: float, high: float, classes: int) -> tuple[float, ...]:
    width = (high - low) / classes
    # Round to three figures of the width, so that the labels show the limits exactly.
    digits = 2 - math.floor(math.log10(width))
    found = [round(low + width * i, digits) for i in range(1, classes)]
    return tuple(sorted({b + 0.0 for b in found}))


def _quantiles(good: np.ndarray, classes: int) -> tuple[float, ...]:
    """Return the roundest break above the last value of one class and up to the first of the next."""
    found = []
    for i in range(1, classes):
        first = float(good[len(good) * i // classes])
        if first == good[0]:
            # The lowest value fills more than one class: the next value starts a new one.
            later = good[good > first]
            first = float(later[0]) if len(later) else first
        before = good[good < first]
        if len(before):
            found.append(_roundest(float(before[-1]), first))
    return tuple(sorted(set(found)))


def _roundest(low: float, high: float) -> float:
    """Return the number with the fewest digits that is greater than ``low`` and at most ``high``.

    Examples
    --------
    >>> _roundest(12.34, 17.8), _roundest(0.12, 0.1234), _roundest(99.0, 100.0)
    (13.0, 0.121, 100.0)
    """
    power = math.floor(math.log10(max(abs(low), abs(high), 1e-300)))
    for digits in range(-power, 17 - power):
        step = round(math.floor(low * 10.0**digits) + 1) / 10.0**digits
        if low < step <= high and math.isfinite(step):
            return step + 0.0
    return high


def _digits(values: Sequence[float]) -> int:
    """Return how many decimals the numbers need to differ, with up to four significant digits each."""
    most = max((abs(v) for v in values), default=0.0)
    most_digits = 3 - math.floor(math.log10(most)) if most > 0 else 0
    steps = [b - a for a, b in pairwise(values) if b > a]
    fine = 1 - math.floor(math.log10(min(steps))) if steps else 0
    exact = next((d for d in range(13) if all(abs(v - round(v, d)) <= 1e-9 * max(most, 1e-12) for v in values)), 12)
    return max(0, min(12, exact, max(most_digits, fine)))


def format_number(value: float, digits: int) -> str:
    r"""Format a number with a minus sign (U+2212) and narrow no-break spaces between thousands.

    Examples
    --------
    >>> format_number(-12345.678, 1).replace("\u202f", "_")
    '−12_345.7'
    """
    text = f"{abs(value):,.{digits}f}"
    if abs(value) < 10_000:
        text = text.replace(",", "")
    sign = "−" if value < 0 and float(text.replace(",", "")) else ""
    return sign + text.replace(",", "\u202f")
