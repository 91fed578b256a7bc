"""A browser without a network, and the tables that the pictures are made of."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


class Opened:
    """A page that was opened from a file, and what it said and asked for."""

    def __init__(self, page: object) -> None:
        self.page = page
        self.requests: list[str] = []
        self.errors: list[str] = []
        self.dialogs: list[str] = []
        page.on("request", lambda r: self.requests.append(r.url))
        page.on("pageerror", lambda e: self.errors.append(str(e)))

        def dialog(d: object) -> None:
            self.dialogs.append(d.message)
            d.dismiss()

        page.on("dialog", dialog)


@pytest.fixture
def open_map(chromium: object, tmp_path: Path) -> Iterator[Callable[..., Opened]]:
    contexts = []

    def opened(drawn: object, *, width: int = 1280, height: int = 800, **context: object) -> Opened:
        path = tmp_path / f"map{len(contexts)}.html"
        drawn.save(path) if hasattr(drawn, "save") else path.write_text(drawn, encoding="utf-8")
        made = chromium.new_context(
            viewport={"width": width, "height": height}, offline=True, reduced_motion="reduce", **context
        )
        contexts.append(made)
        page = made.new_page()
        out = Opened(page)
        page.goto(path.as_uri())
        page.wait_for_selector("html[data-gc-ready]", state="attached", timeout=20_000)
        return out

    yield opened
    for context in contexts:
        context.close()
