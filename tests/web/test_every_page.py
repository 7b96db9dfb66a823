"""Every page in every state: strict HTML, every header, light, few questions to the database, and nothing changed."""

import gzip
import re
from datetime import timedelta

import pytest
from sqlalchemy import MetaData, select

from matcher.models import Group
from tests.house import PAGES
from tests.rows import NOW, make_member
from tests.web.visits import ON_BOTH
from web.policy import OPEN, POLICY
from web.security import HEADERS

MOST_BYTES = 20_000
MOST_STATEMENTS = 12
INLINE_OR_FOREIGN = re.compile(
    r"""<script(?! src="/static/)|<style|\sstyle=|<[^>]*\son\w+=|javascript:|(?:src|href)=["'](?:https?:)?//""", re.I
)
ALLOWED_TO_CHANGE = {"counters": None, "sign_ins": "seen_at"}
"""What GET may change: rate counters, and that a browser was seen."""


def dump(sessions):
    """All rows of all tables, but for what a look may change."""
    with sessions() as session:
        found = MetaData()
        found.reflect(session.connection())
        return {
            table.name: sorted(repr(row) for row in session.execute(select(*columns_of(table))))
            for table in found.sorted_tables
            if table.name not in ALLOWED_TO_CHANGE or ALLOWED_TO_CHANGE[table.name]
        }


def columns_of(table):
    return [column for column in table.columns if column.name != ALLOWED_TO_CHANGE.get(table.name)]


@pytest.fixture
def everything(visits):
    """One answer for every page, read strictly on the way."""
    return {name: visits.by(who).get(visits.path(path)) for name, (who, path) in PAGES.items()}


@ON_BOTH
def test_every_page_opens_weighs_little_and_holds_no_code_and_nothing_foreign(everything):
    for name, answer in everything.items():
        assert answer.status_code == {"not-found": 404, "link-over": 410}.get(name, 200), (name, answer.location)
        assert len(gzip.compress(answer.data)) < MOST_BYTES, name
        assert INLINE_OR_FOREIGN.search(answer.text) is None, (name, INLINE_OR_FOREIGN.search(answer.text))


@pytest.mark.parametrize(
    "bad",
    ["<script>", "<p style=''>", "<p onclick='x'>", '<a href="//elsewhere.example">', '<img src="https://x.example">'],
)
def test_the_search_for_code_and_for_what_is_foreign_turns_red(bad):
    assert INLINE_OR_FOREIGN.search(bad)


def test_style_and_scripts_are_light(visits):
    there = [visits.by().get(f"/static/{name}") for name in ("style.css", "alongside.js", "week.js", "mark.svg")]
    assert sum(len(gzip.compress(answer.data)) for answer in there) < MOST_BYTES
    assert sum(len(answer.data) for answer in there[1:3]) < 10_000


def test_every_answer_carries_every_header(visits, everything):
    nobody = visits.by()
    odd = {
        "405": nobody.client.put("/", base_url="https://localhost"),
        "403": nobody.client.post("/sign-in", base_url="https://localhost"),
        "303": nobody.get("/today"),
        "static": nobody.get("/static/style.css"),
        "no static": nobody.get("/static/nothing"),
        "healthz": nobody.get("/healthz"),
        "OPTIONS": nobody.client.options("/", base_url="https://localhost"),
    }
    for name, answer in (everything | odd).items():
        for header, value in HEADERS.items():
            assert answer.headers.getlist(header) == [value], (name, header)
        assert "Server" not in answer.headers
        kept = answer.headers.get("Cache-Control")
        assert (kept == "no-store") is (name != "static"), (name, kept)


def test_a_failure_carries_them_too_and_tells_nothing(app, visits, monkeypatch):
    app.add_url_rule("/trouble", "trouble", lambda: 1 / 0)
    monkeypatch.setitem(POLICY, "trouble", ("GET", OPEN))
    for who in ("", "waiting"):
        answer = visits.by(who).get("/trouble")
        assert answer.status_code == 500
        assert "ZeroDivisionError" not in answer.text
        assert "Something broke on our side" in answer.text
        assert "If you are in danger" in answer.text
        assert {name: answer.headers[name] for name in HEADERS} == HEADERS


def test_every_page_knows_the_way_to_help(everything):
    for name, answer in everything.items():
        assert 'href="#help"' in answer.text, name
        assert "call your local emergency number" in answer.text, name
    assert "The line of this test: never called" in everything["today-waiting"].text


def test_whoever_is_signed_in_can_sign_out_and_leave_on_every_page(everything):
    for name, (who, _) in PAGES.items():
        for way in ("/sign-out", "/leave-now"):
            assert (f'action="{way}"' in everything[name].text) is bool(who), (name, way)


@ON_BOTH
def test_looking_changes_nothing(visits, rows, clock):
    before = dump(rows)
    clock.now += timedelta(minutes=2)
    for who, path in PAGES.values():
        if "second-factor" not in path and "/settings/" not in path and "/leave" not in path:
            assert visits.by(who).get(visits.path(path)).status_code < 500
            assert visits.by(who).client.head(visits.path(path), base_url="https://localhost").status_code < 500
    assert dump(rows) == before


def test_a_look_that_changed_something_would_be_seen(rows):
    before = dump(rows)
    with rows.begin() as session:
        session.connection().exec_driver_sql("UPDATE members SET name = 'changed' WHERE id = 1")
    assert dump(rows) != before


@ON_BOTH
@pytest.mark.parametrize("larger", [False, True], ids=["as it is", "with forty more members"])
def test_every_page_asks_the_database_a_few_things_however_large_the_group(visits, rows, statements, larger):
    if larger:
        with rows.begin() as session:
            group = session.get_one(Group, 1)
            for _ in range(40):
                make_member(session, group, joined_at=NOW)
    asked = {}
    for name, (who, path) in PAGES.items():
        statements.clear()
        visits.by(who).get(visits.path(path))
        asked[name] = len([each for each in statements if not each.startswith(("SET TRANSACTION", "BEGIN"))])
    assert {name: number for name, number in asked.items() if number > MOST_STATEMENTS} == {}
