"""The one clock of the pages."""

from datetime import UTC, datetime, timedelta

from tests.house import settings_of
from web import create_app
from web.clock import now


def test_it_is_the_tests_clock_where_they_set_one(app, clock):
    with app.app_context():
        before = now()
        clock.now += timedelta(days=1)
        assert now() - before == timedelta(days=1)


def test_else_it_is_this_moment_in_utc(tmp_path):
    with create_app({"SETTINGS": settings_of(tmp_path, "sqlite:///none.db")}).app_context():
        before, read, after = datetime.now(UTC), now(), datetime.now(UTC)
    assert before <= read <= after
    assert read.utcoffset() == timedelta(0)
