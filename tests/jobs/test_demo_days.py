"""The weeks of the invented group hold what the life of a group holds."""

from datetime import date

import pytest
from sqlalchemy import select

from jobs.demo_days import NIGHTS, pairing_nights
from matcher.models import Answer, AuditEvent, Notice, PairingRun, Partner, Partnership, Proposal
from matcher.states import Ending, ProposalState, RunState


@pytest.mark.parametrize("until", [date(2026, 11, 22), date(2026, 11, 24), date(2026, 3, 29), date(2027, 1, 2)])
def test_the_nights_are_the_last_sundays_and_wednesdays(until):
    nights = pairing_nights(until)
    assert len(nights) == NIGHTS
    assert (until - nights[-1]).days < 4
    assert nights == sorted(nights)
    assert {night.strftime("%a") for night in nights} == {"Sun", "Wed"}


def test_every_pairing_night_went_out_and_the_other_nights_were_quiet(lived):
    with lived.rows() as session:
        states = {run.night: run.state for run in session.scalars(select(PairingRun))}
    nights = set(pairing_nights(max(states)))
    assert {state for night, state in states.items() if night in nights} == {RunState.PUBLISHED}
    assert {state for night, state in states.items() if night not in nights} == {RunState.QUIET}


def test_some_said_yes_some_no_and_some_nothing(lived):
    with lived.rows() as session:
        assert set(session.scalars(select(Answer.yes))) == {True, False, None}


def test_there_were_rests_a_leave_a_block_and_an_ending(lived):
    with lived.rows() as session:
        acts = set(session.scalars(select(AuditEvent.act)))
        endings = set(session.scalars(select(Partnership.ending)))
    assert {"rest begun", "rest ended", "left", "block", "third considered"} <= acts
    assert {Ending.TOGETHER, Ending.LEFT, Ending.BLOCKED} <= endings


def test_a_third_joined_a_pair_that_welcomed_one(lived):
    later = select(Partner).join(Partnership).where(Partner.joined_at > Partnership.started_at)
    with lived.rows() as session:
        assert session.scalars(later).first()


def test_silence_went_all_its_steps(lived):
    with lived.rows() as session:
        assert {"silence", "soft_note", "quiet_pair"} <= set(session.scalars(select(Notice.kind)))


def test_in_the_end_one_proposal_is_still_open(lived):
    with lived.rows() as session:
        answers = select(Answer).join(Proposal).where(Proposal.state == ProposalState.OPEN, Answer.yes.is_(None))
        assert len(session.scalars(answers).all()) >= 2
