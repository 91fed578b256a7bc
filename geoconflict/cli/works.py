"""The commands about works of fortification: parse a text, check claims, give the schema."""

from __future__ import annotations

import datetime as dt
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geoconflict.cli.terminal import PIPE, command, printable
from geoconflict.errors import InputError

if TYPE_CHECKING:
    import argparse

    from geoconflict.cli.terminal import Commands
    from geoconflict.fortifications.prose.texts import Text


def add_commands(commands: Commands) -> None:
    """Add the commands of this module to a parser."""
    for add in (_parse, _check, _schema):
        add(commands)


def _parse(commands: Commands) -> None:
    examples = (
        "  geoconflict parse report.txt > draft.yaml\n"
        "  geoconflict parse reports.jsonl --format facts > facts.jsonl    # lines with id, text and, if known, doc_date\n"
        "  echo 'Finland is building a 200 km fence on its border with Russia.' | geoconflict parse - --format facts\n"
        "  geoconflict parse report.txt --review review.html > draft.yaml"
    )
    says = "read a report in English into a draft of a description, or into facts with their evidence"
    parser = command(commands, "parse", says, examples, _run_parse)
    parser.add_argument("text", help="a text file, JSON lines, the text itself, or - for standard input")
    parser.add_argument("--format", choices=["yaml", "facts"], default="yaml", help="what to write (default: yaml)")
    parser.add_argument("--date", metavar="DAY", help="the day of the text, as 2025-08-19; relative dates rest on it")
    parser.add_argument("--review", metavar="FILE", help="also write a page on which each fact is accepted or struck")
    parser.add_argument("--no-gazetteer", action="store_true", help="leave places without coordinates")


def _run_parse(options: argparse.Namespace) -> int:
    from geoconflict.fortifications import prose
    from geoconflict.names import Gazetteer

    texts = _texts(options.text, _day(options.date))
    gazetteer = None if options.no_gazetteer else Gazetteer.embedded()
    if options.format == "facts":
        for line in prose.facts_lines(texts, gazetteer=gazetteer):
            record: dict[str, Any] = json.loads(line)
            for note in record.pop("notes", []):
                print(f"geoconflict: {printable(str(record['id']))}: {printable(str(note))}", file=sys.stderr)
            print(json.dumps(record, ensure_ascii=False))
    else:
        if len(texts) != 1:
            msg = f"a description is drafted from one text, found {len(texts)}; use --format facts for many"
            raise InputError(msg)
        text = texts[0]
        draft = prose.parse_description(text.text, doc_date=text.doc_date, gazetteer=gazetteer, title=text.id)
        print(draft.yaml(), end="")
    if options.review:
        _review(texts, gazetteer, options.review)
    return 0


def _review(texts: list[Text], gazetteer: Any, path: str) -> None:  # noqa: ANN401 - whatever finds places
    from geoconflict.fortifications import prose
    from geoconflict.maps.web.review import Review

    if len(texts) != 1:
        msg = f"a review page holds one text, found {len(texts)}"
        raise InputError(msg)
    reading = prose.read_facts(texts[0].text, doc_date=texts[0].doc_date, gazetteer=gazetteer)
    facts = [{**fact.to_dict(), "confidence": fact.confidence} for fact in reading.facts]
    page = _map_of(facts, reading.text, texts[0].id)
    Review(reading.text, facts, prose.describe(reading).plain(), title=texts[0].id, map_page=page).save(path)
    print(f"wrote {path}", file=sys.stderr)


def _map_of(facts: list[dict[str, Any]], text: str, title: str) -> str | None:
    """Return a map of what the facts place: points with coordinates, and the border between owner and facing."""
    import geopandas as gpd

    from geoconflict import reference
    from geoconflict.crs import WGS84
    from geoconflict.maps import layers
    from geoconflict.maps.webmap import Map

    drawn: list[layers.Layer] = []
    said = {slot: [str(f["value"]) for f in facts if f["slot"] == slot] for slot in ("owner", "facing")}
    if said["owner"] and said["facing"]:
        try:
            drawn.append(
                layers.Borders(reference.border(said["owner"][0], said["facing"], kinds=["land", "river", "lake"]))
            )
        except InputError:
            # A party that is no state, or no common border: there is no line to show.
            drawn = []
    placed = [f for f in facts if isinstance(f["value"], dict) and f["value"].get("lat") is not None]
    if placed:
        values = [fact["value"] for fact in placed]
        table = gpd.GeoDataFrame(
            {"name": [" ".join(text[slice(*fact["span"])].split()) for fact in placed]},
            geometry=gpd.points_from_xy([v["lon"] for v in values], [v["lat"] for v in values]),
            crs=WGS84,
        )
        drawn.append(layers.Places(table, name="Places of the text"))
    return Map(drawn, title=title).html() if drawn else None


def _texts(written: str, day: dt.date | None) -> list[Text]:
    from dataclasses import replace

    from geoconflict.fortifications import prose

    found: list[Text]
    if written == PIPE:
        found = prose.parse_texts(sys.stdin.buffer.read().decode("utf-8", "replace"))
    elif "\n" in written or (" " in written.strip() and not Path(written).exists()):
        found = prose.parse_texts(written)
    else:
        found = prose.read_texts(written)
    return [text if text.doc_date or day is None else replace(text, doc_date=day) for text in found]


def _day(written: str | None) -> dt.date | None:
    if written is None:
        return None
    try:
        return dt.date.fromisoformat(written)
    except ValueError:
        msg = f"{written!r} is not a date; write it as 2025-08-19"
        raise InputError(msg) from None


def _check(commands: Commands) -> None:
    examples = "  geoconflict check defence_line.yaml\n  geoconflict check defence_line.yaml --format json"
    says = "measure the claims of a description against the geometry (status 1 if one does not hold)"
    parser = command(commands, "check", says, examples, _run_check)
    parser.add_argument("file", help="a YAML description of a defence line")
    parser.add_argument("--format", choices=["text", "json"], default="text", help="of the answer")


def _run_check(options: argparse.Namespace) -> int:
    from geoconflict import reference
    from geoconflict.fortifications import read_fortifications
    from geoconflict.fortifications.claims import Tools, check_claims
    from geoconflict.names import Gazetteer

    description = read_fortifications(options.file)
    tools = Tools(border=reference.border, gazetteer=Gazetteer.embedded(), crossings=reference.crossings)
    verdicts = check_claims(description, tools)
    if options.format == "json":
        for verdict in verdicts:
            print(json.dumps(verdict.to_dict(), ensure_ascii=False))
    else:
        if not verdicts:
            print(f"{printable(options.file)} makes no claims that could be measured")
        for verdict in verdicts:
            print(f"{verdict.verdict.replace('_', ' ')}: {printable(verdict.text)}")
            print(f"  claimed {printable(verdict.claimed)}; {printable(verdict.reason)}")
            for reading in verdict.measured:
                mark = "fits" if reading.holds else "does not fit"
                print(
                    f"  {reading.value_m / 1000:,.1f} km ({reading.value_m / 1609.344:,.1f} mi), {mark}: {reading.reading}"
                )
    return 1 if any(verdict.verdict == "does_not_hold" for verdict in verdicts) else 0


def _schema(commands: Commands) -> None:
    examples = "  geoconflict schema > defence_line.schema.json"
    command(commands, "schema", "print the JSON Schema of descriptions of defence lines", examples, _run_schema)


def _run_schema(_options: argparse.Namespace) -> int:
    from geoconflict.fortifications.schema_json import schema

    print(json.dumps(schema(), indent=2, ensure_ascii=False))
    return 0
