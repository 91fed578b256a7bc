"""How many documents of 300 words the prose rules read in a second on one core, and how well.

Run as ``python benchmarks/bench_prose.py``; ``--errors`` also lists every disagreement with gold.
Time is processor time of this one process, so that other work on the machine counts less.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from geoconflict.fortifications.prose import read_facts
from geoconflict.fortifications.prose.scoring import Score

DATA = Path(__file__).resolve().parents[1] / "tests" / "data" / "prose"
WORDS = 300
# Ordinary prose between the passages: a report is not all ditches.
FILLER = (
    "The minister spoke to reporters after a meeting with his counterparts and said that talks would go on through the "
    "winter. Several residents described long queues at the shops, and the mayor thanked the volunteers who had come. "
    "Analysts disagree about what the next months will bring, but few of them expect a quick agreement. "
)


def records(name: str) -> list[dict[str, object]]:
    """Read the passages of a file."""
    return [json.loads(line) for line in (DATA / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]


def documents(share_of_filler: int) -> list[str]:
    """Join passages, and filler between them, to texts of 300 words."""
    words: list[str] = []
    for path in sorted(DATA.glob("*.jsonl")):
        for record in records(path.stem) if path.stem != "nothing" else ():
            words += str(record["text"]).split() + FILLER.split() * share_of_filler
    return [" ".join(words[at : at + WORDS]) for at in range(0, len(words) - WORDS, WORDS)]


def rate(texts: list[str]) -> float:
    """Return how many texts are read in a second of processor time, the best of three rounds."""
    for text in texts[:3]:
        read_facts(text)
    best = 0.0
    for _ in range(3):
        start = time.process_time()
        for text in texts:
            read_facts(text)
        best = max(best, len(texts) / (time.process_time() - start))
    return best


def main() -> None:
    """Print the score of every set and the rate on two kinds of text."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--errors", action="store_true", help="list every disagreement with gold")
    is_full = parser.parse_args().errors
    for path in sorted(DATA.glob("*.jsonl")):
        score = Score()
        for record in records(path.stem):
            day = record.get("doc_date")
            date = dt.date.fromisoformat(str(day)) if day else None
            score.add(str(record["id"]), record["facts"], read_facts(str(record["text"]), doc_date=date).to_dicts())
        print(f"\n== {path.stem}\n{score.table()}")
        if is_full:
            for name, kind, fact in score.errors:
                print(f"{name}: {kind} {fact['slot']} {fact['value']} {fact['span']}")
    for name, share in (("nothing but works", 0), ("works and ordinary prose by halves", 1)):
        texts = documents(share)
        print(f"\n{name}: {rate(texts):.0f} documents of {WORDS} words a second ({len(texts)} texts)")


if __name__ == "__main__":
    main()
