"""Write files atomically: to a temporary file in the same folder, which is then renamed."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from geoconflict.errors import OutputError


@contextmanager
def whole_file(path: str | Path) -> Iterator[Path]:
    """Yield a temporary path, and move it to the target when the block succeeds.

    Parameters
    ----------
    path : str or Path
        The target. Its folder must exist.

    Yields
    ------
    Path
        The file to write; it has the name of the target and does not exist yet.

    Raises
    ------
    OutputError
        If the folder does not exist or cannot be written to. No temporary file is left.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     target = pathlib.Path(folder) / "a.txt"
    ...     with whole_file(target) as temporary:
    ...         _ = temporary.write_text("whole")
    ...     target.read_text()
    'whole'
    """
    target = Path(path)
    if target.is_dir():
        msg = f"{target} is a folder; give the name of a file"
        raise OutputError(msg)
    if not target.parent.is_dir():
        there = target.parent.exists()
        why = f"{target.parent} is not a folder" if there else f"the folder {target.parent} does not exist; create it"
        msg = f"{target} cannot be written: {why}"
        raise OutputError(msg)
    try:
        folder = Path(tempfile.mkdtemp(prefix=f".{target.stem[:40]}-", dir=target.parent))
    except OSError as error:
        msg = f"{target} cannot be written: {error.strerror or error}"
        raise OutputError(msg) from error
    temporary = folder / target.name
    try:
        yield temporary
        if not temporary.exists():
            msg = f"nothing was written for {target}"
            raise OutputError(msg)
        with temporary.open("rb") as handle:
            os.fsync(handle.fileno())
        temporary.replace(target)
    except OSError as error:
        if isinstance(error, OutputError):
            raise
        msg = f"{target} cannot be written: {error.strerror or error}"
        raise OutputError(msg) from error
    finally:
        for leftover in folder.iterdir():
            leftover.unlink()
        folder.rmdir()


def write_text(text: str, path: str | Path) -> Path:
    """Write text as UTF-8 with line feeds, atomically.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_text("a", pathlib.Path(folder) / "a.txt").name
    'a.txt'
    """
    return write_bytes(text.encode("utf-8"), path)


def write_bytes(content: bytes, path: str | Path) -> Path:
    """Write bytes atomically and return the path."""
    with whole_file(path) as temporary:
        temporary.write_bytes(content)
    return Path(path)
