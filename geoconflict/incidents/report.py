"""The report of reading a file, and the ledger of repaired, rejected and doubtful rows."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from typing import Any

import numpy as np

from geoconflict.errors import Fault, InputError

# control characters, and marks that change the direction of text
_HIDDEN = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>()#|~!&$])")


@dataclass(frozen=True, slots=True)
class Remark:
    """One kind of repair, rejection or doubt.

    Attributes
    ----------
    kind : str
    column : str
        Column of the file; empty if it concerns the row.
    count : int
        Number of rows.
    rows : str
        Row numbers as ranges, shortened to a few hundred characters.
    examples : list of dict
        The first ones, with ``row``, ``before`` and, for a repair, ``after``.
    hint : str
        What to do.
    """

    kind: str
    column: str
    count: int
    rows: str
    examples: list[dict[str, Any]]
    hint: str = ""


@dataclass(frozen=True, slots=True)
class ReadReport:
    """The rows that were read, used, repaired and set aside.

    Attributes
    ----------
    file : str
        Name of the file, without its folder.
    format, encoding, delimiter : str
    source, source_title : str
        Source as which the file was read.
    recognised_by : list of str
        The columns by which the source was recognised; empty if the caller named it, or none was.
    rows_read, rows_used, rows_repaired, rows_set_aside : int
        ``rows_used + rows_set_aside = rows_read``.
    repairs, set_aside, doubts : list of Remark
    warnings : list of str
        Warnings about the whole file.
    duplicates : list of dict
        Pairs that may be one event: ``rows``, ``ids``, ``score``, ``why``.
    duplicates_count : int
    place_precision, time_precision, event_types : dict of str to int
        Rows by class.
    first_day, last_day : str, optional
    bounds : list of float, optional
        west, south, east, north in degrees.
    columns : dict of str to str
        Our column → the file's.
    kept_columns : list of str
        Further columns of the file, kept unchanged.
    """

    file: str
    format: str
    encoding: str
    delimiter: str
    source: str
    source_title: str
    recognised_by: list[str]
    rows_read: int
    rows_used: int
    rows_repaired: int
    rows_set_aside: int
    repairs: list[Remark] = field(default_factory=list)
    set_aside: list[Remark] = field(default_factory=list)
    doubts: list[Remark] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    duplicates: list[dict[str, Any]] = field(default_factory=list)
    duplicates_count: int = 0
    place_precision: dict[str, int] = field(default_factory=dict)
    time_precision: dict[str, int] = field(default_factory=dict)
    event_types: dict[str, int] = field(default_factory=dict)
    first_day: str | None = None
    last_day: str | None = None
    bounds: list[float] | None = None
    columns: dict[str, str] = field(default_factory=dict)
    kept_columns: list[str] = field(default_factory=list)

    @property
    def clean(self) -> bool:
        """Whether every row was used unchanged and there are no remarks."""
        return not (self.repairs or self.set_aside or self.doubts or self.warnings or self.duplicates_count)

    @property
    def exit_status(self) -> int:
        """0 if clean, else 1. The command line returns 2 for a file that cannot be read."""
        return 0 if self.clean else 1

    def to_dict(self) -> dict[str, Any]:
        """Return plain values only, as ``table.attrs["report"]`` holds them."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> ReadReport:
        """Return the report of ``table.attrs["report"]``.

        Raises
        ------
        InputError
            If it is not such a report.
        """
        known = {f.name for f in fields(cls)}
        odd = sorted(set(values) - known)
        lacking = sorted({"file", "source", "rows_read"} - set(values))
        if odd or lacking:
            msg = f"this is not a report of a read: unknown {', '.join(odd) or 'none'}; missing {', '.join(lacking) or 'none'}"
            raise InputError(msg)
        given = dict(values)
        for name in ("repairs", "set_aside", "doubts"):
            given[name] = [Remark(**remark) for remark in given.get(name, [])]
        return cls(**given)

    def json(self) -> str:
        """Return the report as indented JSON; the same input gives the same bytes."""
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=2, allow_nan=False) + "\n"

    def text(self) -> str:
        """Return the report for a terminal."""
        lines = [f"{visible(self.file)}: {self.summary()}"]
        for title, remarks in self._sections():
            lines += ["", f"{title}:"]
            for remark in remarks:
                lines.append(f"  {_head(remark)}")
                lines += [f"    {_example(example)}" for example in remark.examples[:3]]
                if remark.hint:
                    lines.append(f"    → {visible(remark.hint)}")
        if self.warnings:
            lines += ["", "Warnings:", *(f"  {visible(warning)}" for warning in self.warnings)]
        if self.duplicates_count:
            lines += ["", f"Possible duplicates ({self.duplicates_count}):"]
            lines += [f"  {visible(_pair(pair))}" for pair in self.duplicates[:10]]
        lines += ["", *(f"{name:<18}{visible(value)}" for name, value in self._facts())]
        return "\n".join(lines) + "\n"

    def markdown(self) -> str:
        """Return the report as Markdown; all text from the file is escaped."""
        lines = [f"# {_md(self.file)}", "", _md(self.summary()) + "."]
        for title, remarks in self._sections():
            lines += [
                "",
                f"## {title}",
                "",
                "| what | column | rows | which | before → after |",
                "|---|---|---|---|---|",
            ]
            for remark in remarks:
                shown = "; ".join(_example(example) for example in remark.examples[:3])
                what = remark.kind + (f" ({remark.hint})" if remark.hint else "")
                cells = (what, remark.column, str(remark.count), remark.rows, shown)
                lines.append("| " + " | ".join(_md(cell) for cell in cells) + " |")
        if self.warnings:
            lines += ["", "## Warnings", "", *(f"- {_md(warning)}" for warning in self.warnings)]
        if self.duplicates_count:
            lines += ["", f"## Possible duplicates: {self.duplicates_count}", ""]
            lines += [f"- {_md(_pair(pair))}" for pair in self.duplicates[:20]]
        lines += ["", "## Figures", "", "| | |", "|---|---|"]
        lines += [f"| {name} | {_md(value)} |" for name, value in self._facts()]
        return "\n".join(lines) + "\n"

    def html(self) -> str:
        """Return the report as one HTML page without scripts; all text is escaped."""
        parts = [f"<h1>{_html(self.file)}</h1>", f"<p>{_html(self.summary())}.</p>"]
        for title, remarks in self._sections():
            rows = "".join(
                "<tr>"
                + "".join(
                    f"<td>{_html(cell)}</td>"
                    for cell in (
                        remark.kind + (f" ({remark.hint})" if remark.hint else ""),
                        remark.column,
                        str(remark.count),
                        remark.rows,
                        "; ".join(_example(example) for example in remark.examples[:3]),
                    )
                )
                + "</tr>"
                for remark in remarks
            )
            head = "<tr><th>What</th><th>Column</th><th>Rows</th><th>Which</th><th>Before → after</th></tr>"
            parts.append(f"<h2>{_html(title)}</h2><table>{head}{rows}</table>")
        if self.warnings:
            items = "".join(f"<li>{_html(warning)}</li>" for warning in self.warnings)
            parts.append(f"<h2>Warnings</h2><ul>{items}</ul>")
        if self.duplicates_count:
            items = "".join(f"<li>{_html(_pair(pair))}</li>" for pair in self.duplicates[:20])
            parts.append(f"<h2>Possible duplicates: {self.duplicates_count}</h2><ul>{items}</ul>")
        rows = "".join(f"<tr><th>{_html(name)}</th><td>{_html(value)}</td></tr>" for name, value in self._facts())
        parts.append(f"<h2>Figures</h2><table>{rows}</table>")
        return _PAGE_TITLE + _html(self.file) + _PAGE_BODY + "\n".join(parts) + _PAGE_END

    def summary(self) -> str:
        """Return a summary of one sentence, without the full stop."""
        by = f", recognised by {', '.join(self.recognised_by)}" if self.recognised_by else ""
        return (
            f"read as {self.source_title} ({self.format}{', ' + self.encoding if self.encoding else ''}{by}); "
            f"{_rows(self.rows_read)} read, {self.rows_used:,} used, {self.rows_repaired:,} repaired, {self.rows_set_aside:,} set aside"
        )

    def _sections(self) -> list[tuple[str, list[Remark]]]:
        named = (("Set aside", self.set_aside), ("Repaired", self.repairs), ("Warnings (row kept)", self.doubts))
        return [(title, remarks) for title, remarks in named if remarks]

    def _facts(self) -> list[tuple[str, str]]:
        facts = [("Dates", f"{self.first_day} to {self.last_day}" if self.first_day else "none")]
        if self.bounds:
            west, south, east, north = self.bounds
            facts.append(("Extent", f"{west:.4f} to {east:.4f} east, {south:.4f} to {north:.4f} north"))
        for name, counts in (
            ("Place precision", self.place_precision),
            ("Time precision", self.time_precision),
            ("Event types", self.event_types),
        ):
            facts.append(
                (
                    name,
                    ", ".join(f"{word.replace('_', ' ')} {_share(n, self.rows_used)}" for word, n in counts.items())
                    or "none",
                )
            )
        facts.append(("Columns used", ", ".join(f"{ours} ← {theirs}" for ours, theirs in self.columns.items())))
        facts.append(("Further columns", _listed(self.kept_columns)))
        return facts


def _listed(names: list[str]) -> str:
    shown = ", ".join(names[:40])
    return (shown + (f" and {len(names) - 40} more" if len(names) > 40 else "")) or "none"


def _share(count: int, total: int) -> str:
    return f"{count:,} ({count / total:.1%})" if total else f"{count:,}"


def _rows(count: int) -> str:
    return f"{count:,} row{'' if count == 1 else 's'}"


def _head(remark: Remark) -> str:
    where = f" in {visible(remark.column)}" if remark.column else ""
    return f"{visible(remark.kind)}{where}: {_rows(remark.count)} ({remark.rows})"


def _example(example: Mapping[str, Any]) -> str:
    before, after = example.get("before", ""), example.get("after")
    text = f"row {example['row']}" + (f": {before}" if before else "")
    return visible(text if after is None else f"{text} → {after}")


def _pair(pair: Mapping[str, Any]) -> str:
    ids, rows = pair["ids"], pair["rows"]
    return f"{ids[0]} and {ids[1]} (rows {rows[0]} and {rows[1]}), score {pair['score']}: {pair['why']}"


def ranges(rows: list[int], most: int = 300) -> str:
    """Return row numbers as ranges, shortened to a number of characters.

    Examples
    --------
    >>> ranges([3, 4, 5, 9, 12, 11])
    '3–5, 9, 11–12'
    """
    ordered = sorted(set(rows))
    parts: list[str] = []
    length, at = 0, 0
    while at < len(ordered):
        end = at
        while end + 1 < len(ordered) and ordered[end + 1] == ordered[end] + 1:
            end += 1
        part = str(ordered[at]) if at == end else f"{ordered[at]}–{ordered[end]}"
        length += len(part) + 2
        if length > most:
            parts.append(f"and {len(ordered) - at:,} more")
            break
        parts.append(part)
        at = end + 1
    return ", ".join(parts)


def visible(text: str) -> str:
    r"""Return a text with control and direction characters escaped.

    Examples
    --------
    >>> visible("red\x1b[31m alert")
    'red\\x1b[31m alert'
    """
    return _HIDDEN.sub(lambda hit: f"\\x{ord(hit[0]):02x}" if ord(hit[0]) < 256 else f"\\u{ord(hit[0]):04x}", text)


def _md(text: str) -> str:
    return _MARKDOWN.sub(r"\\\1", visible(text))


def _html(text: str) -> str:
    return html.escape(visible(text), quote=True)


_PAGE_TITLE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>"""
_PAGE_BODY = """</title>
<style>
body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1b1b1b;background:#fff}
table{border-collapse:collapse;width:100%}
td,th{border-bottom:1px solid #ccc;padding:.3rem .5rem;text-align:left;vertical-align:top;overflow-wrap:anywhere}
</style></head><body>
"""
_PAGE_END = "\n</body></html>\n"


_SHOWN = 160


@dataclass(frozen=True, slots=True)
class Entry:
    """One kind of repair, rejection or doubt, with the rows concerned.

    Attributes
    ----------
    kind : str
        Such as ``decimal comma``.
    column : str
        Column of the file; empty if it concerns the row.
    positions : ndarray of int
        Positions of the rows, from 0.
    before, after : list of str
        The values, one per row; ``after`` is empty if nothing was changed.
    hint : str
        What to do.
    """

    kind: str
    column: str
    positions: np.ndarray[Any, np.dtype[np.int64]]
    before: list[str]
    after: list[str]
    hint: str = ""


@dataclass(slots=True)
class Ledger:
    """The entries of one piece of a file, in the order of the checks.

    Attributes
    ----------
    rows : ndarray of int
        Row number in the file of each row; the first data row is 1.
    repairs, rejected, doubts : list of Entry
        Rows changed and used; not used; used unchanged with a warning.
    warnings : list of str
        Warnings about the whole file.
    """

    rows: np.ndarray[Any, np.dtype[np.int64]]
    repairs: list[Entry] = field(default_factory=list)
    rejected: list[Entry] = field(default_factory=list)
    doubts: list[Entry] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def repair(
        self,
        kind: str,
        column: str,
        at: Sequence[int] | np.ndarray[Any, Any],
        before: Sequence[object],
        after: Sequence[object],
    ) -> None:
        """Add rows that were repaired."""
        if len(at):
            where = np.asarray(at, dtype="int64")
            self.repairs.append(Entry(kind, column, where, _texts(before), _texts(after)))

    def reject(
        self, kind: str, column: str, at: Sequence[int] | np.ndarray[Any, Any], values: Sequence[object], hint: str = ""
    ) -> None:
        """Add rows that cannot be used."""
        if len(at):
            self.rejected.append(Entry(kind, column, np.asarray(at, dtype="int64"), _texts(values), [], hint))

    def doubt(
        self, kind: str, column: str, at: Sequence[int] | np.ndarray[Any, Any], values: Sequence[object], hint: str = ""
    ) -> None:
        """Add rows that are used unchanged although something may be wrong."""
        if len(at):
            self.doubts.append(Entry(kind, column, np.asarray(at, dtype="int64"), _texts(values), [], hint))

    def warn(self, message: str) -> None:
        """Add a warning about the whole file."""
        if message not in self.warnings:
            self.warnings.append(message)

    def kept(self) -> np.ndarray[Any, np.dtype[np.bool_]]:
        """Return a mask of the rows that are not rejected."""
        mask = np.ones(len(self.rows), dtype=bool)
        for entry in self.rejected:
            mask[entry.positions] = False
        return mask

    def faults(self, *, wanted: Callable[[Entry], bool] = lambda _: True) -> list[Fault]:
        """Return the rejected rows as faults, in the order of the rows."""
        found = [
            (
                int(self.rows[at]),
                order,
                Fault(_said(entry, value), int(self.rows[at]), entry.column or None, hint=entry.hint or None),
            )
            for order, entry in enumerate(self.rejected)
            if wanted(entry)
            for at, value in zip(entry.positions.tolist(), entry.before, strict=True)
        ]
        return [fault for _, _, fault in sorted(found, key=lambda item: item[:2])]


def _said(entry: Entry, value: str) -> str:
    return f"{entry.kind}: {value!r}" if value else entry.kind


def shorten(text: str) -> str:
    """Return a text shortened for a report.

    Examples
    --------
    >>> len(shorten("x" * 1_000_000))
    160
    """
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


def _texts(values: Sequence[object]) -> list[str]:
    return [shorten("" if v is None or v != v else str(v)) for v in values]  # noqa: PLR0124 - NaN
