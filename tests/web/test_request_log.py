"""One line for every request: its route, and neither its path nor anything of anybody."""

import pytest

from tests.house import PASSWORD
from tests.web.test_memberships import member_of
from web.policy import OPEN, POLICY


def test_one_line_for_every_request_with_its_route_status_and_time(visits, log_lines):
    visit = visits.by("waiting")
    visit.get(visits.path("/members/{waiting}/hours"))
    visit.client.head("/help", base_url="https://localhost")
    visit.get("/static/style.css")
    visit.get("/nowhere")
    lines = log_lines()
    assert [(line["method"], line["route"], line["status"]) for line in lines] == [
        ("GET", "/members/<member_id>/hours", 200),
        ("HEAD", "/help", 200),
        ("GET", "/static/<path:filename>", 200),
        ("GET", "no route", 404),
    ]
    assert all(line["event"] == "request" and 0 <= line["milliseconds"] < 5000 for line in lines)
    assert all(
        set(line) == {"method", "route", "status", "milliseconds", "event", "level", "timestamp"} for line in lines
    )


@pytest.mark.parametrize("path", ["/reset/{reset}", "/reset/{reset}?again={reset}", "/reset/{reset}/more", "/{reset}"])
def test_a_link_is_never_written_down(visits, path, capfd):
    visit = visits.by()
    token = visit.form_token()
    capfd.readouterr()
    visit.get(visits.path(path))
    visit.post(visits.path(path), {"csrf_token": token, "password": "short"})
    written = capfd.readouterr()
    assert written.err.count('"request"') >= 2
    assert visits.house.ids["reset"] not in written.err + written.out


def test_a_failure_is_written_down_with_its_route_and_not_with_its_path(app, visits, monkeypatch, capfd):
    def trouble(key):
        raise RuntimeError("nobody foresaw this")

    app.add_url_rule("/trouble/<key>", "trouble", trouble)
    monkeypatch.setitem(POLICY, "trouble", ("GET", OPEN))
    assert visits.by().get("/trouble/a-secret").status_code == 500
    written = capfd.readouterr().err
    assert "nobody foresaw this" in written
    assert "/trouble/<key>" in written
    assert "a-secret" not in written


def test_people_never_reach_the_log_nor_what_they_type(visits, rows, capfd):
    with rows() as session:
        told = member_of(session, visits, "waiting")
        private = [told.name, told.card, told.goals[0].words, told.public_id, "waiting@example.org", PASSWORD]
    visit = visits.by("waiting")
    for path in ("/settings", "/members/{waiting}/goals", "/members/{waiting}/support", "/members/{waiting}/preview"):
        visit.get(visits.path(path))
    visit.post(visits.path("/members/{waiting}/support"), {"card": "canary" * 300})
    visits.by().post("/sign-in", {"address": "waiting@example.org", "password": PASSWORD})
    visits.by().post("/sign-in", {"address": "canary@example.org", "password": "canary"})
    written = capfd.readouterr().err
    assert written.count('"request"') >= 7
    assert [each for each in [*private, "canary", *visits.house.tokens.values()] if each in written] == []
