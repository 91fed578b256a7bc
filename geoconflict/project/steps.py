"""Run the steps of a project: one function per step."""

from __future__ import annotations

import datetime as dt
import warnings
from collections.abc import MutableMapping
from functools import singledispatch
from pathlib import Path
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd

from geoconflict import analysis, api, fortifications, incidents, reference
from geoconflict.errors import InputError
from geoconflict.fortifications.claims import Tools, Verdict, check_claims
from geoconflict.incidents.report import ReadReport
from geoconflict.io.vector import read_vector
from geoconflict.maps.layers import from_snapshots
from geoconflict.names import Gazetteer, read_places
from geoconflict.project import model as m
from geoconflict.project.load import resolve_input

if TYPE_CHECKING:
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
    msg = f"no function runs a {type(step).__name__}"
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
        # The report says all that the warning says.
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
            f"{path.name}: {late} of its events lie after {context.as_of.isoformat()}, the date of the map"
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
    seen = {day: read_vector(context.file(written)) for day, written in step.control.items()}
    context.tables[name] = from_snapshots(seen, holder=step.holder or "", last_until=step.until)


@run.register
def _places(step: m.PlacesStep, name: str, context: Context) -> None:
    context.tables[name] = read_places(context.file(step.places))


@run.register
def _fortifications(step: m.FortificationsStep, name: str, context: Context) -> None:
    description = fortifications.read_description(context.file(step.fortifications))
    line = api.lay_out(description, worldview=context.worldview)
    context.tables[f"{name}.echelons"] = line.echelons
    context.tables[f"{name}.strips"] = line.strips
    context.tables[f"{name}.sites"] = line.sites
    context.notes.extend(str(note) for note in line.notes)
    tools = Tools(reference.border, Gazetteer.embedded(), reference.crossings)
    context.verdicts.extend(check_claims(description, tools))


@run.register
def _bands(step: m.BandsStep, name: str, context: Context) -> None:
    context.tables[name] = api.bands(context.tables[step.bands], step.edges, side=step.side)


@run.register
def _buffer(step: m.BufferStep, name: str, context: Context) -> None:
    table = context.tables[step.buffer]
    context.tables[name] = analysis.buffer(table, step.radius, dissolve=step.dissolve, label=step.label)


@run.register
def _near(step: m.NearStep, name: str, context: Context) -> None:
    context.tables[name] = analysis.near(context.tables[step.near], context.tables[step.of], step.radius)


@run.register
def _distance(step: m.DistanceStep, name: str, context: Context) -> None:
    table = context.tables[step.distance].copy()
    table[step.as_] = analysis.distance(table, context.tables[step.to])
    context.tables[name] = table


@run.register
def _count(step: m.CountStep, name: str, context: Context) -> None:
    points, zones = context.tables[step.count], context.tables[step.zones]
    context.tables[name] = analysis.count(points, zones, by=step.by, sum=step.sum, weight=step.weight)


@run.register
def _in_zones(step: m.InZonesStep, name: str, context: Context) -> None:
    context.tables[name] = analysis.in_zones(
        context.tables[step.in_zones], context.tables[step.zones], label=step.label
    )
