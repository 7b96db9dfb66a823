"""Every page in every state, served to a real browser, and how that browser is started."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, sync_playwright
from werkzeug.serving import WSGIRequestHandler, make_server

from tests.invented_night import keep_invented_night
from tests.invented_pairing import invented_pairing, write_pairing
from web import create_app
from web.access import public

CHROMIUM = Path("/usr/bin/chromium-headless-shell")
FLAGS = """--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking
--disable-component-update --disable-sync"""
KEY = "a-key-for-the-tests-alone"
RESULTS: dict[str, Any] = {
    "pairing": invented_pairing(),
    "pairing-everybody": invented_pairing(pairs=3, trios=0, alone=0, set_aside=0),
    "pairing-nobody": invented_pairing(pairs=0, trios=0, alone=0, set_aside=0),
    "broken-file": {"pairs": []},
}
PAGES = ("welcome", *RESULTS, "last-night", "not-found", "not-allowed", "our-fault")


class Quiet(WSGIRequestHandler):
    """The pages write their own line about every request."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing."""


@contextmanager
def stage(folder: Path) -> Iterator[dict[str, str]]:
    """Serve everything; the address of each page by its name."""
    with ExitStack() as servers:
        start = servers.enter_context(served({}))
        addresses = {"welcome": start, "not-found": f"{start}nowhere", "not-allowed": f"{start}#post"}
        addresses["our-fault"] = f"{start}trouble"
        for name, result in RESULTS.items():
            room = folder / name
            room.mkdir()
            config = {"PAIRING_FILE": str(write_pairing(room, result)), "PAIRING_KEY": KEY}
            addresses[name] = f"{servers.enter_context(served(config))}pairing/{KEY}"
        addresses["last-night"] = servers.enter_context(last_night_served(keep_invented_night(folder)))
        yield addresses


@contextmanager
def served(config: dict[str, str]) -> Iterator[str]:
    """The pages under one configuration, with one page that always fails."""
    app = create_app(config)
    app.add_url_rule("/trouble", "trouble", public(trouble))
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    thread.join()
    server.server_close()


@contextmanager
def last_night_served(settings: dict[str, str]) -> Iterator[str]:
    """The page of a night in a database, by `alongside serve`: its settings are those of a process of its own."""
    command = [Path(sys.executable).with_name("alongside"), "serve", "--port", "0"]
    with subprocess.Popen(command, env=os.environ | settings, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout
        said = "".join(iter(server.stdout.readline, "Ctrl-C ends it.\n"))
        try:
            yield next(word for word in said.split() if "/pairing/" in word)
        finally:
            server.terminate()


def trouble() -> str:
    """What nobody foresaw."""
    raise RuntimeError("nobody foresaw this")


@contextmanager
def chromium() -> Iterator[Browser]:
    """Debian's own, as it runs for root too."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS.split())
        yield browser
        browser.close()


def visit(page: Any, address: str) -> None:
    """Go there by GET; an address that ends in #post is asked by POST, as a stray form would."""
    if address.endswith("#post"):
        page.route(address.removesuffix("#post"), lambda route: route.continue_(method="POST"))
    page.goto(address.removesuffix("#post"))
