"""Classes of numbers: where the breaks lie, which class a number is in, and how a class is written."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

import numpy as np

from geoconflict.errors import Fault, InputError
from geoconflict.maps.scene import Ramp

if TYPE_CHECKING:
    from collections.abc import Sequence

Scheme = Literal["quantiles", "equal"]
MOST_CLASSES = 9
# From pale to deep; each step is darker than the one before, so that it also holds in grey.
SEQUENTIAL = Ramp(("#e8e4c4", "#cfddb9", "#abcfb2", "#82bdae", "#5aa7a8", "#378f9d", "#22738b", "#1b5674", "#1a395a"))
# Ochre and blue stay apart in every colour vision; the middle is nearly white.
DIVERGING = Ramp(("#8a3a0b", "#b4601f", "#d68f4c", "#e5b681", "#dedacf", "#a3c3da", "#6b9fc7", "#38729f", "#174a74"))


@dataclass(frozen=True)
class Classes:
    """Classes that follow one another: each holds its lower limit and not its upper one.

    Attributes
    ----------
    breaks : tuple of float
        The limits between classes, rising; one class more than breaks.
    low, high : float or None
        What closes the first and the last class: the least and the greatest number, or as far
        on both sides of a middle; None leaves them open.
    whole : bool
        Whether all numbers are whole, so that a class can name its last one.
    told : str
        How the breaks were found, as a clause.
    """

    breaks: tuple[float, ...]
    low: float | None
    high: float | None
    whole: bool
    told: str

    def __len__(self) -> int:
        """Return how many classes there are."""
        return len(self.breaks) + 1

    def of(self, values: np.ndarray) -> np.ndarray:
        """Return the class of each number, from 0; of NaN it is the last."""
        return np.searchsorted(np.asarray(self.breaks, dtype=float), values, side="right")

    def labels(self) -> tuple[str, ...]:
        """Write each class out.

        Examples
        --------
        >>> Classes((10.0, 100.0), None, None, whole=True, told="").labels()
        ('under 10', '10–99', '100 or more')
        >>> Classes((1.5,), -2.0, 4.0, whole=False, told="").labels()
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
                out.append(f"under {written(high or 0.0, digits)}")
            elif high is None:
                out.append(f"{written(low, digits)} or more")
            else:
                last = high - 1 if self.whole and i < len(self) - 1 else high
                first, second = written(low, digits), written(last, digits)
                out.append(first if first == second else f"{first}{join}{second}")
        return tuple(out)

    def colours(self, ramp: Ramp, *, middle: float | None = None) -> list[str]:
        """Return a colour a class; with a ``middle`` the ramp's own middle lies there.

        A class on one side of the middle takes a colour of that side, as far out as it is
        removed in classes; one that holds the middle inside takes the middle colour.
        """
        if middle is None:
            return ramp.pick(len(self)) if len(self) > 1 else [ramp.colours[len(ramp.colours) // 2]]
        low = [-math.inf if self.low is None else self.low, *self.breaks]
        high = [*self.breaks, math.inf if self.high is None else self.high]
        below = sum(h <= middle for h in high[:-1]) + (high[-1] < middle)
        above = sum(bound >= middle for bound in low) if low[0] < middle or len(self) > 1 else int(low[0] > middle)
        if not below and low[0] == middle == high[-1]:
            above = 0
        centre = len(ramp.colours) // 2
        most = max(below, above, 1)
        steps = [-(below - i) if i < below else max(0, i - (len(self) - above) + 1) for i in range(len(self))]
        return [ramp.colours[centre + round(step * centre / most)] for step in steps]


def classify(
    values: np.ndarray,
    *,
    scheme: Scheme = "quantiles",
    classes: int = 5,
    breaks: Sequence[float] | None = None,
    middle: float | None = None,
) -> Classes:
    """Find classes for numbers.

    Parameters
    ----------
    values : float array
        NaN is left out.
    scheme : str
        ``quantiles``: about the same number of values in each class, the breaks at the
        roundest number between two neighbours; equal values stay together, so that ties can
        leave fewer classes. ``equal``: classes of the same width.
    classes : int
        How many, from 1 to 9.
    breaks : sequence of float, optional
        The limits between the classes, in place of a scheme.
    middle : float, optional
        A value that must be a limit, or the middle of a class, for a diverging ramp.

    Returns
    -------
    Classes

    Raises
    ------
    InputError
        With all that is wrong with the scheme, the number of classes and the breaks.

    Examples
    --------
    >>> classify(np.array([1.0, 2, 3, 4, 100]), classes=2).labels()
    ('1–2', '3–100')
    >>> classify(np.array([0.0, 10.5]), scheme="equal", classes=3).breaks
    (3.5, 7.0)
    """
    faults = _faults(scheme, classes, breaks, middle)
    if faults:
        msg = "the numbers cannot be put into classes"
        raise InputError(msg, faults)
    good = np.sort(values[~np.isnan(values)])
    whole = bool(len(good)) and bool((good == np.rint(good)).all()) and abs(good).max() < 1e15
    if breaks is not None:
        found = tuple(float(b) for b in breaks)
        return Classes(found, None, None, whole and all(b == round(b) for b in found), "limits that were given")
    if not len(good) or good[0] == good[-1]:
        edge = float(good[0]) if len(good) else None
        return Classes((), edge, edge, whole, "one class, since all values are the same" if len(good) else "no value")
    low, high = float(good[0]), float(good[-1])
    if scheme == "equal":
        low, high = _both_sides(low, high, middle)
        inner = _equal(low, high, classes)
        told = f"{len(inner) + 1} classes of the same width"
        if middle is not None:
            told += f" on both sides of {written(middle, _digits([middle]))}"
        return Classes(inner, low, high, whole and all(b == round(b) for b in (low, *inner, high)), told)
    if middle is None or not low < middle <= high:
        inner = _quantiles(good, classes)
    else:
        half = max(1, classes // 2)
        inner = (*_quantiles(good[good < middle], half), middle, *_quantiles(good[good >= middle], half))
    told = f"{len(inner) + 1} classes with about the same number of values in each (quantiles)"
    if middle is not None and low < middle <= high:
        told += f", apart for each side of {written(middle, _digits([middle]))}"
    elif len(inner) + 1 < classes:
        told += f"; {classes} were asked for, but equal values stay together"
    if whole:
        inner = tuple(sorted({float(math.ceil(b)) for b in inner}))
    return Classes(inner, low, high, whole, told)


def _faults(scheme: str, classes: int, breaks: Sequence[float] | None, middle: float | None) -> list[Fault]:
    faults = []
    if scheme not in {"quantiles", "equal"}:
        faults.append(Fault(f"{scheme!r} is no scheme", field="scheme", hint="'quantiles' or 'equal', or give breaks"))
    if isinstance(classes, bool) or not isinstance(classes, int) or not 1 <= classes <= MOST_CLASSES:
        faults.append(Fault(f"{classes!r} is not a number of classes from 1 to {MOST_CLASSES}", field="classes"))
    if middle is not None and not math.isfinite(middle):
        faults.append(Fault(f"{middle!r} is not a finite number", field="middle"))
    if breaks is not None:
        numbers = all(isinstance(b, (int, float)) and not isinstance(b, bool) and math.isfinite(b) for b in breaks)
        if not numbers:
            faults.append(Fault(f"{list(breaks)!r} are not finite numbers", field="breaks"))
        elif any(b <= a for a, b in pairwise(breaks)):
            faults.append(Fault(f"{list(breaks)!r} do not rise", field="breaks"))
        if len(breaks) >= MOST_CLASSES:
            faults.append(
                Fault(
                    f"{len(breaks)} breaks make {len(breaks) + 1} classes",
                    field="breaks",
                    hint=f"at most {MOST_CLASSES}",
                )
            )
    return faults


def _both_sides(low: float, high: float, middle: float | None) -> tuple[float, float]:
    """Return edges that lie as far on both sides of a middle, also where no number lies."""
    if middle is None:
        return low, high
    reach = max(abs(low - middle), abs(high - middle))
    return min(low, middle - reach), max(high, middle + reach)


def _equal(low: float, high: float, classes: int) -> tuple[float, ...]:
    width = (high - low) / classes
    # Three figures of the width: what is written is what divides.
    digits = 2 - math.floor(math.log10(width))
    found = [round(low + width * i, digits) for i in range(1, classes)]
    return tuple(sorted({b + 0.0 for b in found}))


def _quantiles(good: np.ndarray, classes: int) -> tuple[float, ...]:
    """Return breaks at the roundest number above the last value of one class and up to the first of the next."""
    found = []
    for i in range(1, classes):
        first = float(good[len(good) * i // classes])
        if first == good[0]:
            # More equal values at the start than a class holds: the next ones begin a class of their own.
            later = good[good > first]
            first = float(later[0]) if len(later) else first
        before = good[good < first]
        if len(before):
            found.append(_roundest(float(before[-1]), first))
    return tuple(sorted(set(found)))


def _roundest(low: float, high: float) -> float:
    """Return the number with the fewest figures that is greater than ``low`` and at most ``high``.

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
    """Return the decimals that tell numbers apart, so that each has up to four figures."""
    most = max((abs(v) for v in values), default=0.0)
    most_digits = 3 - math.floor(math.log10(most)) if most > 0 else 0
    steps = [b - a for a, b in pairwise(values) if b > a]
    fine = 1 - math.floor(math.log10(min(steps))) if steps else 0
    exact = next((d for d in range(13) if all(abs(v - round(v, d)) <= 1e-9 * max(most, 1e-12) for v in values)), 12)
    return max(0, min(12, exact, max(most_digits, fine)))


def written(value: float, digits: int) -> str:
    r"""Write a number with that many decimals, a true minus, and thin spaces between thousands.

    Examples
    --------
    >>> written(-12345.678, 1).replace("\u202f", "_")
    '−12_345.7'
    """
    text = f"{abs(value):,.{digits}f}"
    if abs(value) < 10_000:
        text = text.replace(",", "")
    sign = "−" if value < 0 and float(text.replace(",", "")) else ""
    return sign + text.replace(",", "\u202f")
