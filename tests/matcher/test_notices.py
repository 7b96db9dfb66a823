from datetime import UTC, time

import pytest

from jobs.mail.letters import KINDS
from matcher import notices, outbox
from matcher.errors import ToldError
from matcher.notices import ABOUT_THE_ACCOUNT, KINDS_OF, is_off, set_mails
from matcher.vocabulary import Topic
from tests.rows import NOW
from tests.stage import DAY

FOR_COORDINATORS = {"quiet_pair", "promise_due", "failed_night"}
EVENING, MORNING = time(22, 15), time(7, 45)


@pytest.fixture
def member(stage):
    return stage.people(1)[0]


def choose(stage, member, **told):
    hours = {"quiet_from": EVENING, "quiet_until": MORNING, "mails_off": ["partner"]}
    set_mails(stage.session, member, NOW, **hours | told)
    stage.session.expire_all()


# What is chosen


def test_hours_and_topics_are_kept_as_they_were_chosen(stage, member):
    choose(stage, member, mails_off=["reminders", "proposals", "proposals"])
    assert (member.quiet_from, member.quiet_until) == (EVENING, MORNING)
    assert member.mails_off == ["proposals", "reminders"]
    choose(stage, member, mails_off=[], quiet_from=time(0), quiet_until=time(0))
    assert (member.quiet_from, member.quiet_until, member.mails_off) == (time(0), time(0), [])


@pytest.mark.parametrize(
    ("field", "told"),
    [
        ("quiet_from", time(21, 5)),
        ("quiet_from", time(21, 0, 30)),
        ("quiet_from", time(21, 0, 0, 1)),
        ("quiet_until", time(8, tzinfo=UTC)),
        ("mails_off", ["link_reset"]),
        ("mails_off", ["partner", "erasure_asked"]),
        ("mails_off", ["everything"]),
    ],
)
def test_each_slip_is_said_beside_its_field_and_nothing_is_changed(stage, member, field, told):
    with pytest.raises(ToldError) as problem:
        choose(stage, member, **{field: told})
    assert problem.value.field == field
    assert (member.quiet_from, member.quiet_until, member.mails_off) == (time(21), time(8), [])


# Which kinds belong to a topic


def test_every_kind_of_mail_is_of_one_topic_or_is_always_sent():
    of_a_topic = [kind for kinds in KINDS_OF.values() for kind in kinds]
    links = [kind for kind in KINDS if kind.startswith("link_")]
    assert sorted([*of_a_topic, *links, "invitation", *ABOUT_THE_ACCOUNT, *FOR_COORDINATORS]) == sorted(KINDS)


def test_every_topic_has_kinds_and_words_for_its_switch():
    assert set(KINDS_OF) == set(Topic)
    assert len({topic.words for topic in Topic}) == len(Topic)


@pytest.mark.parametrize("kind", sorted([*ABOUT_THE_ACCOUNT, *FOR_COORDINATORS, "link_reset", "link_take_back"]))
def test_what_is_about_the_account_is_never_off(kind):
    assert not is_off(list(Topic), kind)


def test_a_topic_switches_off_its_own_kinds_alone():
    assert is_off(["rests", "partner"], "started")
    assert not is_off(["rests", "partner"], "reminder")


# What was seen


def test_what_is_not_seen_is_there_until_it_is_marked_the_newest_first(stage, member):
    for days, kind in enumerate(("started", "ended", "resting")):
        outbox.tell(stage.session, member, kind, "a", NOW + days * DAY)
    outbox.tell(stage.session, member.account, "password_changed", "a", NOW + 3 * DAY)
    there = notices.unseen(stage.session, member.account)
    assert [each.kind for each in there] == ["password_changed", "resting", "ended", "started"]
    assert notices.mark_seen(stage.session, member.account, there[:2], NOW + 4 * DAY) == 2
    assert notices.mark_seen(stage.session, member.account, there, NOW + 5 * DAY) == 2
    stage.session.expire_all()
    assert notices.unseen(stage.session, member.account) == []
    assert there[0].seen_at == NOW + 4 * DAY
    assert notices.mark_seen(stage.session, member.account, [], NOW) == 0


def test_nobody_sees_or_marks_what_another_was_told(stage, member):
    (other,) = stage.people(1)
    outbox.tell(stage.session, other, "started", "a", NOW)
    theirs = notices.unseen(stage.session, other.account)
    assert notices.unseen(stage.session, member.account) == []
    assert notices.mark_seen(stage.session, member.account, theirs, NOW) == 0
    assert notices.unseen(stage.session, other.account) == theirs
