"""Run a checked project: make its tables, then write all outputs or none."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import platform
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

import geopandas as gpd

from geoconflict._version import __version__
from geoconflict.errors import InputError, MissingExtraError, OutputError
from geoconflict.export.vector import write, write_rows
from geoconflict.io.atomic import write_text
from geoconflict.project import steps, summary
from geoconflict.project.load import Project, layer_name, read_project
from geoconflict.project.picture import draw_figure, make_map

_PACKAGES = ("geopandas", "shapely", "pyproj", "folium", "numpy", "pandas", "matplotlib", "numba")


@dataclass(frozen=True)
class Built:
    """The result of a run.

    Attributes
    ----------
    folder : Path
    files : tuple of Path
        The files that were written, in order.
    tables : mapping of str to GeoDataFrame
    headlines : tuple of str
        A few numbers, one per line.
    notes : tuple of str
        What was left out, and other notes for the reader.
    """

    folder: Path
    files: tuple[Path, ...]
    tables: Mapping[str, gpd.GeoDataFrame]
    headlines: tuple[str, ...]
    notes: tuple[str, ...]


def build(
    project: str | Path | Project,
    output: str | Path,
    *,
    built_on: dt.date | None = None,
    progress: Callable[[str], None] | None = None,
) -> Built:
    """Build a project into a folder: map, layers, figure, summary and manifest.

    Everything is written to a temporary folder first; an error leaves the output folder unchanged.

    Parameters
    ----------
    project : str, Path or Project
        A YAML project file, or a project returned by ``read_project``.
    output : str or Path
        The folder to write to; it is created if it does not exist. Files of the same names are
        replaced, others are kept.
    built_on : date, optional
        The build date in the manifest; by default the day of ``SOURCE_DATE_EPOCH`` if that is
        set (reproducible-builds.org), else today in UTC. Nothing else depends on it.
    progress : callable, optional
        Called with one line of text as each step starts.

    Returns
    -------
    Built

    Raises
    ------
    DescriptionError, ReadError
        If the project or an input is wrong.
    OutputError
        If the folder cannot be written to.
    """
    checked = project if isinstance(project, Project) else read_project(project)
    folder = Path(output)
    if folder.exists() and not folder.is_dir():
        msg = f"{folder} is a file; give a folder to write to"
        raise OutputError(msg)
    report = progress or (lambda _line: None)
    context = steps.Context(checked.folder, str(checked.model.worldview), checked.model.as_of)
    context.inputs.append(checked.path)
    for name, step in checked.steps.items():
        report(f"table {name}")
        try:
            steps.run(step, name, context)
        except InputError as error:
            error.add_note(f"in the step {name!r} of {checked.path.name}")
            raise
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".geoconflict-", dir=folder.parent) as temporary:
            made = _write_all(checked, context, Path(temporary), report)
            manifest = _manifest(checked, context, made, Path(temporary), built_on)
            write_text(
                json.dumps(manifest, indent=2, ensure_ascii=False, sort_keys=True) + "\n",
                Path(temporary) / "manifest.json",
            )
            made.append("manifest.json")
            folder.mkdir(exist_ok=True)
            for file in made:
                (folder / file).parent.mkdir(exist_ok=True)
                (Path(temporary) / file).replace(folder / file)
    except OSError as error:
        if isinstance(error, OutputError):
            raise
        msg = f"{folder} cannot be written: {error.strerror or error}"
        raise OutputError(msg) from error
    return Built(
        folder,
        tuple(folder / file for file in made),
        context.tables,
        tuple(summary.headlines(context.tables, context.verdicts)),
        tuple(dict.fromkeys(context.notes)),
    )


def _write_all(project: Project, context: steps.Context, folder: Path, report: Callable[[str], None]) -> list[str]:
    made = []
    report("map")
    drawn = make_map(project, context.tables, context.file)
    drawn.save(folder / "map.html")
    made.append("map.html")
    (folder / "layers").mkdir()
    for name, table in context.tables.items():
        for suffix in project.model.files:
            file = f"layers/{layer_name(name)}.{suffix}"
            report(f"layer {file}")
            write(table, folder / file)
            made.append(file)
    for name, rows in context.set_aside.items():
        file = f"layers/{name}_set_aside.csv"
        write_rows(rows, folder / file)
        made.append(file)
    report("figure")
    try:
        made += draw_figure(project, drawn, folder)
    except MissingExtraError as error:
        context.notes.append(f"no figure was drawn: {error}")
    write_text(
        summary.markdown(
            project,
            context.tables,
            context.notes,
            computed=context.computed,
            verdicts=context.verdicts,
            reports=context.reports,
        ),
        folder / "summary.md",
    )
    made.append("summary.md")
    return made


def _manifest(
    project: Project, context: steps.Context, made: list[str], folder: Path, built_on: dt.date | None
) -> dict[str, object]:
    return {
        "as_of": project.model.as_of.isoformat(),
        "built_on": (built_on or _today()).isoformat(),
        "environment": {"python": platform.python_version(), **_versions()},
        "geoconflict": __version__,
        "inputs": [{"file": _relative(path, project.folder), **_digest(path)} for path in context.inputs],
        "outputs": [{"file": file, **_digest(folder / file)} for file in made],
        "title": project.model.title,
        "worldview": str(project.model.worldview),
    }


def _versions() -> dict[str, str]:
    out = {}
    for package in _PACKAGES:
        try:
            out[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            continue
    return out


def _digest(path: Path) -> dict[str, object]:
    with path.open("rb") as handle:
        return {"sha256": hashlib.file_digest(handle, "sha256").hexdigest(), "bytes": path.stat().st_size}


def _relative(path: Path, folder: Path) -> str:
    resolved = path.resolve()
    # Of a file outside the project's folder, only the name: its path would describe the machine.
    return resolved.relative_to(folder).as_posix() if resolved.is_relative_to(folder) else resolved.name


def _today() -> dt.date:
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    if epoch is not None and epoch.isdigit():
        return dt.datetime.fromtimestamp(int(epoch), tz=dt.UTC).date()
    return dt.datetime.now(tz=dt.UTC).date()
