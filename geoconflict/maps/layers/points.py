"""What the layers of points share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd


def uncertainty(rows: pd.DataFrame) -> np.ndarray | None:
    """Return the radii of uncertainty in metres, NaN where unknown; None if the column is absent."""
    import pandas as pd

    if "location_uncertainty_m" not in rows.columns:
        return None
    radii = pd.to_numeric(rows["location_uncertainty_m"], errors="coerce").to_numpy(dtype="float64", na_value=np.nan)
    return np.where(radii > 0, radii, np.nan)


def label_texts(rows: pd.DataFrame, column: str = "name") -> tuple[str | None, ...]:
    """Return the texts of a column, None where there is none."""
    return tuple(None if missing else str(v) for v, missing in zip(rows[column], rows[column].isna(), strict=True))
