"""A small client of Firefox's Marionette: JSON with its length before it, over a local socket.

The protocol is described in Firefox's source documentation under "Marionette". Only what the
smoke test needs is here.
"""

from __future__ import annotations

import base64
import contextlib
import json
import socket
import subprocess
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

# Firefox of itself asks its maker's servers for many things; a proxy that is not there ends that.
PREFERENCES = {
    "network.proxy.type": 1,
    "network.proxy.http": "127.0.0.1",
    "network.proxy.http_port": 9,
    "network.proxy.ssl": "127.0.0.1",
    "network.proxy.ssl_port": 9,
    "network.proxy.no_proxies_on": "",
    "browser.shell.checkDefaultBrowser": False,
    "browser.startup.homepage_override.mstone": "ignore",
    "datareporting.policy.dataSubmissionEnabled": False,
    "toolkit.telemetry.enabled": False,
    "app.update.enabled": False,
    "ui.prefersReducedMotion": 1,
    "privacy.resistFingerprinting": False,
}


class Marionette:
    """One headless Firefox with a profile of its own."""

    def __init__(self, firefox: str, profile: Path, *, size: tuple[int, int]) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        lines = {**PREFERENCES, "marionette.port": port}
        (profile / "user.js").write_text(
            "".join(f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in lines.items()),
            encoding="utf-8",
        )
        command = [firefox, "--headless", "--marionette", "-remote-allow-system-access", "--no-remote"]
        with (profile / "log.txt").open("wb") as log:
            self.process = subprocess.Popen(
                [*command, "--profile", str(profile), f"--width={size[0]}", f"--height={size[1]}"],
                stdout=log,
                stderr=log,
            )
        self.socket = self._connect(port)
        self.stream = self.socket.makefile("rb")
        self.number = 0
        self._read()
        self.send("WebDriver:NewSession")
        self.send("WebDriver:SetTimeouts", script=20_000)
        self.send("WebDriver:SetWindowRect", width=size[0], height=size[1])

    def _connect(self, port: int) -> socket.socket:
        until = time.monotonic() + 60
        while True:
            try:
                return socket.create_connection(("127.0.0.1", port), timeout=60)
            except OSError:
                if time.monotonic() > until or self.process.poll() is not None:
                    raise
                time.sleep(0.1)

    def _read(self) -> object:
        length = b""
        while not length.endswith(b":"):
            byte = self.stream.read(1)
            if not byte:
                msg = "Firefox closed the connection"
                raise ConnectionError(msg)
            length += byte
        return json.loads(self.stream.read(int(length[:-1])))

    def send(self, command: str, **parameters: object) -> object:
        """Send a command and return its result; its error is raised."""
        self.number += 1
        raw = json.dumps([0, self.number, command, parameters]).encode()
        self.socket.sendall(f"{len(raw)}:".encode() + raw)
        _, number, error, result = self._read()
        assert number == self.number
        if error:
            msg = f"{command}: {error['error']}: {error['message']}"
            raise RuntimeError(msg)
        return result.get("value") if isinstance(result, dict) and "value" in result else result

    def open(self, path: Path) -> None:
        """Open a file and wait until the page says that it is drawn, or that it failed."""
        self.send("WebDriver:Navigate", url=path.as_uri())
        until = time.monotonic() + 20
        while self.run("return document.documentElement.dataset.gcReady ?? null") is None:
            assert time.monotonic() < until, "the page was not drawn after 20 s"
            time.sleep(0.05)

    def run(self, script: str, *args: object) -> object:
        """Run a script in the page and return what it returns."""
        return self.send("WebDriver:ExecuteScript", script=script, args=list(args), sandbox=None)

    def click(self, x: float, y: float) -> None:
        """Click at a point of the window."""
        steps = [
            {"type": "pointerMove", "x": round(x), "y": round(y), "duration": 0},
            {"type": "pointerDown", "button": 0},
            {"type": "pointerUp", "button": 0},
        ]
        mouse = {"type": "pointer", "id": "mouse", "parameters": {"pointerType": "mouse"}, "actions": steps}
        self.send("WebDriver:PerformActions", actions=[mouse])
        self.send("WebDriver:ReleaseActions")

    def screenshot(self) -> bytes:
        """Return what the window shows, as a PNG."""
        return base64.b64decode(self.send("WebDriver:TakeScreenshot", full=False, hash=False))

    def complaints(self, address: str) -> list[str]:
        """Return errors and warnings of Firefox's console about a page, CSP's among them."""
        self.send("Marionette:SetContext", value="chrome")
        try:
            return self.run(
                """return Services.console.getMessageArray()
                  .filter((m) => m instanceof Ci.nsIScriptError && String(m.sourceName).startsWith(arguments[0]))
                  .map((m) => m.errorMessage);""",
                address,
            )
        finally:
            self.send("Marionette:SetContext", value="content")

    def close(self) -> None:
        """End this Firefox."""
        with contextlib.suppress(OSError, ValueError):
            self.send("Marionette:Quit", flags=["eForceQuit"])
        self.socket.close()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(20)
