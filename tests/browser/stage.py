"""Every page in every state, served to a real browser, and how that browser is started."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, sync_playwright
from sqlalchemy.orm import Session, sessionmaker
from werkzeug.serving import WSGIRequestHandler, make_server

from matcher.database import engine_for, sessions_of
from matcher.schema import upgrade
from tests.databases import KEYRING
from tests.house import PAGES as HOUSE_PAGES
from tests.house import House, furnish, settings_of
from tests.rows import NOW
from web import create_app
from web.access import COOKIE

CHROMIUM = Path("/usr/bin/chromium-headless-shell")
FLAGS = """--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking
--disable-component-update --disable-sync"""
PAGES = HOUSE_PAGES | {"not-allowed": ("", "/#post"), "our-fault": ("", "/healthz")}


class Quiet(WSGIRequestHandler):
    """The pages write their own line about every request."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing."""


class Served:
    """The pages with a house full of people behind them: where they are, and its rows."""

    def __init__(self, start: str, house: House, sessions: sessionmaker[Session]) -> None:
        """Take where the pages are."""
        self.start, self.house, self.sessions = start, house, sessions

    def address(self, name: str) -> str:
        """The whole address of a page by its name."""
        return self.start.rstrip("/") + self.house.path(PAGES[name][1])

    def let_in(self, context: BrowserContext, name: str) -> None:
        """Give a browser the cookie of whoever looks at a page."""
        if who := PAGES[name][0]:
            self.sign_in(context, who)

    def sign_in(self, context: BrowserContext, who: str) -> None:
        """Give a browser somebody's cookie."""
        cookie = {
            "name": COOKIE,
            "value": self.house.tokens[who],
            "url": self.start.replace("http:", "https:"),
            "secure": True,
        }
        context.add_cookies([cookie | {"httpOnly": True, "sameSite": "Lax"}])  # type: ignore[list-item]


@contextmanager
def stage(folder: Path) -> Iterator[Served]:
    """Serve everything, by a clock that stands still."""
    url = f"sqlite:///{folder / 'alongside.db'}"
    engine = engine_for(url, KEYRING)
    upgrade(engine)
    sessions = sessions_of(engine)
    house = furnish(sessions)
    app = create_app({"SETTINGS": settings_of(folder, url), "CLOCK": lambda: NOW})
    app.view_functions["health.show"] = trouble
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield Served(f"http://localhost:{server.server_port}/", house, sessions)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        engine.dispose()


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
