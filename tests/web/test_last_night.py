"""The page of a group's last night, against the rows it is made of."""

from datetime import timedelta

import pytest

from matcher.models import LeftAlone
from matcher.states import RunState
from tests.invented_night import KEY_FILE, TOLD, invented_night
from tests.rows import NOW, make_group, make_member, make_proposal, make_run
from tests.web.pages import cards, words_of
from web import create_app
from web.last_night import last_night

CANARY = "canary"


@pytest.fixture
def session(sessions):
    with sessions.begin() as session:
        yield session


@pytest.fixture
def page(engine, key, tmp_path, monkeypatch):
    """Gives the page of a group's last night, as it is read from a database that pages share."""
    (tmp_path / "alongside.key").touch(mode=0o600)
    (tmp_path / "alongside.key").write_text(KEY_FILE)
    monkeypatch.setenv("ALONGSIDE_KEY_FILE", str(tmp_path / "alongside.key"))
    monkeypatch.setenv("DATABASE_URL", engine.url.set(drivername=engine.dialect.name).render_as_string(False))

    def open_page(group_id):
        app = create_app({"PAIRING_GROUP": group_id, "PAIRING_KEY": key})
        return app.test_client().get(f"/pairing/{key}")

    return open_page


@pytest.fixture
def night(sessions):
    with sessions.begin() as session:
        group, run = invented_night(session)
        session.refresh(run, ["proposals"])
        assert all(answer.member for each in run.proposals for answer in each.answers)
        return group, run


def test_every_proposal_stands_there_with_its_reasons_and_points(page, night):
    group, run = night
    answer = page(group.public_id)
    shown = cards(answer, "pairs") + cards(answer, "trios")
    assert len(shown) == len(run.proposals)
    for proposal in run.proposals:
        names = {each.member.name for each in proposal.answers}
        card = next(card for card in shown if all(name in card.split("points")[0] for name in names))
        assert all(reason in card for reason in proposal.reasons)
        assert f"{proposal.points} points" in card


def test_the_figures_are_those_of_the_rows(page, night):
    words = words_of(page(night[0].public_id))
    assert "Pairing of 14 January 2026 · Side by Side" in words
    assert "22 of 25 people have a proposal" in words  # the two of the open pair were not waiting
    assert "9 pairs 2 trios 3 wait" in words
    assert "Nobody sees an answer before all have said yes." in words
    assert f"Points in all {sum(each.points for each in night[1].proposals):,}" in words


def test_who_waits_stands_there_with_why_and_without_what_is_theirs_alone(page, night):
    answer = page(night[0].public_id)
    shown = {each.member.name: card for each, card in zip(night[1].alone, _waiting(answer, night), strict=True)}
    first, second, third = shown.values()
    assert "Nobody here was a possible partner this time." in first
    assert "Not together with 2 others." in first
    assert "More people had the same few possible partners than there were of these." in second
    assert "2 possible partners in this pairing." in second
    assert "could not go out" in third
    assert "could have helped." not in first
    assert "blocked" not in words_of(answer).lower()


def _waiting(answer, night):
    shown = cards(answer, "waiting")
    return [next(card for card in shown if card.startswith(each.member.name)) for each in night[1].alone]


def test_what_coordinators_may_not_read_is_nowhere_on_the_page(page, sessions):
    with sessions.begin() as session:
        group, run = invented_night(session)
        for each in [answer.member for proposal in run.proposals for answer in proposal.answers]:
            each.wishes = [{"trait": CANARY, "accepted": [CANARY], "may_ask": True}]
            each.about_me, each.account.address = {CANARY: CANARY}, f"{CANARY}{each.id}@example.org"
            each.goals[0].tag = each.goals[0].words = CANARY
        for alone in run.alone:
            alone.could_help = CANARY
    answer = page(group.public_id)
    assert answer.status_code == 200
    assert CANARY not in answer.text


def test_points_tell_nothing_that_only_one_of_them_may_know(page, sessions):
    with sessions.begin() as session:
        group, run = invented_night(session, pairs=1)
        run.proposals[0].points_by_term = {"common_time": 20, "request": 40, "experience": 15, "stage": 10}
    (card,) = cards(page(group.public_id), "pairs")
    assert "common time 20" in card
    assert "what they keep to themselves 65" in card
    assert not any(word in card for word in ("request", "experience", "stage"))


def test_a_draft_that_was_dropped_is_not_shown(session):
    group, run = invented_night(session, pairs=2)
    for each in run.proposals[0].answers:
        each.dropped = True
    shown = last_night(session, group)
    assert len(shown.pairs) == 1
    assert shown.waiting == 9


@pytest.mark.parametrize(
    ("state", "words"),
    [(RunState.DRAFTED, "go out at noon"), (RunState.HELD, "a coordinator holds them"), (RunState.PUBLISHED, "asked")],
)
def test_the_page_says_how_far_the_night_has_come(session, state, words):
    group, run = invented_night(session)
    run.state = state
    assert words in last_night(session, group).standing


@pytest.mark.parametrize("state", [RunState.QUIET, RunState.FAILED, RunState.GATHERED, RunState.SUPERSEDED])
def test_a_night_without_proposals_is_not_the_last_one_to_show(session, state):
    group = make_group(session)
    make_run(session, group, NOW.date() - timedelta(days=3), told=TOLD)
    make_run(session, group, NOW.date(), state=state)
    assert last_night(session, group).on == NOW.date() - timedelta(days=3)


def test_nights_waited_are_earlier_pairings_alone_since_somebody_waits(session):
    group = make_group(session)
    member = make_member(session, group, waiting_since=NOW.date() - timedelta(days=6))
    for days in (9, 6, 3, 0):
        run = make_run(session, group, NOW.date() - timedelta(days=days), told=TOLD)
        run.alone.append(LeftAlone(member=member, cause="odd circle", possible_partners=1, barriers={}))
    session.flush()
    assert [each.nights_waited for each in last_night(session, group).alone] == [2]


def test_two_of_one_name_are_told_apart(session):
    group = make_group(session)
    two = [make_member(session, group, name="Ada"), make_member(session, group, name="ada\x07")]
    make_proposal(session, make_run(session, group, NOW.date(), told=TOLD), two)
    (pair,) = last_night(session, group).pairs
    assert sorted(pair.names) == sorted([f"Ada ({two[0].public_id[:4]})", f"ada ({two[1].public_id[:4]})"])


def test_before_the_first_night_the_page_says_what_will_stand_there(page, sessions):
    with sessions.begin() as session:
        group = make_group(session)
    assert "After its first pairing night it will stand here" in words_of(page(group.public_id))


def test_the_groups_own_crisis_lines_stand_on_its_pages_before_and_after_its_first_night(page, night, sessions):
    with sessions.begin() as session:
        new = make_group(session)
    for group in (night[0], new):
        assert "The line of this test: never called" in words_of(page(group.public_id))


def test_a_group_that_is_not_there_is_no_page(page, engine):
    assert page("nobody").status_code == 404


def test_a_database_that_is_not_ready_is_a_page_that_tells_no_visitor_why(page, monkeypatch, tmp_path):
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'empty.db'}")
    answer = page("anything")
    assert answer.status_code == 503
    assert "alongside doctor" in words_of(answer)
    assert "empty.db" not in answer.text
