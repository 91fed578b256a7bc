"""The review page: a text with its evidence marked, beside the facts, each to be accepted, edited or struck.

One HTML file that opens with no network.
All that comes from the text stands in a JSON block and reaches the page through ``textContent``
only, so markup in a text stays text.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING, Any

from geoconflict.errors import Fault, InputError
from geoconflict.io.atomic import whole_file

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Review:
    """What is reviewed.

    Attributes
    ----------
    text : str
        The text that was read.
    facts : sequence of mapping
        In the exchange format, with ``confidence`` where it is known.
    description : mapping, optional
        The draft of a description as plain data (``Description.plain()``); what is accepted of it
        can be downloaded as YAML. Without one, the accepted facts themselves are.
    title : str
    map_page : str, optional
        A whole HTML page with a map, shown beside the text in a frame that cannot reach the page.

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
            With every fact whose span is no stretch of the text.
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
        # The data go in last: a text that holds one of the markers is then never searched.
        parts = (("/*style*/", _asset("review.css")), ("/*script*/", _asset("review.js")), ("/*data*/", _json(data)))
        for marker, content in parts:
            before, _, after = page.partition(marker)
            page = before + content + after
        return page

    def save(self, path: str | Path) -> None:
        """Write the page to a file, whole or not at all.

        Raises
        ------
        OutputError
            If it cannot be written.
        """
        page = self.html()
        with whole_file(path) as temporary:
            temporary.write_text(page, encoding="utf-8", newline="\n")

    def _check(self) -> None:
        faults = []
        for number, fact in enumerate(self.facts, 1):
            span = fact.get("span")
            is_pair = isinstance(span, list | tuple) and len(span) == 2 and all(type(end) is int for end in span)
            if not is_pair or span is None or not 0 <= span[0] < span[1] <= len(self.text):
                faults.append(Fault(f"the span {span!r} is no stretch of the text", row=number, field="span"))
        if faults:
            msg = "the facts do not belong to this text"
            raise InputError(msg, faults)


def _json(data: object) -> str:
    """Write JSON that no text can close: ``<``, ``>`` and ``&`` are escaped."""
    text = json.dumps(data, ensure_ascii=False, sort_keys=True)
    for char in "<>&\u2028\u2029":
        text = text.replace(char, f"\\u{ord(char):04x}")
    return text


def _asset(name: str) -> str:
    return resources.files("geoconflict.maps.web").joinpath("reviewing", name).read_text(encoding="utf-8")
