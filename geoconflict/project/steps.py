"""Run the steps of a project: one function per step."""

from __future__ import annotations

import datetime as dt
import warnings
from collections.abc import MutableMapping
from functools import partial, singledispatch
from pathlib import Path
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd

from geoconflict import analysis, api, incidents, reference
from geoconflict.errors import InputError, SchemaError
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
    """The state that the steps of one run share.

    Attributes
    ----------
    folder : Path
        The folder that relative file names start from.
    worldview : str
        The worldview for borders and countries.
    as_of : date
        The date of the map; crossings have the status of that day.
    tables : mapping of str to GeoDataFrame
        The tables made so far.
    computed : mapping of str to list of str
        By the name of the table, the columns that steps added to it.
    inputs : list of Path
        The files that were read, in order.
    notes : list of str
        Notes for the reader of the result, in order.
    verdicts : list of Verdict
        Results of the claims in the descriptions that were read.
    reports : mapping of str to ReadReport
        How each file of incidents was read.
    set_aside : mapping of str to DataFrame
        By the name of the table, the rejected rows of its file.
    """

    def __init__(self, folder: Path, worldview: str, as_of: dt.date) -> None:
        self.folder = folder
        self.worldview = worldview
        self.as_of = as_of
        self.tables: Tables = {}
        self.computed: dict[str, list[str]] = {}
        self.inputs: list[Path] = []
        self.notes: list[str] = []
        self.verdicts: list[Verdict] = []
        self.reports: dict[str, ReadReport] = {}
        self.set_aside: dict[str, pd.DataFrame] = {}

    def add(self, name: str, table: gpd.GeoDataFrame, original: str) -> None:
        """Add a table that a step made from another one by adding columns."""
        known = self.tables[original].columns
        self.computed[name] = [*self.computed.get(original, ()), *(c for c in table.columns if c not in known)]
        self.tables[name] = table

    def file(self, name: str) -> Path:
        """Return the path of an input file and record that it was read."""
        path = resolve_input(name, self.folder)
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
    context.tables[name] = reference.countries(step.countries()["country"], worldview=context.worldview)


@run.register
def _incidents(step: m.IncidentsStep, name: str, context: Context) -> None:
    path = context.file(step.incidents)
    options = incidents.ReadOptions(date_order=step.date_order)
    with warnings.catch_warnings():
        # The report has everything that the warning says.
        warnings.simplefilter("ignore", incidents.IncidentsWarning)
        reading = incidents.read(path, source=step.source, country=step.country, options=options)
    context.notes.append(f"{path.name}: {reading.report.summary()}")
    title = path.name if path.name not in context.reports else f"{path.name} (table {name})"
    context.reports[title] = reading.report
    if len(reading.set_aside):
        context.set_aside[name] = reading.set_aside
        context.notes.append(
            f"{path.name}: the rows set aside are in layers/{name}_set_aside.csv, each with its reason"
        )
    later = int((reading.table["event_date"] > context.as_of.isoformat()).sum())
    if later:
        context.notes.append(
            f"{path.name}: {later} of its events lie after {context.as_of.isoformat()}, the date of the map"
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
    snapshots = {day: read_vector(context.file(file)) for day, file in step.control.items()}
    context.tables[name] = from_snapshots(snapshots, holder=step.holder or "", last_until=step.until)


@run.register
def _places(step: m.PlacesStep, name: str, context: Context) -> None:
    context.tables[name] = read_places(context.file(step.places))


@run.register
def _fortifications(step: m.FortificationsStep, name: str, context: Context) -> None:
    description = api.read_description(context.file(step.fortifications))
    line = api.lay_out(description, worldview=context.worldview)
    context.tables[f"{name}.echelons"] = line.echelons
    context.tables[f"{name}.strips"] = line.strips
    context.tables[f"{name}.sites"] = line.sites
    context.notes.extend(str(note) for note in line.notes)
    tools = Tools(partial(reference.border, worldview=context.worldview), Gazetteer.embedded(), reference.crossings)
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
    context.add(name, analysis.near(context.tables[step.near], context.tables[step.of], step.radius), step.near)


@run.register
def _distance(step: m.DistanceStep, name: str, context: Context) -> None:
    table = context.tables[step.distance].copy()
    if step.as_ in table.columns:
        msg = f"the table {step.distance!r} already has the column {step.as_!r}; choose another name with 'as'"
        raise SchemaError(msg)
    table[step.as_] = analysis.distance(table, context.tables[step.to])
    context.add(name, table, step.distance)


@run.register
def _count(step: m.CountStep, name: str, context: Context) -> None:
    points, zones = context.tables[step.count], context.tables[step.zones]
    counted = analysis.count(points, zones, by=step.by, sum=step.sum, weight=step.weight)
    context.add(name, counted, step.zones)


@run.register
def _in_zones(step: m.InZonesStep, name: str, context: Context) -> None:
    points, zones = context.tables[step.in_zones], context.tables[step.zones]
    context.add(name, analysis.in_zones(points, zones, label=step.label), step.in_zones)
