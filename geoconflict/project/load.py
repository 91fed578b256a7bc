"""Read a project file and check it: keys, values, names of countries and tables, files."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

import pydantic

from geoconflict import names, reference
from geoconflict.errors import DescriptionError, Fault, InputError, ReadError, did_you_mean
from geoconflict.io.text import read_text
from geoconflict.io.yaml import Positions, load
from geoconflict.project.model import STEPS, BandsStep, BorderStep, ProjectModel, Step, find_verb
from geoconflict.vocabulary import Worldview

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
        If the file is missing, empty, too large or not text.
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
    if "segments" in data and "geoconflict" not in data and "tables" not in data:
        msg = (
            f"{source.name} is a description of a defence line, not a project; 'geoconflict check' takes it, "
            f"and a project reads it with the step 'fortifications: {source.name}'"
        )
        raise DescriptionError(msg)
    faults: list[Fault] = []
    model = _validate(ProjectModel, data, (), positions, faults)
    steps = _read_steps(data.get("tables"), positions, faults)
    _check_layers(data, positions, faults)
    worldview = str(data.get("worldview", Worldview.DE_FACTO))
    if _check_names(steps, positions, faults) and worldview in list(Worldview):
        _check_borders(steps, Worldview.read(worldview), positions, faults)
    _check_files(steps, model, source.resolve().parent, positions, faults)
    if faults or model is None:
        msg = f"{source.name} cannot be built"
        raise DescriptionError(msg, sorted(faults, key=lambda fault: (fault.line or 0, fault.column or 0)))
    return Project(source, text, model, steps)


def _names_in(folder: Path, pattern: str = "*") -> list[str]:
    return sorted(path.name for path in folder.glob(pattern)) if folder.is_dir() else []


def _validate(
    model: type[Any], data: object, at: tuple[str | int, ...], positions: Positions, faults: list[Fault]
) -> Any:  # noqa: ANN401 - an instance of the model
    try:
        return model.model_validate(data)
    except pydantic.ValidationError as error:
        items = error.errors()
        faults.extend(_fault(item, at, model, positions) for item in items if not _is_other_branch(item, items))
    return None


def _fault(item: Any, at: tuple[str | int, ...], model: type[Any], positions: Positions) -> Fault:  # noqa: ANN401 - pydantic's own mapping
    inner = [part for part in item["loc"] if _is_path(part)]
    loc = (*at, *inner)
    if item["type"] == "extra_forbidden":
        known = _keys_of(model, inner[:-1])
        hint = did_you_mean(str(loc[-1]), known) or (f"known: {', '.join(known)}" if known else None)
        return positions.fault(f"the key {loc[-1]!r} is not known here", loc, key=True, hint=hint)
    if item["type"] == "missing":
        return positions.fault(f"the key {loc[-1]!r} is missing", loc, key=True)
    message, found = str(item["msg"]).removeprefix("Value error, "), item["input"]
    if not isinstance(found, dict | list) and repr(found) not in message:
        message += f", found {found!r}"
    allowed = re.findall(r"'([^']+)'", str(item.get("ctx", {}).get("expected", "")))
    return positions.fault(message, loc, hint=did_you_mean(str(found), allowed))


def _keys_of(model: type[pydantic.BaseModel], path: Sequence[str | int]) -> list[str]:
    """Return the keys that a model allows at a path inside it."""
    for part in (part for part in path if isinstance(part, str)):
        field = next((f for name, f in model.model_fields.items() if part in {name, f.alias}), None)
        inner = [] if field is None else _models_in(field.annotation)
        if not inner:
            return []
        model = inner[0]
    return [field.alias or name for name, field in model.model_fields.items()]


def _models_in(annotation: Any) -> list[type[pydantic.BaseModel]]:  # noqa: ANN401 - any type
    if isinstance(annotation, type) and issubclass(annotation, pydantic.BaseModel):
        return [annotation]
    return [model for argument in get_args(annotation) for model in _models_in(argument)]


def _is_path(part: object) -> bool:
    # pydantic puts the names of the branches of a union into its paths.
    branches = {"str", "constrained-str", "list"}
    return isinstance(part, int) or (isinstance(part, str) and "[" not in part and part not in branches)


def _is_other_branch(item: Any, items: Sequence[Any]) -> bool:  # noqa: ANN401 - pydantic's own mapping
    """Return whether an error is only that a value is not of one type of a union, and another type says more."""
    types = {"list_type", "string_type"}
    loc = item["loc"]
    if item["type"] not in types or not loc or _is_path(loc[-1]):
        return False
    return any(other["type"] not in types and other["loc"][: len(loc) - 1] == loc[:-1] for other in items)


def _read_steps(tables: object, positions: Positions, faults: list[Fault]) -> dict[str, Step]:
    steps: dict[str, Step] = {}
    made: list[str] = []
    if not isinstance(tables, dict):
        return steps
    for name, data in tables.items():
        at = ("tables", name)
        if not (name.isidentifier() and name == name.lower()):
            message = f"the name {name!r} is not a table name; use lower case letters, digits and _"
            faults.append(positions.fault(message, at, key=True))
        if not isinstance(data, dict):
            continue
        verb = find_verb(data)
        if verb is None:
            found = next(iter(data), "nothing")
            hint = did_you_mean(str(found), STEPS) or "one of " + ", ".join(STEPS)
            faults.append(positions.fault(f"no step makes this table, found {found!r}", at, key=True, hint=hint))
            continue
        step = _validate(STEPS[verb], data, at, positions, faults)
        if step is not None:
            for field in step.table_fields:
                _check_table(getattr(step, field), made, (*at, field), positions, faults)
            steps[name] = step
        new = _tables_made(name, data)
        clash = {layer_name(one) for one in new} & {layer_name(one) for one in made}
        if clash:
            message = f"two tables would be written to layers/{min(clash)}; rename one of them"
            faults.append(positions.fault(message, at, key=True))
        made.extend(new)
    return steps


def _check_table(
    name: str, made: Sequence[str], at: tuple[str | int, ...], positions: Positions, faults: list[Fault]
) -> None:
    if name not in made:
        above = " above" if at[0] == "tables" else ""
        hint = did_you_mean(name, made) or f"made{above}: {', '.join(made) or 'none'}"
        faults.append(positions.fault(f"no step{above} makes the table {name!r}", at, hint=hint))


def _check_layers(data: Mapping[str, Any], positions: Positions, faults: list[Fault]) -> None:
    """Check the tables of layers on the data as written, so that other faults do not hide these."""
    tables, map_ = data.get("tables"), data.get("map")
    layers = map_.get("layers") if isinstance(map_, dict) else None
    if not (isinstance(tables, dict) and isinstance(layers, list)):
        return
    made = [table for name, step in tables.items() for table in _tables_made(name, step)]
    for index, layer in enumerate(layers):
        name = layer.get("table") if isinstance(layer, dict) else None
        if isinstance(name, str):
            _check_table(name, made, ("map", "layers", index, "table"), positions, faults)


def _tables_made(name: str, step: object) -> list[str]:
    if isinstance(step, dict) and "fortifications" in step:
        return [f"{name}.{part}" for part in _PARTS]
    return [name]


def layer_name(table: str) -> str:
    """Return the name, without suffix, of the file that a table is written to.

    Examples
    --------
    >>> layer_name("line.strips")
    'line_strips'
    """
    return table.replace(".", "_")


def _check_names(steps: Mapping[str, Step], positions: Positions, faults: list[Fault]) -> bool:
    """Resolve the names of countries, so that a misspelt one is reported before anything runs; return whether all are known."""
    before = len(faults)
    for name, step in steps.items():
        for key, countries in step.countries().items():
            for i, country in enumerate(countries):
                try:
                    names.resolve(country)
                except InputError as error:
                    at = ("tables", name, key, i) if len(countries) > 1 else ("tables", name, key)
                    faults.append(positions.fault(error.message, at))
    return len(faults) == before


def _check_borders(steps: Mapping[str, Step], worldview: Worldview, positions: Positions, faults: list[Fault]) -> None:
    """Check that countries share the borders of the steps, and that bands lie in countries of their border."""
    for name, step in steps.items():
        at = ("tables", name)
        if isinstance(step, BorderStep):
            home, others = step.countries()["border"][0], step.countries()["with"]
            neighbours = list(reference.neighbours(home, worldview=worldview))
            for i, other in enumerate(others):
                if names.resolve(other).name not in neighbours:
                    where = (*at, "with", i) if isinstance(step.with_, list) else (*at, "with")
                    one, two = names.resolve(home).name, names.resolve(other).name
                    what = "itself" if one == two else two
                    message = f"{one} has no common border with {what} in the {worldview.label} view"
                    hint = f"it borders {', '.join(neighbours) or 'no country'}"
                    faults.append(positions.fault(message, where, hint=hint))
        elif isinstance(step, BandsStep) and isinstance(border := steps.get(step.bands), BorderStep):
            parties = [names.resolve(one).name for part in border.countries().values() for one in part]
            for i, side in enumerate(step.countries().get("side", ())):
                if names.resolve(side).name not in parties:
                    where = (*at, "side", i) if isinstance(step.side, list) else (*at, "side")
                    message = f"{side} does not share the border {step.bands!r}; {', '.join(parties)} do"
                    faults.append(positions.fault(message, where))


def _check_files(
    steps: Mapping[str, Step],
    model: ProjectModel | None,
    folder: Path,
    positions: Positions,
    faults: list[Fault],
) -> None:
    files: list[tuple[tuple[str | int, ...], str]] = []
    for name, step in steps.items():
        files += [(("tables", name, *keys), file) for keys, file in step.files().items()]
    for i, layer in enumerate(model.map.layers if model else []):
        files += [(("map", "layers", i, "grids", k, "file"), grid.file) for k, grid in enumerate(layer.grids or [])]
    for at, file in files:
        try:
            resolve_input(file, folder)
        except InputError as error:
            faults.append(positions.fault(error.message, at))


def resolve_input(written: str, folder: Path) -> Path:
    """Return the path of an input file named in a project; a relative name starts from its folder.

    Raises
    ------
    ReadError
        If it does not exist; the message offers the nearest names.
    """
    path = Path(written)
    path = path if path.is_absolute() else folder / path
    if not path.exists():
        hint = did_you_mean(path.name, _names_in(path.parent))
        msg = f"the file {written!r} does not exist" + (f"; {hint}" if hint else "")
        raise ReadError(msg)
    return path
