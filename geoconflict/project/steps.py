"""How each step of a project comes about: one small function a verb."""

from __future__ import annotations

import warnings
from functools import singledispatch
from typing import TYPE_CHECKING

from geoconflict import analysis, fortifications, incidents, reference
from geoconflict import api as face
from geoconflict.errors import InputError, ReadError
from geoconflict.fortifications.claims import Tools, check_claims
from geoconflict.maps.layers import from_snapshots
from geoconflict.names import Gazetteer, read_places
from geoconflict.project import model as m
from geoconflict.project.load import resolve_input

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import MutableMapping
    from pathlib import Path

    import geopandas as gpd
    import pandas as pd

    from geoconflict.fortifications.claims import Verdict
    from geoconflict.incidents.report import ReadReport

    Tables = MutableMapping[str, gpd.GeoDataFrame]


class Context:
    """What the steps of one run share.

    Attributes
    ----------
    folder : Path
        Where file names start from.
    worldview : str
    as_of : date
        The day for which the project speaks; crossings have the status of that day.
    tables : mapping of str to GeoDataFrame
        What the steps have made so far.
    inputs : list of Path
        The files that were read, in order.
    notes : list of str
        What a reader of the result must know, in order.
    verdicts : list of Verdict
        What became of the claims of the descriptions that were read.
    reports : mapping of str to ReadReport
        How each file of incidents was read.
    set_aside : mapping of str to DataFrame
        By the name of the table, the rows of its file that could not be used.
    """

    def __init__(self, folder: Path, worldview: str, as_of: dt.date) -> None:
        self.folder = folder
        self.worldview = worldview
        self.as_of = as_of
        self.tables: Tables = {}
        self.inputs: list[Path] = []
        self.notes: list[str] = []
        self.verdicts: list[Verdict] = []
        self.reports: dict[str, ReadReport] = {}
        self.set_aside: dict[str, pd.DataFrame] = {}

    def file(self, written: str) -> Path:
        """Return the path of an input file, and remember that it was read."""
        path = resolve_input(written, self.folder)
        if path not in self.inputs:
            self.inputs.append(path)
        return path


@singledispatch
def run(step: m.Model, _name: str, _context: Context) -> None:
    """Make the table of a step and put it into the context.

    Parameters
    ----------
    step : Model
    _name : str
        Name of the table.
    _context : Context
    """
    msg = f"no way to run a {type(step).__name__}"
    raise InputError(msg)


@run.register
def _border(step: m.BorderStep, name: str, context: Context) -> None:
    kinds = None if step.kinds is None else [str(kind) for kind in step.kinds]
    context.tables[name] = reference.border(
        step.border, step.with_, worldview=context.worldview, resolution=step.resolution, kinds=kinds
    )


@run.register
def _country(step: m.CountryStep, name: str, context: Context) -> None:
    names = [step.country] if isinstance(step.country, str) else step.country
    context.tables[name] = reference.countries(names, worldview=context.worldview)


@run.register
def _incidents(step: m.IncidentsStep, name: str, context: Context) -> None:
    path = context.file(step.incidents)
    options = incidents.ReadOptions(date_order=step.date_order)
    with warnings.catch_warnings():
        # What the warning hints at is told in full by the report.
        warnings.simplefilter("ignore", incidents.IncidentsWarning)
        reading = incidents.read(path, source=step.source, country=step.country, options=options)
    context.notes.append(f"{path.name}: {reading.report.summary()}")
    context.reports[path.name] = reading.report
    if len(reading.set_aside):
        context.set_aside[name] = reading.set_aside
        context.notes.append(
            f"{path.name}: the rows set aside are in layers/{name}_set_aside.csv, each with its reason"
        )
    late = int((reading.table["event_date"] > context.as_of.isoformat()).sum())
    if late:
        context.notes.append(
            f"{path.name}: {late} of its events lie after {context.as_of.isoformat()}, the day of the map"
        )
    context.tables[name] = reading.table


@run.register
def _crossings(step: m.CrossingsStep, name: str, context: Context) -> None:
    if step.with_ is None:
        context.tables[name] = reference.read_crossings(context.file(step.crossings))
    else:
        context.tables[name] = reference.crossings(step.crossings, step.with_, on=context.as_of)


@run.register
def _control(step: m.ControlStep, name: str, context: Context) -> None:
    import geopandas as gpd

    seen = {}
    for day, written in step.control.items():
        path = context.file(written)
        try:
            seen[day] = gpd.read_file(path)
        except (OSError, RuntimeError, ValueError) as error:
            msg = f"{path.name} cannot be read as a layer of areas: {error}"
            raise ReadError(msg) from error
    context.tables[name] = from_snapshots(seen, holder=step.holder or "", last_until=step.until)


@run.register
def _places(step: m.PlacesStep, name: str, context: Context) -> None:
    context.tables[name] = read_places(context.file(step.places))


@run.register
def _fortifications(step: m.FortificationsStep, name: str, context: Context) -> None:
    line = face.read_fortifications(context.file(step.fortifications), worldview=context.worldview)
    context.tables[f"{name}.echelons"] = line.echelons
    context.tables[f"{name}.strips"] = line.strips
    context.tables[f"{name}.sites"] = line.sites
    context.notes.extend(str(note) for note in line.notes)
    description = fortifications.read_fortifications(context.file(step.fortifications))
    tools = Tools(reference.border, Gazetteer.embedded(), reference.crossings)
    context.verdicts.extend(check_claims(description, tools))


@run.register
def _bands(step: m.BandsStep, name: str, context: Context) -> None:
    context.tables[name] = face.bands(context.tables[step.bands], step.edges, side=step.side)


@run.register
def _buffer(step: m.BufferStep, name: str, context: Context) -> None:
    context.tables[name] = analysis.buffer(context.tables[step.buffer], step.radius, name=step.name)


@run.register
def _within(step: m.WithinStep, name: str, context: Context) -> None:
    context.tables[name] = analysis.within(context.tables[step.within], context.tables[step.of], step.radius)


@run.register
def _distance(step: m.DistanceStep, name: str, context: Context) -> None:
    table = context.tables[step.distance].copy()
    table[step.as_] = analysis.distance(table, context.tables[step.to])
    context.tables[name] = table


@run.register
def _count(step: m.CountStep, name: str, context: Context) -> None:
    context.tables[name] = analysis.count(context.tables[step.count], context.tables[step.in_], by=step.by)


@run.register
def _inside(step: m.InsideStep, name: str, context: Context) -> None:
    context.tables[name] = analysis.inside(context.tables[step.inside], context.tables[step.in_])
