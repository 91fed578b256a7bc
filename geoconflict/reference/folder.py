"""Where the embedded boundary data lie."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from geoconflict.errors import ReadError
from geoconflict.reference.container import FILE_NAME

if TYPE_CHECKING:
    from os import PathLike

_PACKAGE = Path(__file__).resolve().parents[1]


def boundaries_folder(path: str | PathLike[str] | None = None) -> Path:
    """Return the folder of the boundary data.

    Looked for in this order: the path given; ``_boundaries`` inside the installed package;
    ``data/boundaries`` of the checkout that the package lies in.

    Parameters
    ----------
    path : path, optional
        A folder of one's own that holds files of the same names.

    Returns
    -------
    Path

    Raises
    ------
    ReadError
        If no such folder holds the data; the message lists where it was looked for.

    Examples
    --------
    >>> (boundaries_folder() / "README.md").is_file()
    True
    """
    places = [Path(path)] if path is not None else [_PACKAGE / "_boundaries", _PACKAGE.parent / "data" / "boundaries"]
    for place in places:
        if (place / FILE_NAME).is_file():
            return place
    looked = " nor in ".join(str(place) for place in places)
    msg = f"{FILE_NAME} is not in {looked}; install geoconflict again, or give the folder that holds it"
    raise ReadError(msg)
