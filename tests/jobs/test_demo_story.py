"""What is told of a night is what its rows hold."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from jobs.demo_days import Chapter
from jobs.demo_story import short, told_chapter, told_end
from matcher.models import AuditEvent, Group, Member, PairingRun
from tests.invented_night import invented_night
from tests.rows import NOW


@pytest.fixture
def session(sessions):
    with sessions.begin() as session:
        yield session


def day_of(night: date) -> Chapter:
    begins, ends = (datetime.combine(night, moment, UTC) for moment in (datetime.min.time(), datetime.max.time()))
    return Chapter(night, begins, ends, 4)


def test_a_day_stands_at_the_head_of_a_line():
    assert short(date(2026, 11, 1)) == "Sun 1 Nov"


def test_a_night_is_told_with_who_came_what_was_proposed_and_who_is_alone(session):
    group, _ = invented_night(session)
    told = told_chapter(session, group, day_of(NOW.date()))
    assert told.startswith("Wed 14 Jan  4 came. 99 waited: 9 pairs, 2 trios, 3 alone.")


def test_what_members_did_is_told_by_name_and_a_block_or_a_goodbye_without(session):
    group, run = invented_night(session)
    member = run.alone[0].member
    for act in ("rest begun", "left", "block"):
        session.add(AuditEvent(at=NOW, actor="a test", act=act, subject=f"members:{member.public_id}"))
    session.flush()
    told = " ".join(told_chapter(session, group, day_of(NOW.date())).split())
    assert f"{member.name} rests for eight days" in told
    assert "Somebody left the group" in told
    assert "Somebody blocked a partner" in told


def test_a_night_without_a_run_is_told_as_such(session):
    group, _ = invented_night(session)
    assert "Nobody was paired." in told_chapter(session, group, day_of(date(2025, 1, 1)))


def test_in_the_end_everybody_is_somewhere(lived):
    with lived.rows() as session:
        group, until = session.scalars(select(Group)).one(), session.scalars(select(PairingRun.night)).all()[-1]
        told = " ".join(told_end(session, group, until).split())
        figures = [int(word) for word in told.replace(".", "").split() if word.isdigit()]
        there, partnered, _, proposed, waiting, resting, left, _ = figures[1:]
        assert there == len(session.scalars(select(Member)).all())
        assert partnered + proposed + waiting + resting + left == there
