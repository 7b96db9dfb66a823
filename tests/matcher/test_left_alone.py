import pytest

from matcher.left_alone import of_last_night, told_to_member, why
from matcher.models import LeftAlone, Member
from matcher.pairing import Cause
from matcher.states import RunState
from tests.rows import make_run
from tests.stage import SUNDAY, WEDNESDAY


def row(cause, **barriers):
    return LeftAlone(member=Member(public_id="m"), cause=cause, possible_partners=1, barriers=barriers)


@pytest.mark.parametrize("cause", [*Cause, "set free"])
def test_every_cause_a_row_may_hold_is_a_sentence(cause):
    assert why(row(cause))[0].endswith(".")


def test_what_is_nobodys_business_is_one_word():
    found = why(row(Cause.ODD_CIRCLE, BLOCKED=1, HELD=2, NO_COMMON_LANGUAGE=1))
    assert found[1:] == ("Not together with 3 others.", "No common language with 1 other.")


def test_a_row_that_kept_no_counts_of_who_competes_tells_none():
    assert "0" not in why(row(Cause.COMPETITION))[0]


def test_a_member_reads_what_could_help_and_never_a_count():
    alone = row(Cause.COMPETITION, BLOCKED=1, NO_COMMON_LANGUAGE=7)
    assert told_to_member(alone) == [
        "There was nobody for you in this pairing. That is about hours and numbers, not about you."
    ]
    alone.could_help = "One more evening could help."
    assert told_to_member(alone)[1:] == ["One more evening could help."]


def test_the_last_night_is_the_newest_of_the_group_that_went_out(stage):
    (member,) = stage.people(1)
    first = make_run(stage.session, stage.group, WEDNESDAY, state=RunState.PUBLISHED)
    stage.session.add(LeftAlone(run_id=first.id, member=member, cause="competition", possible_partners=1, barriers={}))
    stage.session.flush()
    assert of_last_night(stage.session, member).run_id == first.id
    next_one = make_run(stage.session, stage.group, SUNDAY, state=RunState.DRAFTED)
    assert of_last_night(stage.session, member).run_id == first.id
    next_one.state = RunState.PUBLISHED
    stage.session.flush()
    assert of_last_night(stage.session, member) is None
