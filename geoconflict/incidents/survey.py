"""Find out what only a whole file shows, from all of it at once or piece by piece."""

from __future__ import annotations

import numpy as np
import pandas as pd

from geoconflict.errors import CRSError, Fault, ReadError
from geoconflict.incidents.columns import FileFacts, Piece
from geoconflict.incidents.dates import Order, as_text, proven_orders
from geoconflict.incidents.options import ReadRequest
from geoconflict.incidents.places import best_text_column, read_system, text_columns, to_wgs84
from geoconflict.incidents.table import hash_ids
from geoconflict.io.table import Floats

_TRIED = 50
_FLOAT_ID = r"\d+\.0"


class Survey:
    """Collects facts about a file from its pieces.

    Parameters
    ----------
    request : ReadRequest
    in_pieces : bool
        Whether there may be more than one piece, so that identifiers must be remembered.
    """

    def __init__(self, request: ReadRequest, *, in_pieces: bool = False) -> None:
        self._request = request
        self._in_pieces = in_pieces
        self._countries: set[str] = set()
        self._orders: dict[str, frozenset[Order]] = {}
        self._without_point = False
        self._samples: dict[str, list[str]] = {}
        self._points = self._valid = self._metres = 0
        self._metre: tuple[float, float, int] = (0.0, 0.0, 0)
        self._different: dict[str, None] = {}
        self._ids = self._float_ids = 0
        self._hashes: list[np.ndarray[tuple[int], np.dtype[np.uint64]]] = []

    def add(self, piece: Piece) -> None:
        """Take in the next piece."""
        for column in ("event_date", "event_date_end"):
            self._add_dates(piece, piece.find(column))
        country = piece.source.find("country", piece.names)
        if country is not None and len(self._countries) < 2:
            named = pd.unique(piece.raw.frame[country]).tolist()
            self._countries.update(name for name in named if isinstance(name, str) and name.strip())
        self._add_points(piece)
        self._add_ids(piece)

    def _add_dates(self, piece: Piece, column: str | None) -> None:
        if column is not None:
            texts = [as_text(value) for value in pd.unique(piece.raw.frame[column].dropna()).tolist()]
            self._orders[column] = self._orders.get(column, frozenset()) | proven_orders(texts)

    def _add_points(self, piece: Piece) -> None:
        raw, count = piece.raw, len(piece)
        without = np.ones(count, dtype=bool)
        if raw.lon is not None and raw.lat is not None:
            without = np.isnan(raw.lon) | np.isnan(raw.lat)
            self._add_numbers(piece, raw.lon, raw.lat)
        lat, lon = piece.source.find("latitude", piece.names), piece.source.find("longitude", piece.names)
        if lat is not None and lon is not None:
            for column in (lat, lon):
                other = f"{column}.2"
                if other in raw.frame and piece.texts(column).tolist() != piece.texts(other).tolist():
                    self._different[column] = None
            if without.any():
                x, y = piece.degrees(lon), piece.degrees(lat)
                self._add_numbers(piece, np.where(without, x.found, np.nan), np.where(without, y.found, np.nan))
                without &= x.missing | y.missing
        self._without_point = self._without_point or bool(without.any())
        for column in text_columns(piece):
            cells = self._samples.setdefault(column, [])
            if len(cells) < _TRIED:
                cells += [str(cell) for cell in piece.texts(column) if cell is not None][: _TRIED - len(cells)]

    def _add_numbers(self, piece: Piece, x: Floats, y: Floats) -> None:
        there = ~(np.isnan(x) | np.isnan(y))
        self._points += int(there.sum())
        system = read_system(piece.raw.crs, self._request.crs, self._request.name)
        if system is not None:
            lon, _ = to_wgs84(system, x[there], y[there])
            self._valid += int((~np.isnan(lon)).sum())
            return
        with np.errstate(invalid="ignore"):
            metres = np.flatnonzero((np.abs(x) > 360) & (np.abs(y) > 360))
        if len(metres) and not self._metres:
            first = int(metres[0])
            self._metre = (float(x[first]), float(y[first]), int(piece.raw.rows[first]))
        self._metres += len(metres)

    def _add_ids(self, piece: Piece) -> None:
        column = piece.find("event_id")
        if column is None:
            return
        if self._ids == self._float_ids:
            texts = pd.Series(piece.texts(column), dtype=object).dropna().astype("str")
            self._ids += len(texts)
            if len(texts) and texts.iloc[0].endswith(".0"):
                self._float_ids += int(texts.str.fullmatch(_FLOAT_ID).sum())
        if self._in_pieces:
            ids = piece.texts(column)
            self._hashes.append(hash_ids(ids[ids != None]))  # noqa: E711 - elementwise

    def facts(self) -> FileFacts:
        """Return the facts about all pieces together.

        Raises
        ------
        ReadError
            If two columns of one name for latitude or longitude differ.
        CRSError
            If the coordinates cannot be degrees, or lie outside their coordinate reference system.
        """
        name = self._request.name
        if self._different:
            hint = "rename or delete one of them"
            faults = [Fault(f"two columns are called {c!r} and differ", field=c, hint=hint) for c in self._different]
            msg = f"{name}: its coordinates are in two columns that differ"
            raise ReadError(msg, faults)
        self._check_numbers()
        country = self._request.country or (next(iter(self._countries)) if len(self._countries) == 1 else None)
        given = repeated = None
        if self._in_pieces:
            hashes = np.concatenate(self._hashes) if self._hashes else np.array([], dtype="uint64")
            given, counts = np.unique(hashes, return_counts=True)
            repeated = given[counts > 1]
        return FileFacts(
            country=country,
            text_column=best_text_column(self._samples, country) if self._without_point else None,
            date_orders=self._orders,
            float_ids=0 < self._ids == self._float_ids,
            given_ids=given,
            repeated_ids=repeated,
        )

    def _check_numbers(self) -> None:
        name, system = self._request.name, self._request.crs
        if self._metres > self._points / 2:
            x, y, row = self._metre
            msg = (
                f"{name}: its coordinates, such as {x:.10g}, {y:.10g} in row {row}, are not degrees; "
                'if they are metres of a projection, name it with crs="EPSG:…"; if a spreadsheet lost their '
                "decimal points, restore them there"
            )
            raise CRSError(msg)
        if system is not None and self._points and not self._valid and read_system(None, system, name) is not None:
            msg = f"{name}: none of its coordinates is inside the area of {system}; they are in another system"
            raise CRSError(msg)
