"""The commands about fortifications: parse, check, schema."""

from __future__ import annotations

import argparse
import datetime as dt
import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import geopandas as gpd

from geoconflict import api, reference
from geoconflict.cli._common import PIPE, printable, set_command
from geoconflict.crs import WGS84
from geoconflict.errors import InputError
from geoconflict.fortifications import json_schema, prose, to_yaml
from geoconflict.fortifications.claims import Tools, check_claims
from geoconflict.fortifications.prose.texts import Text
from geoconflict.maps import layers
from geoconflict.maps.map import Map
from geoconflict.maps.web.review import Review
from geoconflict.names import Gazetteer


def add_parse(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``geoconflict parse``."""
    examples = (
        "  geoconflict parse report.txt > draft.yaml\n"
        "  geoconflict parse reports.jsonl --format facts > facts.jsonl    # lines with id, text and, if known, doc_date\n"
        "  echo 'Finland is building a 200 km fence on its border with Russia.' | geoconflict parse - --format facts\n"
        "  geoconflict parse report.txt --review review.html > draft.yaml"
    )
    set_command(parser, _parse, examples)
    parser.add_argument("text", help="a text file, JSON lines, the text itself, or - for standard input")
    parser.add_argument("--format", choices=["yaml", "facts"], default="yaml", help="what to write (default: yaml)")
    parser.add_argument(
        "--date", metavar="DAY", help="the day of the text, as 2025-08-19; the reference for relative dates"
    )
    parser.add_argument("--review", metavar="FILE", help="also write a page on which each fact is accepted or rejected")
    parser.add_argument("--no-gazetteer", action="store_true", help="leave places without coordinates")


def _parse(options: argparse.Namespace) -> int:
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
        print(to_yaml(draft), end="")
    if options.review:
        _review(texts, gazetteer, options.review)
    return 0


def _review(texts: list[Text], gazetteer: Any, path: str) -> None:  # noqa: ANN401 - whatever finds places

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


def add_check(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``geoconflict check``."""
    examples = (
        "  geoconflict check defence_line.yaml\n"
        "  geoconflict check defence_line.yaml --format json\n"
        "exit status: 1 if a claim does not hold"
    )
    set_command(parser, _check, examples)
    parser.add_argument("file", help="a YAML description of a defence line")
    parser.add_argument("--format", choices=["text", "json"], default="text", help="format of the answer")


def _check(options: argparse.Namespace) -> int:
    description = api.read_description(options.file)
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


def add_schema(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``geoconflict schema``."""
    set_command(parser, _schema, "  geoconflict schema > defence_line.schema.json")


def _schema(_options: argparse.Namespace) -> int:
    print(json.dumps(json_schema(), indent=2, ensure_ascii=False))
    return 0
