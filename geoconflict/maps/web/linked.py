"""Files that folium plugins link to: taken from a folder of the caller's, or named as missing.

The folder may be flat, or what ``npm install`` leaves: files are found by name at any depth,
and where several have the name, by how much of the link's path they share. A CDN makes
``x.min.js`` of a package's ``x.js`` by itself, so one stands for the other.
"""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from geoconflict.errors import InputError, LimitError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_MOST_FILES = 100_000
_IMAGE_BYTES = 300_000
_IMAGES = {
    ".png": "image/png",
    ".gif": "image/gif",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".webp": "image/webp",
    ".svg": "image/svg+xml",
}
_URL = re.compile(r"url\(\s*(['\"]?)([^'\")]+)\1\s*\)", re.IGNORECASE)
# The page has the little of jQuery that folium's templates use; highlight.js colours no map.
_NOT_NEEDED = re.compile(r"/(jquery(-ui)?(\.slim)?(\.min)?\.js|highlight\.js/.*\.css)\Z", re.IGNORECASE)
# The buttons of leaflet-timedimension are letters of a web font, which the page does not allow.
_SIGNS = (
    ".timecontrol-backward:before{content:'\\2039'}.timecontrol-forward:before{content:'\\203a'}"
    ".timecontrol-play:before{content:'\\25b6'}.timecontrol-play.pause:before{content:'\\23f8'}"
    ".timecontrol-stop:before{content:'\\25a0'}.timecontrol-loop:before{content:'\\21bb'}"
    ".timecontrol-speed:before{content:'\\00bb'}"
)


@dataclass
class Linked:
    """What links became.

    Attributes
    ----------
    scripts, styles : list of str
    missing : list of str
        Links that have no file in the folder.
    pictures : list of str
        Pictures of style sheets that have none, are too large, or lie outside the folder.
    """

    scripts: list[str] = field(default_factory=list)
    styles: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    pictures: list[str] = field(default_factory=list)


def resolve(links: Iterable[tuple[str, bool]], folder: Path | None, own: Path | None = None) -> Linked:
    """Find the files of links.

    Parameters
    ----------
    links : iterable of tuple
        Address, and whether it is a style sheet.
    folder : Path or None
    own : Path, optional
        Where folium keeps the files that it links to in its own repository; the folder goes first.

    Returns
    -------
    Linked

    Raises
    ------
    InputError
        If the folder is none, or several different files could be meant by a link.
    """
    out = Linked()
    files = _files(folder) if folder is not None else {}
    if own is not None and own.is_dir():
        files = {**_files(own), **files}
    for url, is_style in links:
        if _NOT_NEEDED.search(urlsplit(url).path):
            continue
        path = _find(url, files)
        if path is None:
            out.missing.append(url)
            continue
        text = path.read_text(encoding="utf-8", errors="replace").lstrip("\ufeff")
        if is_style:
            inside = folder if folder is not None and path.is_relative_to(folder) else own
            out.styles.append(_with_pictures(text, path, inside, out.pictures))
            if "timedimension" in path.name:
                out.styles.append(_SIGNS)
        else:
            # A comment that names a map of the source would make developer tools ask for it.
            text = re.sub(r"^//[#@] sourceMappingURL=.*$", "", text, flags=re.MULTILINE)
            out.scripts.append(re.sub(r"<(?=/script|!--)", r"\\x3c", text, flags=re.IGNORECASE))
    return out


def _files(folder: Path) -> dict[str, list[Path]]:
    if not folder.is_dir():
        msg = f"assets is {str(folder)!r}, which is no folder"
        raise InputError(msg)
    found: dict[str, list[Path]] = {}
    for i, path in enumerate(sorted(folder.rglob("*"))):
        if i >= _MOST_FILES:
            msg = f"the folder of assets {folder} holds more than {_MOST_FILES:,} files; give a smaller one"
            raise LimitError(msg)
        if path.suffix.lower() in {".js", ".css"} and path.is_file():
            found.setdefault(path.name.lower(), []).append(path)
    return found


def _find(url: str, files: dict[str, list[Path]]) -> Path | None:
    path = unquote(urlsplit(url).path)
    name = path.rsplit("/", 1)[-1].lower()
    stem, dot, suffix = name.rpartition(".")
    other = f"{stem.removesuffix('.min')}{dot}{suffix}" if stem.endswith(".min") else f"{stem}.min{dot}{suffix}"
    found = files.get(name) or files.get(other) or []
    if len(found) < 2:
        return found[0] if found else None
    parts = {re.sub(r"@[\d.]+\Z", "", part).lower() for part in path.split("/")[:-1]}
    share = [sum(part.lower() in parts for part in at.parts[:-1]) for at in found]
    best = [at for at, n in zip(found, share, strict=True) if n == max(share)]
    if len({at.read_bytes() for at in best}) > 1:
        msg = f"several files in the folder of assets could be {url}: {', '.join(str(at) for at in best[:5])}; keep one"
        raise InputError(msg)
    return best[0]


def _with_pictures(css: str, path: Path, inside: Path | None, missing: list[str]) -> str:
    """Return a style sheet with the pictures of its folder as data, and without what else it would ask for."""

    def put(match: re.Match[str]) -> str:
        address = match[2].strip()
        if address.startswith("data:"):
            return match[0]
        kind = _IMAGES.get(PurePosixPath(unquote(address.split("?")[0].split("#")[0])).suffix.lower())
        at = _picture(address, path, inside) if kind and inside is not None else None
        if at is not None:
            return f'url("data:{kind};base64,{base64.b64encode(at.read_bytes()).decode("ascii")}")'
        # A font may be an SVG as well; the page allows none.
        if kind and "/fonts/" not in address:
            missing.append(f"{path.name}: {address}")
        return "none"

    return _URL.sub(put, css)


def _picture(address: str, path: Path, inside: Path) -> Path | None:
    """Return the small file that a style sheet means, or None; what leads out of the folder is not read.

    A published map must not carry files that nobody meant to give, so ``..``, absolute paths and
    symbolic links are followed to their end before the place is looked at.
    """
    try:
        parts = urlsplit(address)
        if parts.scheme or parts.netloc:
            return None
        at = (path.parent / unquote(parts.path)).resolve(strict=True)
        if not at.is_relative_to(inside.resolve(strict=True)) or not at.is_file():
            return None
        return at if at.stat().st_size <= _IMAGE_BYTES else None
    except (OSError, RuntimeError, ValueError):
        # It is not there, links to itself, or is no address.
        return None
