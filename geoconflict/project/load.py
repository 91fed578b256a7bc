"""Read a project file and check it: keys, values, names of countries and tables, files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pydantic

from geoconflict import names
from geoconflict.errors import DescriptionError, Fault, InputError, ReadError, did_you_mean
from geoconflict.io.text import read_text
from geoconflict.io.yaml import Positions, load, path_text
from geoconflict.project.model import STEPS, ProjectModel, Step

MAX_BYTES = 1_000_000
# The three tables that a step of fortifications makes.
_PARTS = ("echelons", "strips", "sites")


@dataclass(frozen=True)
class Project:
    """A checked project.

    Attributes
    ----------
    path : Path
        The file.
    text : str
        Its text, for the manifest.
    model : ProjectModel
        Its content.
    steps : mapping of str to Step
        The step that makes each table, in order.
    """

    path: Path
    text: str
    model: ProjectModel
    steps: Mapping[str, Step]

    @property
    def folder(self) -> Path:
        """The folder that file names in the project start from."""
        return self.path.resolve().parent


def read_project(path: str | Path) -> Project:
    """Read and check a project file.

    Parameters
    ----------
    path : str or Path
        A YAML file; ``docs/projects.md`` describes it.

    Returns
    -------
    Project

    Raises
    ------
    ReadError
        If the file is missing, empty, too large or no text.
    DescriptionError
        With every fault and its line and column: unknown keys, wrong values, tables that no
        step above makes, files that do not exist.
    """
    source = Path(path)
    if source.is_dir() and (source / "project.yaml").exists():
        msg = f"{source} is a folder; did you mean {source / 'project.yaml'}?"
        raise ReadError(msg)
    text = read_text(source, max_bytes=MAX_BYTES)
    data, positions = load(text, what=source.name)
    if not isinstance(data, dict):
        msg = f"{source.name} is not a project: it is not a mapping of keys to values"
        raise DescriptionError(msg, [Fault("start with 'geoconflict: 1', then title, as_of, tables and map", line=1)])
    faults: list[Fault] = []
    model = _validate(ProjectModel, data, (), positions, faults)
    steps = _steps(data.get("tables"), positions, faults)
    _check_layers(data, positions, faults)
    _check_names(steps, positions, faults)
    _check_files(steps, source.resolve().parent, positions, faults)
    _check_grids(model, source.resolve().parent, positions, faults)
    if faults or model is None:
        msg = f"{source.name} cannot be built"
        raise DescriptionError(msg, sorted(faults, key=lambda fault: (fault.line or 0, fault.column or 0)))
    return Project(source, text, model, steps)


def _validate(
    model: type[Any], data: object, at: tuple[str | int, ...], positions: Positions, faults: list[Fault]
) -> Any:  # noqa: ANN401 - the model that was asked for
    try:
        return model.model_validate(data)
    except pydantic.ValidationError as error:
        faults.extend(_fault(item, at, model, positions) for item in error.errors())
    return None


def _fault(item: Any, at: tuple[str | int, ...], model: type[Any], positions: Positions) -> Fault:  # noqa: ANN401 - pydantic's own mapping
    loc = (*at, *(part for part in item["loc"] if _is_path(part)))
    extra = item["type"] == "extra_forbidden"
    place = positions.of(loc, key=extra or item["type"] == "missing")
    hint = None
    if extra:
        known = [field.alias or name for name, field in model.model_fields.items()] if len(item["loc"]) == 1 else []
        message = f"the key {loc[-1]!r} is not known here"
        hint = did_you_mean(str(loc[-1]), known) or (f"known: {', '.join(known)}" if known else None)
    elif item["type"] == "missing":
        message = f"the key {loc[-1]!r} is missing"
    else:
        message = str(item["msg"]).removeprefix("Value error, ")
        if not isinstance(item["input"], dict | list) and repr(item["input"]) not in message:
            message += f", found {item['input']!r}"
    return Fault(message, field=path_text(loc) or None, line=_line(place), column=_column(place), hint=hint)


def _is_path(part: object) -> bool:
    # pydantic puts the names of the branches of a union into its paths.
    return isinstance(part, int) or (isinstance(part, str) and "[" not in part and part not in {"str", "list"})


def _line(place: Any) -> int | None:  # noqa: ANN401 - a place or None
    return None if place is None else place.line


def _column(place: Any) -> int | None:  # noqa: ANN401 - a place or None
    return None if place is None else place.column


def _steps(tables: object, positions: Positions, faults: list[Fault]) -> dict[str, Step]:
    steps: dict[str, Step] = {}
    made: list[str] = []
    if not isinstance(tables, dict):
        return steps
    for name, data in tables.items():
        at = ("tables", name)
        place = positions.of(at, key=True)
        if not (name.isidentifier() and name == name.lower()):
            message = f"the name {name!r} is not a table name; use lower case letters, digits and _"
            faults.append(Fault(message, line=_line(place), column=_column(place)))
        if not isinstance(data, dict):
            continue
        verbs = [verb for verb in STEPS if verb in data]
        if not verbs:
            found = next(iter(data), "nothing")
            hint = did_you_mean(str(found), STEPS) or "one of " + ", ".join(STEPS)
            message = f"no step makes this table, found {found!r}"
            faults.append(Fault(message, field=path_text(at), line=_line(place), column=_column(place), hint=hint))
            continue
        step = _validate(STEPS[verbs[0]], data, at, positions, faults)
        if step is not None:
            _check_references(step, name, made, positions, faults)
            steps[name] = step
        made.extend(_makes(name, data))
    return steps


def _check_references(step: Step, name: str, made: Sequence[str], positions: Positions, faults: list[Fault]) -> None:
    for field in step.table_fields:
        wanted = getattr(step, field)
        if wanted in made:
            continue
        place = positions.of(("tables", name, field))
        hint = did_you_mean(wanted, made) or f"made above: {', '.join(made) or 'none'}"
        message = f"no step above makes the table {wanted!r}"
        faults.append(Fault(message, field=f"tables.{name}", line=_line(place), column=_column(place), hint=hint))


def _check_layers(data: Mapping[str, Any], positions: Positions, faults: list[Fault]) -> None:
    """Check on the data as written, so that other faults do not hide these."""
    tables, drawn = data.get("tables"), data.get("map")
    layers = drawn.get("layers") if isinstance(drawn, dict) else None
    if not (isinstance(tables, dict) and isinstance(layers, list)):
        return
    made = [part for name, step in tables.items() for part in _makes(name, step)]
    for index, layer in enumerate(layers):
        wanted = layer.get("table") if isinstance(layer, dict) else None
        if isinstance(wanted, str) and wanted not in made:
            place = positions.of(("map", "layers", index, "table"))
            hint = did_you_mean(wanted, made) or f"made: {', '.join(made)}"
            message = f"no step makes the table {wanted!r}"
            faults.append(Fault(message, field="map.layers", line=_line(place), column=_column(place), hint=hint))


def _makes(name: str, step: object) -> list[str]:
    if isinstance(step, dict) and "fortifications" in step:
        return [f"{name}.{part}" for part in _PARTS]
    return [name]


def _check_names(steps: Mapping[str, Step], positions: Positions, faults: list[Fault]) -> None:
    """Resolve the names of countries, so that a misspelt one is reported before anything runs."""
    for name, step in steps.items():
        for key, countries in step.countries().items():
            for country in countries:
                try:
                    names.resolve(country)
                except InputError as error:
                    place = positions.of(("tables", name, key))
                    faults.append(
                        Fault(error.message, field=f"tables.{name}", line=_line(place), column=_column(place))
                    )


def _check_files(steps: Mapping[str, Step], folder: Path, positions: Positions, faults: list[Fault]) -> None:
    for name, step in steps.items():
        for keys, file in step.files().items():
            try:
                resolve_input(file, folder)
            except InputError as error:
                place = positions.of(("tables", name, *keys))
                faults.append(Fault(error.message, field=f"tables.{name}", line=_line(place), column=_column(place)))


def _check_grids(model: ProjectModel | None, folder: Path, positions: Positions, faults: list[Fault]) -> None:
    for i, layer in enumerate(model.map.layers if model else []):
        for k, grid in enumerate(layer.grids or []):
            try:
                resolve_input(grid.file, folder)
            except InputError as error:
                place = positions.of(("map", "layers", i, "grids", k, "file"))
                faults.append(Fault(error.message, field="map.layers", line=_line(place), column=_column(place)))


def resolve_input(written: str, folder: Path) -> Path:
    """Return the path of an input file named in a project, which lies in or beside its folder.

    Raises
    ------
    ReadError
        If it does not exist; the message offers the nearest names.
    """
    path = Path(written)
    path = path if path.is_absolute() else folder / path
    if not path.exists():
        beside = [p.name for p in path.parent.iterdir()] if path.parent.is_dir() else []
        hint = did_you_mean(path.name, beside)
        msg = f"the file {written!r} does not exist" + (f"; {hint}" if hint else "")
        raise ReadError(msg)
    return path
