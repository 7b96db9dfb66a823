"""The session of a request: what looks keeps nothing, what is not committed is gone, and nothing is opened early."""

import threading

import pytest
from flask import g
from sqlalchemy import select

from matcher.models import Group
from tests.house import settings_of
from tests.web.pages import words_of
from web import create_app, database
from web.database import db, sessions
from web.policy import OPEN, POLICY


@pytest.fixture
def renames(app, monkeypatch):
    """A page that renames a group, with or without a commit, and may fail after it."""

    def rename(commits=False, fails=False):
        def view():
            db().scalars(select(Group).where(Group.name == "Another Group")).one().name = "Renamed"
            db().flush()
            if commits:
                db().commit()
            if fails:
                raise RuntimeError("nobody foresaw this")
            return {"is": "renamed"}

        for method in ("GET", "POST"):
            app.add_url_rule("/rename", f"rename_{method}", view, methods=[method])
            monkeypatch.setitem(POLICY, f"rename_{method}", (method, OPEN))

    return rename


def names(rows):
    with rows() as session:
        return set(session.scalars(select(Group.name)))


def test_what_a_look_writes_is_thrown_away(visits, rows, renames, furnished):
    renames(commits=True)
    answer = visits.by().get("/rename")
    assert answer.status_code == (200 if furnished[0].startswith("sqlite") else 500)
    assert "Another Group" in names(rows)


def test_what_a_form_writes_is_kept_when_its_view_commits(visits, rows, renames):
    renames(commits=True)
    assert visits.by().post("/rename").get_json() == {"is": "renamed"}
    assert "Renamed" in names(rows)


def test_what_was_not_committed_is_rolled_back(visits, rows, renames):
    renames()
    assert visits.by().post("/rename").get_json() == {"is": "renamed"}
    assert "Another Group" in names(rows)


def test_a_failure_rolls_back_and_leaves_the_connection_good(visits, rows, renames):
    renames(fails=True)
    assert visits.by().post("/rename").status_code == 500
    assert "Another Group" in names(rows)
    assert visits.by("waiting").get("/today").status_code == 200


def test_a_request_has_one_session_and_gives_it_back(app):
    with app.test_request_context("/today"):
        opened = db()
        assert db() is opened
        database.close(None)
        assert "db" not in g
        database.close(None)
        assert db() is not opened
    assert sessions_in(app).kw["bind"].pool.checkedout() == 0


def sessions_in(app):
    with app.app_context():
        return sessions()


def test_the_engine_is_made_at_the_first_request_and_once_for_all_threads(app):
    made = app.extensions["alongside.sessions"]
    assert made._made is None
    found = []
    threads = [threading.Thread(target=lambda: found.append(made.get())) for _ in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert len(set(map(id, found))) == 1
    made.close()
    assert made._made is None
    made.close()


def test_a_page_that_asks_nothing_of_the_database_opens_none(app, visits):
    assert visits.by().get("/healthz").status_code == 200
    assert app.extensions["alongside.sessions"]._made is None


@pytest.mark.parametrize("path", ["/today", "/sign-in", "/invitations/any"])
@pytest.mark.parametrize("url", ["sqlite:///{folder}/none.db", "postgresql://nobody@127.0.0.1:1/none"])
def test_a_database_that_is_not_there_is_said_in_words_and_help_is_named_all_the_same(tmp_path, capfd, url, path):
    browser = create_app({"SETTINGS": settings_of(tmp_path, url.format(folder=tmp_path))}).test_client()
    browser.set_cookie("__Host-alongside", "a token from before", domain="localhost", secure=True)
    answer = browser.get(path, base_url="https://localhost")
    assert answer.status_code == 503
    words = words_of(answer)
    assert "This cannot be shown right now The database of this server is not ready. Nothing was lost." in words
    assert "alongside doctor" in words
    assert "call your local emergency number" in words
    assert "127.0.0.1" not in words
    assert "not ready" in capfd.readouterr().err


def test_it_is_looked_for_again_at_each_request_until_it_is_there(migrated_sqlite, tmp_path):
    settings = settings_of(tmp_path, f"sqlite:///{tmp_path / 'late.db'}")
    app = create_app({"SETTINGS": settings})
    browser = app.test_client()
    browser.set_cookie("__Host-alongside", "a token from before", domain="localhost", secure=True)
    assert browser.get("/today", base_url="https://localhost").status_code == 503
    (tmp_path / "late.db").write_bytes(migrated_sqlite.read_bytes())
    assert browser.get("/today", base_url="https://localhost").status_code == 303
    app.extensions["alongside.sessions"].close()
