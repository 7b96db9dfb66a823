"""I11: who was erased is gone."""

from datetime import date, time

import pytest

from matcher.invariants.erasure import erased_for_good
from matcher.models import Experience, Goal, LeftAlone, Link, Milestone, RecoveryCode, Request, SignIn, Step
from matcher.states import LinkUse, ProposalState
from matcher.vocabulary import SupportStyle
from tests.rows import NOW, make_proposal, make_run


def sentences(session):
    session.flush()
    return list(erased_for_good(session, NOW))


def test_whoever_is_there_keeps_what_is_theirs(session, world):
    assert sentences(session) == []


def test_an_erased_account_has_no_address(session, world):
    world.gone.account.address = "gone@example.org"
    assert sentences(session) == [f"The erased account {world.gone.account.public_id} has an address."]


@pytest.mark.parametrize("opens", ["password", "seed", "browser", "link", "recovery code"])
def test_nothing_opens_an_erased_account(session, world, opens):
    account = world.gone.account
    common = {"account_id": account.id, "token_hash": "h" * 64}
    rows = {
        "browser": lambda: SignIn(**common, begun_at=NOW, seen_at=NOW, password_at=NOW),
        "link": lambda: Link(**common, use=LinkUse.RESET, address="", made_at=NOW, expires_at=NOW),
        "recovery code": lambda: RecoveryCode(account_id=account.id, code_hash="c" * 64),
    }
    if opens in rows:
        session.add(rows[opens]())
    elif opens == "password":
        account.password_hash = "a hash"
    else:
        account.code_seed = "a seed"
    assert sentences(session) == [f"The erased account {account.public_id} has something that opens it."]


@pytest.mark.parametrize(
    "kept",
    [
        {"name": "Gone"},
        {"windows": [[0, 0, 60]]},
        {"wishes": [{"same": "gender"}]},
        {"preferences": [1]},
        {"about_me": {"gender": "a"}},
        {"zone": "Europe/London"},
        {"languages": ["en"]},
        {"channels": ["text"]},
        {"rhythm": "weekly"},
        {"support_style": SupportStyle.FIRM},
        {"writing_is_enough": True},
        {"welcomes_three": True},
        {"card": "Ask me how I slept."},
        {"quiet_from": time(22)},
        {"quiet_until": time(0)},
        {"mails_off": ["partner"]},
    ],
)
def test_an_erased_member_keeps_nothing_of_their_own(session, world, kept):
    ((name, value),) = kept.items()
    setattr(world.gone, name, value)
    assert sentences(session) == [
        f"The erased member {world.gone.public_id} has a name, hours, wishes, or words of their own."
    ]


@pytest.mark.parametrize(
    "goal",
    [
        {"area": "running"},
        {"words": "to run"},
        {"tag": "a marathon"},
        {"if_this": "it rains"},
        {"then_that": "I run"},
        {"milestones": lambda: [Milestone(place=1, words="a mile")]},
        {"steps": lambda: [Step(week=NOW.date(), words="a mile")]},
    ],
)
def test_an_erased_member_keeps_no_words_of_a_goal(session, world, goal):
    told = {name: value() if callable(value) else value for name, value in goal.items()}
    world.gone.goals.append(Goal(**{"area": ""} | told))
    assert len(sentences(session)) == 1


@pytest.mark.parametrize("kept", [{"reasons": ["You know grief."]}, {"points_by_term": {"request": 40}}, {}])
def test_nothing_is_kept_of_why_an_erased_member_was_proposed_and_said_no(session, world, kept):
    at = {"opened_at": NOW, "closed_at": NOW, "told_at": NOW, "state": ProposalState.CLOSED}
    why = {"reasons": [], "points_by_term": {}}
    proposal = make_proposal(session, make_run(session, world.group, date(2026, 1, 11)), [world.gone], **at | why)
    assert sentences(session) == []
    proposal.answers[0].reason = "" if kept else "I was ill"
    for name, value in kept.items():
        setattr(proposal, name, value)
    assert len(sentences(session)) == 1


@pytest.mark.parametrize("kept", [{"could_help": "An hour more."}, {"barriers": {"BLOCKED": 1}}])
def test_nothing_is_kept_of_why_an_erased_member_was_alone(session, world, kept):
    ready = {"run_id": world.run.id, "member": world.gone, "cause": "competition", "possible_partners": 0}
    session.add(LeftAlone(**ready | {"barriers": {}} | kept))
    assert len(sentences(session)) == 1


@pytest.mark.parametrize(
    "told", [{}, {"zone": "Europe/London"}, {"languages": ["en"]}, {"traits": {"age": "30"}}, {"wishes": ["a"]}]
)
def test_a_night_that_is_kept_tells_nothing_of_an_erased_member(session, world, told):
    silent = {"id": world.gone.public_id, "zone": "UTC", "languages": [], "traits": {}, "waiting": [False, True, 3]}
    there = {"id": world.ada.public_id, "zone": "Europe/London", "languages": ["en"]}
    world.run.snapshot = {"people": [there, silent | told]}
    expected = [f"The run {world.run.public_id} keeps what the erased member {world.gone.public_id} told."]
    assert sentences(session) == (expected if told else [])


def test_an_erased_member_is_called_a_former_member(session, world):
    world.gone.name = "former member"
    assert sentences(session) == []


def test_an_erased_member_has_lived_nothing(session, world):
    world.gone.experiences.append(Experience(tag="grief", tag_mark="m"))
    assert sentences(session) == [f"The erased member {world.gone.public_id} has experiences."]


def test_an_erased_member_asks_for_nobody(session, world):
    session.add(Request(member_id=world.gone.id, asked_id=world.ada.id, made_at=NOW))
    assert sentences(session) == [f"The erased member {world.gone.public_id} has requests."]
