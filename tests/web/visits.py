"""Somebody who looks at pages: a browser without a screen, that sends forms as a real one does and reads strictly."""

import re
from functools import cache
from typing import Any

import html5lib
import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests.house import House
from web.access import COOKIE

BASE = "https://localhost"
ON_BOTH = pytest.mark.parametrize("furnished", ["sqlite", "postgresql"], indirect=True)
"""For tests that walk through all pages: once on each kind of database."""
_ZONES = re.compile(r'(?:<option value="[A-Z][A-Za-z_/+-]*">[A-Za-z /+-]*</option>)+')
"""Hundreds of zones, each like the other: they are left out before a page is read strictly, which takes its time."""
_ANY_TOKEN = re.compile(r'(?<=name="csrf_token" value=")[^"]+')
_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


class Visit:
    """One browser. Every page it gets is read strictly: a fault in its HTML is an error here."""

    def __init__(self, app: Flask, token: str = "") -> None:
        """Nobody is signed in, unless the browser holds a token."""
        self.client = app.test_client()
        self._form_tokens: dict[str, str] = {}
        if token:
            self.client.set_cookie(COOKIE, token, domain="localhost", secure=True, httponly=True)

    def get(self, path: str, **more: Any) -> TestResponse:
        """Open a page."""
        return checked(self.client.get(path, base_url=BASE, **more))

    def post(self, path: str, fields: dict[str, Any] | None = None, **more: Any) -> TestResponse:
        """Send a form from a page of ours."""
        headers = {"Sec-Fetch-Site": "same-origin"} | more.pop("headers", {})
        sent = {"csrf_token": self.form_token()} | (fields or {})
        return checked(self.client.post(path, data=sent, base_url=BASE, headers=headers, **more))

    def form_token(self) -> str:
        """What makes a form ours: any page that has one shows it."""
        secret = self.client.get_cookie("__Host-forms", "localhost")
        if secret is None or secret.value not in self._form_tokens:
            page = self.client.get("/settings", base_url=BASE)
            if page.status_code != 200:
                page = self.client.get("/forgotten", base_url=BASE)
            found = _TOKEN.search(page.text)
            assert found, page.text[:500]
            secret = self.client.get_cookie("__Host-forms", "localhost")
            assert secret
            self._form_tokens[secret.value] = found.group(1)
        return self._form_tokens[secret.value]

    def cookie(self) -> str:
        """The token that the browser holds, or ""."""
        kept = self.client.get_cookie(COOKIE, "localhost")
        return kept.value if kept else ""


class Visits:
    """The browsers of everybody in a house."""

    def __init__(self, app: Flask, house: House) -> None:
        """Take the pages and who lives there."""
        self.app, self.house = app, house

    def by(self, who: str = "") -> Visit:
        """Somebody's browser; nobody's where there is no name."""
        return Visit(self.app, self.house.tokens[who] if who else "")

    def path(self, pattern: str) -> str:
        """An address with its ids."""
        return self.house.path(pattern)


def checked(answer: TestResponse) -> TestResponse:
    """Read a page as strictly as the standard does, and let go of its file, if it is one."""
    answer.get_data()
    answer.close()
    if answer.mimetype == "text/html" and answer.data:
        read_strictly(_ANY_TOKEN.sub("", _ZONES.sub("", answer.text)))
    return answer


@cache
def read_strictly(page: str) -> None:
    """Read a page as strictly as the standard does; one that was read already is not read again."""
    html5lib.HTMLParser(strict=True).parse(page)
