"""The review page: a text with its evidence highlighted, and the facts to accept, edit or reject.

One HTML file that works offline. Everything from the text is in a JSON block and is inserted with
``textContent``, so markup in it is shown as text.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

from geoconflict.errors import Fault, InputError
from geoconflict.io.atomic import write_text


@dataclass(frozen=True, slots=True)
class Review:
    """A text and its facts for review.

    Attributes
    ----------
    text : str
        The text that the facts come from.
    facts : sequence of mapping
        In the exchange format, with ``confidence`` if known.
    description : mapping, optional
        Draft of a description as plain data (``Description.plain()``); its accepted parts can be
        downloaded as YAML. Without it, the accepted facts can be downloaded.
    title : str
    map_page : str, optional
        HTML page with a map, shown beside the text in a sandboxed frame.

    Examples
    --------
    >>> facts = [{"slot": "length", "value": {"min_m": 5000, "max_m": 5000}, "span": [7, 11]}]
    >>> page = Review("A wall 5 km long. <script>", facts, title="A wall").html()
    >>> page.startswith("<!DOCTYPE html>"), "long. <script>" in page
    (True, False)
    """

    text: str
    facts: Sequence[Mapping[str, Any]]
    description: Mapping[str, Any] | None = None
    title: str = "Review of facts"
    map_page: str | None = None

    def html(self) -> str:
        """Return the page.

        Raises
        ------
        InputError
            Lists every fact whose span is not in the text.
        """
        self._check()
        data = {
            "title": self.title,
            "text": self.text,
            "facts": [dict(fact) for fact in self.facts],
            "description": None if self.description is None else dict(self.description),
            "map": self.map_page,
        }
        page = _asset("page.txt")
        # Insert the data last, so that markers in them are not replaced.
        parts = (("/*style*/", _asset("review.css")), ("/*script*/", _asset("review.js")), ("/*data*/", _json(data)))
        for marker, content in parts:
            before, _, after = page.partition(marker)
            page = before + content + after
        return page

    def save(self, path: str | Path) -> None:
        """Write the page to a file, completely or not at all.

        Raises
        ------
        OutputError
            If it cannot be written.
        """
        write_text(self.html(), path)

    def _check(self) -> None:
        faults = []
        for number, fact in enumerate(self.facts, 1):
            span = fact.get("span")
            is_pair = isinstance(span, list | tuple) and len(span) == 2 and all(type(end) is int for end in span)
            if not is_pair or span is None or not 0 <= span[0] < span[1] <= len(self.text):
                faults.append(Fault(f"the span {span!r} is not in the text", row=number, field="span"))
        if faults:
            msg = "the facts do not match the text"
            raise InputError(msg, faults)


def _json(data: object) -> str:
    """Return JSON for a script element: ``<``, ``>`` and ``&`` are escaped."""
    text = json.dumps(data, ensure_ascii=False, sort_keys=True)
    for char in "<>&\u2028\u2029":
        text = text.replace(char, f"\\u{ord(char):04x}")
    return text


def _asset(name: str) -> str:
    return resources.files("geoconflict.maps.web").joinpath("reviewing", name).read_text(encoding="utf-8")
