"""Online tiles by name: where they come from and whom to credit."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from geoconflict.errors import InputError, MissingExtraError, NameUnknownError, did_you_mean

_HOST = re.compile(r"[a-z0-9.-]+(:\d+)?\Z")


@dataclass(frozen=True, slots=True)
class Tiles:
    """A source of tiles.

    Attributes
    ----------
    name, url, attribution : str
    subdomains : str
    max_zoom : int
    """

    name: str
    url: str
    attribution: str
    subdomains: str = "abc"
    max_zoom: int = 18

    @classmethod
    def named(cls, name: str) -> Tiles:
        """Return the tiles that ``xyzservices`` knows by a name, such as ``OpenStreetMap.Mapnik``.

        Raises
        ------
        NameUnknownError
            With the nearest names.
        InputError
            If the source needs a key.
        MissingExtraError
            If xyzservices is not installed.
        """
        try:
            import xyzservices.providers as known
        except ImportError as error:
            what = "online tiles"
            raise MissingExtraError(what, package="xyzservices", extra="tiles") from error
        names = {str(key): provider for key, provider in known.flatten().items()}
        if name not in names:
            msg = f"no tiles are called {name!r}; {did_you_mean(name, names) or 'see xyzservices.providers'}"
            raise NameUnknownError(msg, suggestions=sorted(names)[:20])
        found = names[name]
        if found.requires_token():
            msg = f"the tiles {name!r} need a key, which every reader of the file would hold; choose others"
            raise InputError(msg)
        # What Leaflet fills in by tile stays; the rest (variant, extension) is filled in here.
        url = re.sub(r"\{(\w+)\}", lambda m: m[0] if m[1] in "sxyzr" else str(found.get(m[1], "")), str(found.url))
        return cls(
            name, url, str(found.attribution), str(found.get("subdomains", "abc")), int(found.get("max_zoom", 18))
        )

    def hosts(self) -> tuple[str, ...]:
        """Return the origins that the page may ask for pictures.

        Raises
        ------
        InputError
            If the address is not of the web.
        """
        parts = urlsplit(self.url)
        hosts = [parts.netloc.replace("{s}", s) for s in self.subdomains] if "{s}" in parts.netloc else [parts.netloc]
        if parts.scheme != "https" or not all(_HOST.match(host) for host in hosts):
            msg = f"tiles come from https only, found {self.url[:80]!r}"
            raise InputError(msg)
        return tuple(f"https://{host}" for host in hosts)

    def config(self) -> dict[str, Any]:
        """Return what the page's script needs."""
        return {"url": self.url, "subdomains": self.subdomains, "maxZoom": self.max_zoom}
