"""What stands beside a map, on screen and in print: sources, methods, notes, a summary in words."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from geoconflict.maps.web.options import DISCLAIMER

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geoconflict.maps.scene import Description
    from geoconflict.maps.web.words import Words
    from geoconflict.maps.webmap import Map

_MANY_SOURCES = 25


@dataclass(frozen=True, slots=True)
class Facts:
    """What stands beside a map, on screen and in print.

    Attributes
    ----------
    sources, methods, attributions, notes : tuple of str
    cited : dict
        The number of each source that is listed.
    disclaimer, summary : str
        ``summary`` tells in words what the map shows.
    """

    sources: tuple[str, ...]
    cited: dict[str, int]
    methods: tuple[str, ...]
    attributions: tuple[str, ...]
    notes: tuple[str, ...]
    disclaimer: str
    summary: str


def facts_of(drawn: Map, words: Words) -> Facts:
    """Return what stands beside a map, in some words."""
    described = drawn.descriptions()
    sources, cited = _sources(described, words)
    base = drawn.basemap()
    credit, told = ((base.attribution,), base.notes) if base is not None else ((), ())
    return Facts(
        sources=sources,
        cited=cited,
        methods=_methods(drawn, words),
        attributions=unique([*(d.attributions for d in described), credit]),
        notes=unique([*(d.notes for d in described), told]),
        disclaimer=_disclaimer(drawn, words),
        summary=_summary(drawn, words),
    )


def _methods(drawn: Map, words: Words) -> tuple[str, ...]:
    own = (drawn.options.method,) if drawn.options.method else ()
    coarser = tuple(told for told in (d.told(words) for d in drawn.detailed()) if told)
    return (*own, *unique(d.methods for d in drawn.descriptions() if not d.background), *coarser)


def _disclaimer(drawn: Map, words: Words) -> str:
    # A caller's own text is in the caller's own language.
    own = drawn.options.disclaimer
    parts = [words.say(DISCLAIMER) if own == DISCLAIMER else own]
    views = unique(d.worldviews for d in drawn.descriptions())
    if views:
        named = ", ".join(v.replace("_", " ") for v in views)
        parts.append(words.say("Disputed areas follow this worldview: {views}.", views=named))
    return " ".join(part for part in parts if part)


def _summary(drawn: Map, words: Words) -> str:
    parts = [drawn.title + "."]
    if drawn.as_of:
        parts.append(words.say("As of {day}", day=words.day(drawn.as_of)).rstrip(".") + ".")
    for d in drawn.descriptions():
        if d.background:
            continue
        kinds = ", ".join(f"{words.term(e.label)} {e.count}" for e in d.legend[:8])
        listed = f" ({kinds})" if kinds else ""
        parts.append(
            words.say("{layer}: {n} on the map{kinds}.", layer=words.term(d.name), n=len(d.table), kinds=listed)
        )
    return " ".join(parts)


def worded(layer: Description, words: Words) -> Description:
    """Return a description with the package's own terms in the page's language; texts of data stay."""
    return replace(
        layer,
        name=words.term(layer.name),
        legend=tuple(replace(entry, label=words.term(entry.label)) for entry in layer.legend),
        fields=tuple(replace(f, label=words.say(f.label)) for f in layer.fields),
    )


def _sources(described: Sequence[Description], words: Words) -> tuple[tuple[str, ...], dict[str, int]]:
    """Return the list of sources, and the number of each; a layer with very many is summed up."""
    listed: list[str] = []
    cited: dict[str, int] = {}
    for d in described:
        if len(d.sources) > _MANY_SOURCES:
            count = f"{len(d.sources):,}".replace(",", "\u202f")
            listed.append(words.say("{layer}: {n} sources, listed in the popups", layer=words.term(d.name), n=count))
            continue
        for source in d.sources:
            if source not in cited:
                listed.append(source)
                cited[source] = len(listed)
    return tuple(listed), cited


def unique(groups: Any) -> tuple[str, ...]:  # noqa: ANN401 - an iterable of tuples of texts
    """Return the different texts of groups, in order of first appearance."""
    return tuple(dict.fromkeys(text for group in groups for text in group))
