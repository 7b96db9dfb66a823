import re

import pytest

from web import create_app
from web.access import public
from web.security import HEADERS


def trouble():
    raise RuntimeError("nobody foresaw this")


@pytest.fixture
def answers(coordinator, key):
    """One answer of every kind, by what was asked."""
    browser = coordinator()
    browser.application.add_url_rule("/trouble", "trouble", public(trouble))
    paths = ("/", "/healthz", "/nowhere", "/trouble", "/static/style.css", "/static/nothing", f"/pairing/{key}")
    got = {path: browser.get(path) for path in paths}
    got |= {"POST /": browser.post("/"), "OPTIONS /": browser.options("/"), "HEAD /": browser.head("/")}
    yield got
    for answer in got.values():
        answer.close()


def test_every_answer_carries_every_header(answers):
    for asked, answer in answers.items():
        for name, value in HEADERS.items():
            assert answer.headers.getlist(name) == [value], (asked, name)


def test_nothing_inline_and_nothing_foreign_is_allowed():
    policy = HEADERS["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert not any(loose in policy for loose in ("unsafe", "*", "http", "data:"))


def test_nothing_but_our_own_static_files_is_kept(answers):
    kept = {asked for asked, answer in answers.items() if answer.headers["Cache-Control"] != "no-store"}
    assert kept == {"/static/style.css"}


def test_no_answer_sets_a_cookie_or_names_a_version(answers):
    for answer in answers.values():
        assert "Set-Cookie" not in answer.headers
        assert "Server" not in answer.headers


INLINE_OR_FOREIGN = re.compile(r"<script|<style|\sstyle=|<[^>]*\son\w+=|javascript:|//", re.I)


def test_no_page_holds_code_or_style_of_its_own_or_anything_foreign(answers):
    for asked, answer in answers.items():
        if answer.mimetype == "text/html":
            assert INLINE_OR_FOREIGN.search(answer.text) is None, asked


@pytest.mark.parametrize("bad", ["<script>", "<p style=''>", "<p onclick='x'>", "<a href='//elsewhere.example'>"])
def test_the_search_for_inline_code_turns_red(bad):
    assert INLINE_OR_FOREIGN.search(bad)


def test_another_origin_is_never_let_in(visitor):
    answer = visitor.get("/", headers={"Origin": "https://elsewhere.example"})
    assert not [name for name, _ in answer.headers if name.startswith("Access-Control")]


def test_a_forged_host_is_never_echoed():
    answer = create_app({}).test_client().get("/nowhere", headers={"Host": "elsewhere.example"})
    assert "elsewhere" not in answer.text
