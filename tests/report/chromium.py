"""A headless Chromium, driven over its own pipe: no port, no driver, no package; it opens files and is asked what they do."""

from __future__ import annotations

import base64
import contextlib
import json
import os
import select
import shutil
import subprocess
import time
from collections.abc import Callable, Generator, Mapping
from pathlib import Path
from typing import Any

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--force-color-profile=srgb",
    "--remote-debugging-pipe",
)
PATIENCE = 60.0


def program() -> str:
    """Give the Chromium that is installed, '' if none is."""
    return next((found for name in NAMES if (found := shutil.which(name))), "")


class Page:
    """One tab. `errors` and `requests` are what the page said and asked for since it was made."""

    def __init__(self, reading: int, writing: int) -> None:
        """`reading` and `writing` are the ends of the pipe that are ours."""
        self._reading, self._writing = reading, writing
        self._number, self._rest, self._session = 0, b"", ""
        self.errors: list[str] = []
        self.requests: list[str] = []
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.ask(f"{domain}.enable")
        self.size(1400, 1000)

    def ask(self, method: str, **parameters: Any) -> Any:
        """Send a command and give its answer."""
        self._number += 1
        said = {"id": self._number, "method": method, "params": parameters}
        if self._session:
            said["sessionId"] = self._session
        os.write(self._writing, json.dumps(said).encode() + b"\0")
        while True:
            heard = self._hear()
            if heard.get("id") == self._number:
                assert "error" not in heard, heard["error"]
                return heard["result"]
            self._note(heard)

    def _hear(self) -> dict[str, Any]:
        until = time.monotonic() + PATIENCE
        while b"\0" not in self._rest:
            ready, _, _ = select.select([self._reading], [], [], max(0.0, until - time.monotonic()))
            read = os.read(self._reading, 1 << 20) if ready else b""
            assert read, "Chromium has ended, or does not answer"
            self._rest += read
        line, _, self._rest = self._rest.partition(b"\0")
        return dict(json.loads(line))

    def _note(self, heard: Mapping[str, Any]) -> None:
        told = heard.get("params", {})
        match heard.get("method"):
            case "Runtime.exceptionThrown":
                self.errors.append(json.dumps(told["exceptionDetails"])[:500])
            case "Runtime.consoleAPICalled" if told["type"] in {"error", "warning", "assert"}:
                self.errors.append(json.dumps(told["args"])[:500])
            case "Log.entryAdded" if told["entry"]["level"] in {"error", "warning"}:
                self.errors.append(f"{told['entry']['text']} {told['entry'].get('url', '')}")
            case "Network.requestWillBeSent":
                self.requests.append(told["request"]["url"])
            case "Page.javascriptDialogOpening":
                self.errors.append(f"dialog: {told['message']}")
            case _:
                pass

    def size(self, width: int, height: int) -> None:
        """Make the window so large."""
        self.ask("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)

    def emulate(self, *, dark: bool = False, printed: bool = False, script: bool = True) -> None:
        """Be a browser with a dark theme, one that prints, or one without JavaScript."""
        theme = [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]
        self.ask("Emulation.setEmulatedMedia", media="print" if printed else "", features=theme)
        self.ask("Emulation.setScriptExecutionDisabled", value=not script)

    def open(self, path: Path) -> None:
        """Open a file and wait until it is loaded."""
        self.requests.clear()
        self.ask("Page.navigate", url=path.resolve().as_uri())
        self.until(lambda: self.run("document.readyState") == "complete" and self.run("location.href") != "about:blank")

    def until(self, true: Callable[[], object]) -> None:
        """Wait until something is so."""
        until = time.monotonic() + PATIENCE
        while not true():
            assert time.monotonic() < until, "it does not become so"
            time.sleep(0.02)

    def run(self, expression: str) -> Any:
        """Give the value of an expression in the page."""
        answer = self.ask("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    def press(self, *names: str) -> None:
        """Press keys one after the other, as somebody at a keyboard does."""
        codes = {"Enter": 13, "Escape": 27, "Tab": 9, "ArrowDown": 40, "ArrowUp": 38, " ": 32}
        for name in names:
            text = {"Enter": "\r"}.get(name, name if len(name) == 1 else "")
            key = {"key": name, "windowsVirtualKeyCode": codes.get(name, ord(name[0].upper()))}
            self.ask("Input.dispatchKeyEvent", type="keyDown" if text else "rawKeyDown", **key, text=text)
            self.ask("Input.dispatchKeyEvent", type="keyUp", **key)

    def picture(self, path: Path, *, whole: bool = False) -> None:
        """Take a screenshot."""
        taken = self.ask("Page.captureScreenshot", format="png", captureBeyondViewport=whole)
        path.write_bytes(base64.b64decode(taken["data"]))

    def pdf(self, path: Path) -> None:
        """Print it."""
        taken = self.ask("Page.printToPDF", printBackground=False, landscape=True)
        path.write_bytes(base64.b64decode(taken["data"]))


@contextlib.contextmanager
def browser(profile: Path) -> Generator[Page]:
    """Start a Chromium with a new profile; it is ended afterwards with everything it started."""
    their_reading, our_writing = os.pipe()
    our_reading, their_writing = os.pipe()

    # --remote-debugging-pipe speaks on 3 and 4: the shell moves our ends there, whatever their numbers are here.
    shell = 'exec 3<&"$1" 4>&"$2"; shift 2; exec "$@"'
    command = [program(), *FLAGS, f"--user-data-dir={profile}", "about:blank"]
    started = subprocess.Popen(
        ["bash", "-c", shell, "bash", str(their_reading), str(their_writing), *command],
        pass_fds=(their_reading, their_writing),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "HOME": str(profile), "NO_PROXY": "*"},
    )
    os.close(their_reading)
    os.close(their_writing)
    try:
        page = Page(our_reading, our_writing)
        yield page
        with contextlib.suppress(AssertionError, OSError):
            page._session = ""
            page.ask("Browser.close")
    finally:
        os.close(our_writing)
        os.close(our_reading)
        try:
            started.wait(10)
        except subprocess.TimeoutExpired:
            started.kill()
            started.wait(10)
