"""From rows to a pool: who is in it, what each brings along, and what stands between two."""

from datetime import timedelta
from itertools import permutations
from random import Random
from types import SimpleNamespace

import pytest
from sqlalchemy import select, text

from matcher.enrolment import enrol
from matcher.models import Block, ConsentGiven, Experience, Goal, Hold, Member, Partner, Request
from matcher.pairing import Candidates, Policy, plan
from matcher.pairing.candidate import Experience as Lived
from matcher.pairing.candidate import Relation
from matcher.pools import candidate_of, snapshot_of, snapshot_of_waiting
from matcher.snapshots import Snapshot
from matcher.spreadsheets.people import read_people
from matcher.states import Closing, Consent, Ending, PartnershipState, ProposalState, Visibility
from matcher.vocabulary import Barrier, Stage
from tests.builders import MONDAY
from tests.invented_sheet import invented_sheet
from tests.rows import NOW, make_account, make_group, make_member, make_partnership, make_proposal, make_run

NIGHT = NOW.date()
AGO = timedelta(days=10)


@pytest.fixture
def session(sessions):
    with sessions() as session:
        yield session


@pytest.fixture
def three(session):
    """Three who wait, by the public ids ada, bob and cyd."""
    group = make_group(session)
    return SimpleNamespace(
        group=group, **{name: make_member(session, group, public_id=name) for name in ("ada", "bob", "cyd")}
    )


def pool_of(session, group, **narrowed):
    session.flush()
    session.expire_all()
    return snapshot_of_waiting(session, group, NIGHT, **narrowed)


def ids_in(session, group, **narrowed) -> list[str]:
    return [person.id for person in pool_of(session, group, **narrowed).people]


def parted(session, members, how: Ending, days_ago=10, **changes):
    """Partners who parted."""
    over = {"state": PartnershipState.ENDED, "ending": how, "ended_at": NOW - timedelta(days=days_ago)} | changes
    partnership = make_partnership(session, members, started_at=NOW - timedelta(days=90), **over)
    for partner in partnership.partners:
        partner.left_at, partner.left_by = NOW - timedelta(days=days_ago), how
    return partnership


def asked(session, group, members, answers, days_ago=10, **changes):
    """A proposal that is over, and what each of them said to it."""
    at = NOW - timedelta(days=days_ago)
    over = {"state": ProposalState.CLOSED, "closing": Closing.UNANSWERED, "opened_at": at, "closed_at": at}
    run = make_run(session, group, at.date(), gathered_at=at)
    proposal = make_proposal(session, run, members, **over | changes)
    for answer, yes in zip(sorted(proposal.answers, key=lambda each: each.member_id), answers, strict=True):
        answer.yes = yes
    return proposal


# Who is in it


def test_everybody_who_is_ready_and_has_no_place_waits(session, three):
    make_member(session, three.group, public_id="partner")
    make_partnership(session, session.scalars(select(Member).where(Member.public_id == "partner")).all())
    proposed = make_member(session, three.group, public_id="proposed")
    make_proposal(session, make_run(session, three.group, NIGHT), [proposed])
    make_member(session, three.group, goals=[])
    make_member(session, three.group, account=make_account(session, address_confirmed_at=None))
    make_member(session, three.group, left_at=NOW)
    make_member(session, three.group, resting_from=NIGHT - AGO, resting_until=NIGHT + timedelta(days=1))
    make_member(session, three.group, resting_from=NIGHT)
    make_member(session, make_group(session))
    assert ids_in(session, three.group) == ["ada", "bob", "cyd"]


def test_whose_rest_ends_today_is_in_it(session, three):
    three.ada.resting_from, three.ada.resting_until = NIGHT - AGO, NIGHT
    assert "ada" in ids_in(session, three.group)


def test_a_pool_can_be_narrowed_to_some(session, three):
    assert ids_in(session, three.group, only={"cyd", "ada", "nobody"}) == ["ada", "cyd"]


def test_members_by_their_numbers_are_there_wherever_they_stand_unless_they_may_not_be_paired(session, three):
    make_partnership(session, [three.ada, three.bob])
    three.cyd.resting_from = NIGHT
    gone = make_member(session, three.group, left_at=NOW)
    unready = make_member(session, three.group, languages=[])
    session.expire_all()
    ids = [each.id for each in (three.ada, three.bob, three.cyd, gone, unready)]
    assert [each.id for each in snapshot_of(session, three.group, NIGHT, ids).people] == ["ada", "bob"]


@pytest.mark.parametrize("order", list(permutations(("ada", "bob", "cyd"))))
def test_equal_rows_give_an_equal_pool_in_whatever_order_they_were_written(session, order):
    group = make_group(session)
    made = {name: make_member(session, group, public_id=name) for name in order}
    made["ada"].experiences = [
        Experience(tag=tag, tag_mark=tag, visibility=Visibility.PROPOSED) for tag in (order[0], order[1])
    ]
    made["ada"].experiences.append(Experience(tag=order[2], tag_mark=order[2], visibility=Visibility.PROPOSED))
    made["ada"].consents.append(ConsentGiven(consent=Consent.EXPERIENCES, how="in a test", given_at=NOW))
    session.add_all([_hold(group, made[order[0]], made[order[1]]), _hold(group, made[order[1]], made[order[2]])])
    session.add(_hold(group, made[order[0]], made[order[2]]))
    kept = pool_of(session, group).to_json()
    assert [each["id"] for each in kept["people"]] == ["ada", "bob", "cyd"]
    assert kept["people"][0]["experiences"] == [["ada", None, True], ["bob", None, True], ["cyd", None, True]]
    held = int(Barrier.HELD)
    assert kept["relations"] == [["ada", "bob", held, ""], ["ada", "cyd", held, ""], ["bob", "cyd", held, ""]]


# Open pairs


@pytest.fixture
def pair(session, three):
    """Ada and Bob are partners, and both would welcome a third."""
    partnership = make_partnership(session, [three.ada, three.bob])
    for partner in partnership.partners:
        partner.welcomes_third = True
    session.flush()
    return partnership


def test_an_open_pair_is_there_to_welcome_a_third(session, three, pair):
    pool = pool_of(session, three.group)
    assert pool.open_pairs == (("ada", "bob"),)
    assert {each.id: each.welcomes_three for each in pool.people} == {"ada": True, "bob": True, "cyd": False}
    assert pool.candidates(Policy()).waiting.tolist() == [False, False, True]


def test_a_pair_of_whom_one_alone_would_welcome_a_third_is_not_open(session, three, pair):
    pair.partners[0].welcomes_third = False
    assert pool_of(session, three.group).open_pairs == ()


@pytest.mark.parametrize("changes", [{"resting_from": NIGHT}, {"languages": []}])
def test_a_pair_of_whom_one_rests_or_may_not_be_paired_is_not_open(session, three, pair, changes):
    for name, value in changes.items():
        setattr(three.bob, name, value)
    assert ids_in(session, three.group) == ["cyd"]


def test_a_pair_that_is_asked_already_is_not_open_but_to_the_run_that_drafted_it(session, three, pair):
    run = make_run(session, three.group, NIGHT)
    other = make_run(session, three.group, NIGHT - AGO)
    make_proposal(session, run, [three.ada, three.bob, three.cyd], state=ProposalState.DRAFT, partnership=pair)
    assert pool_of(session, three.group).open_pairs == ()
    assert pool_of(session, three.group, drafted_in=run).open_pairs == (("ada", "bob"),)
    assert pool_of(session, three.group, drafted_in=other).open_pairs == ()


def test_three_are_no_open_pair_unless_one_has_left(session, three, pair):
    third = Partner(member=three.cyd, joined_at=NOW, last_sign_at=NOW, welcomes_third=True)
    pair.partners.append(third)
    assert pool_of(session, three.group).open_pairs == ()
    third.left_at, third.left_by = NOW, Ending.ALONE
    assert pool_of(session, three.group).open_pairs == (("ada", "bob"),)


@pytest.mark.parametrize("between", ["term", "unanswered", "held"])
def test_nothing_stands_between_the_partners_of_an_active_partnership(session, three, pair, between):
    if between == "term":
        parted(session, [three.ada, three.bob], Ending.TERM)
    elif between == "unanswered":
        asked(session, three.group, [three.ada, three.bob], [True, None])
    else:
        session.add(_hold(three.group, three.ada, three.bob))
    pool = pool_of(session, three.group)
    assert pool.relations == ()
    assert pool.open_pairs == (("ada", "bob"),)


# What stands between two


def _hold(group, one, other, **changes):
    first, second = sorted((one.id, other.id))
    return Hold(group_id=group.id, first_id=first, second_id=second, made_at=NOW, **changes)


def test_between_strangers_there_is_nothing(session, three):
    assert pool_of(session, three.group).relations == ()


@pytest.mark.parametrize(("blocker", "blocked"), [("ada", "bob"), ("bob", "ada")])
def test_a_block_bars_both_ways_in_every_group(session, three, blocker, blocked):
    accounts = {name: getattr(three, name).account for name in ("ada", "bob")}
    session.add(Block(blocker_id=accounts[blocker].id, blocked_id=accounts[blocked].id, made_at=NOW))
    session.add(Block(blocker_id=accounts["ada"].id, blocked_id=make_account(session).id, made_at=NOW))
    elsewhere = make_group(session)
    for name, account in accounts.items():
        make_member(session, elsewhere, account=account, public_id=f"{name} elsewhere")
    assert {(each.first, each.second) for each in pool_of(session, three.group).relations} == {(blocker, blocked)}
    (relation,) = pool_of(session, elsewhere).relations
    assert relation.barrier is Barrier.BLOCKED
    assert {relation.first, relation.second} == {"ada elsewhere", "bob elsewhere"}


@pytest.mark.parametrize(
    ("how", "barrier", "dated"),
    [
        (Ending.TERM, Barrier.RECENT_PARTNERS, True),
        (Ending.TOGETHER, Barrier.RECENT_PARTNERS, True),
        (Ending.COORDINATOR, Barrier.RECENT_PARTNERS, True),
        (Ending.ALONE, Barrier.RECENT_PARTNERS, False),
        (Ending.LEFT, Barrier.RECENT_PARTNERS, False),
        (Ending.BLOCKED, Barrier.BLOCKED, False),
        (Ending.SAFETY, Barrier.BLOCKED, False),
    ],
)
def test_each_ending_leaves_its_own_barrier_and_two_requests_lift_all_but_the_gravest(
    session, three, how, barrier, dated
):
    parted(session, [three.ada, three.bob], how)
    since = NIGHT - AGO if dated else None
    assert pool_of(session, three.group).relations == (Relation("ada", "bob", barrier, since),)
    _request(session, three.ada, three.bob)
    assert len(pool_of(session, three.group).relations) == 1
    _request(session, three.bob, three.ada)
    assert len(pool_of(session, three.group).relations) == (barrier is Barrier.BLOCKED)


def _request(session, one, other):
    session.add(Request(member_id=one.id, asked_id=other.id, made_at=NOW))


def test_of_three_who_parted_one_by_one_each_two_have_their_own_ending(session, three):
    partnership = parted(session, [three.ada, three.bob, three.cyd], Ending.TERM, days_ago=10)
    left_first = partnership.partners[0]
    left_first.left_at, left_first.left_by = NOW - timedelta(days=40), Ending.ALONE
    assert set(pool_of(session, three.group).relations) == {
        Relation("ada", "bob", Barrier.RECENT_PARTNERS, None),
        Relation("ada", "cyd", Barrier.RECENT_PARTNERS, None),
        Relation("bob", "cyd", Barrier.RECENT_PARTNERS, NIGHT - AGO),
    }


def test_who_left_three_by_a_block_has_ended_it_alone_with_the_one_they_did_not_block(session, three):
    partnership = parted(session, [three.ada, three.bob, three.cyd], Ending.BLOCKED, days_ago=10)
    left_first = partnership.partners[0]
    left_first.left_at = NOW - timedelta(days=40)
    session.add(Block(blocker_id=three.ada.account_id, blocked_id=three.bob.account_id, made_at=left_first.left_at))
    between_three = {
        Relation("ada", "bob", Barrier.BLOCKED, None),
        Relation("ada", "bob", Barrier.RECENT_PARTNERS, None),
        Relation("ada", "cyd", Barrier.RECENT_PARTNERS, None),
        Relation("bob", "cyd", Barrier.BLOCKED, None),
    }
    assert set(pool_of(session, three.group).relations) == between_three
    for one, other in ((three.ada, three.cyd), (three.cyd, three.ada)):
        _request(session, one, other)
    stands = between_three - {Relation("ada", "cyd", Barrier.RECENT_PARTNERS, None)}
    assert set(pool_of(session, three.group).relations) == stands


def test_a_no_bars_for_good_and_a_silence_from_its_day_on(session, three):
    asked(session, three.group, [three.ada, three.bob], [True, False], closing=Closing.DECLINED)
    assert pool_of(session, three.group).relations == (Relation("ada", "bob", Barrier.DECLINED_BEFORE),)
    asked(session, three.group, [three.bob, three.cyd], [None, True], days_ago=12)
    silence = Relation("bob", "cyd", Barrier.UNANSWERED_RECENTLY, NIGHT - timedelta(days=12))
    assert silence in pool_of(session, three.group).relations


@pytest.mark.parametrize("closing", [Closing.RESTED, Closing.CHANGED, Closing.LEFT, Closing.COORDINATOR])
def test_what_closed_for_another_cause_leaves_nothing(session, three, closing):
    asked(session, three.group, [three.ada, three.bob], [True, None], closing=closing)
    assert pool_of(session, three.group).relations == ()


def test_two_yeses_of_three_leave_nothing_between_them_and_a_silence_to_the_third(session, three):
    state = {"state": ProposalState.ACCEPTED, "closing": None}
    asked(session, three.group, [three.ada, three.bob, three.cyd], [True, True, None], **state)
    since = NIGHT - AGO
    assert set(pool_of(session, three.group).relations) == {
        Relation("ada", "cyd", Barrier.UNANSWERED_RECENTLY, since),
        Relation("bob", "cyd", Barrier.UNANSWERED_RECENTLY, since),
    }


def test_partners_who_were_asked_about_a_third_have_nothing_between_them(session, three):
    before = parted(session, [three.ada, three.bob], Ending.TERM)
    proposal = asked(
        session, three.group, [three.ada, three.bob, three.cyd], [True, False, True], closing=Closing.DECLINED
    )
    proposal.partnership = before
    next(each for each in proposal.answers if each.member is three.cyd).joins = True
    assert {(each.first, each.second): each.barrier for each in pool_of(session, three.group).relations} == {
        ("ada", "bob"): Barrier.RECENT_PARTNERS,
        ("bob", "cyd"): Barrier.DECLINED_BEFORE,
    }


def test_a_draft_that_nobody_saw_leaves_nothing(session, three):
    asked(session, three.group, [three.ada, three.bob], [None, None], opened_at=None, closing=Closing.DROPPED)
    assert pool_of(session, three.group).relations == ()


@pytest.mark.parametrize(
    ("until", "stands"), [(None, True), (NIGHT + timedelta(days=1), True), (NIGHT, False), (NIGHT - AGO, False)]
)
@pytest.mark.parametrize("together", [True, False])
def test_a_coordinators_word_holds_until_its_day_or_for_good(session, three, until, stands, together):
    session.add(_hold(three.group, three.ada, three.bob, until=until, together=together))
    absent = make_member(session, three.group, left_at=NOW)
    session.add(_hold(three.group, three.ada, absent))
    pool = pool_of(session, three.group)
    assert pool.together == ((("ada", "bob"),) if together and stands else ())
    assert pool.relations == ((Relation("ada", "bob", Barrier.HELD),) if stands and not together else ())


def test_requests_name_only_who_is_in_the_pool(session, three):
    absent = make_member(session, three.group, left_at=NOW)
    for other in (three.bob, three.cyd, absent):
        _request(session, three.ada, other)
    ada, *others = pool_of(session, three.group).people
    assert ada.requests == {"bob", "cyd"}
    assert not any(each.requests for each in others)


# What each brings along


@pytest.mark.parametrize(
    ("visibility", "used"),
    [
        (Visibility.ONLY_ME, ()),
        (Visibility.FOR_MATCHING, (Lived("grief", Stage.STEADIER, shown=False),)),
        (Visibility.PARTNER, (Lived("grief", Stage.STEADIER, shown=False),)),
        (Visibility.PROPOSED, (Lived("grief", Stage.STEADIER, shown=True),)),
    ],
)
def test_an_experience_is_used_and_shown_as_its_visibility_says_and_never_without_consent(
    session, three, visibility, used
):
    three.ada.experiences = [Experience(tag="grief", tag_mark="1", stage="steadier", visibility=visibility)]
    assert pool_of(session, three.group).people[0].experiences == ()
    given = ConsentGiven(consent=Consent.EXPERIENCES, how="in a test", given_at=NOW)
    three.ada.consents.append(given)
    assert pool_of(session, three.group).people[0].experiences == used
    given.withdrawn_at = NOW
    assert pool_of(session, three.group).people[0].experiences == ()


def test_only_open_goals_count(session, three):
    three.ada.goals.extend(Goal(area="sleep", **each) for each in ({"reached_at": NOW}, {"let_go_at": NOW}))
    assert {goal.area for goal in pool_of(session, three.group).people[0].goals} == {"running"}


@pytest.mark.parametrize(
    ("waiting_since", "goes_first", "place"),
    [
        (NIGHT - timedelta(days=3), False, (False, False, 3)),
        (NIGHT - timedelta(days=3), True, (False, True, 3)),
        (NIGHT - timedelta(days=14), False, (True, False, 14)),
        (NIGHT + timedelta(days=1), False, (False, False, 0)),
        (None, False, (False, False, 0)),
    ],
)
def test_the_order_of_waiting_is_promise_then_first_then_nights(session, three, waiting_since, goes_first, place):
    three.ada.waiting_since, three.ada.goes_first = waiting_since, goes_first
    assert candidate_of(three.ada, three.group, NIGHT).place_in_waiting == place


@pytest.mark.parametrize("column", ["windows", "wishes", "about_me", "tag"])
def test_who_has_a_sealed_value_that_does_not_open_is_set_aside_alone(session, three, column):
    three.bob.experiences = [Experience(tag="grief", tag_mark="mark")]
    three.bob.consents.append(ConsentGiven(consent=Consent.EXPERIENCES, how="in a test", given_at=NOW))
    session.add(Request(member_id=three.ada.id, asked_id=three.bob.id, made_at=NOW))
    session.add(Block(blocker_id=three.ada.account_id, blocked_id=three.bob.account_id, made_at=NOW))
    session.flush()
    table, id_ = ("experiences", "member_id") if column == "tag" else ("members", "id")
    session.execute(
        text(f"UPDATE {table} SET {column} = :cut WHERE {id_} = :id"), {"cut": b"tests:", "id": three.bob.id}
    )
    assert_only_bob_is_set_aside(pool_of(session, three.group))


@pytest.mark.parametrize(
    "told",
    [
        {"zone": "Mars/Olympus"},
        {"zone": "Europe"},
        {"windows": [["Monday evening"]]},
        {"windows": [[0, None, 60]]},
        {"windows": 7},
        {"wishes": [{"trait": "age"}]},
        {"wishes": ["same gender"]},
        {"about_me": ["woman"]},
        {"languages": [["en"]]},
        {"channels": 3},
    ],
)
def test_who_has_a_value_that_nobody_can_read_is_set_aside_alone(session, three, told):
    for field, value in told.items():
        setattr(three.bob, field, value)
    assert_only_bob_is_set_aside(pool_of(session, three.group))


def assert_only_bob_is_set_aside(pool):
    assert ([person.id for person in pool.people], pool.set_aside) == (["ada", "cyd"], ("bob",))
    assert pool.relations == ()
    assert len(plan(pool.candidates(Policy()), Policy()).pairs) == 1
    assert Snapshot.from_json(pool.to_json()).set_aside == ("bob",)


def test_a_pair_with_a_host_who_cannot_be_read_is_open_to_nobody(session, three):
    pair = make_partnership(session, [three.ada, three.bob])
    for partner in pair.partners:
        partner.welcomes_third = True
    three.bob.zone = "Mars/Olympus"
    pool = pool_of(session, three.group)
    assert (pool.open_pairs, pool.set_aside) == ((), ("bob",))


def test_a_wish_for_an_age_means_who_joined_later_too(session, three):
    three.ada.wishes = [
        {"trait": "age", "accepted": ["30-39"], "may_ask": False},
        {"trait": "gender", "accepted": ["f"], "may_ask": True},
    ]
    three.bob.about_me, three.cyd.about_me = {"age": "34"}, {"age": "41", "gender": "34"}
    three.ada.preferences = three.ada.wishes[:1]
    age, gender = pool_of(session, three.group).people[0].wishes
    assert pool_of(session, three.group).people[0].preferences == (age,)
    assert age.accepted == {"30-39", "34"}
    assert (gender.accepted, gender.may_ask) == ({"f"}, True)


# A sheet that is paired, and the same sheet as rows


def as_rows(session, sheet, group):
    """Import a sheet; its people keep the ids that they have on it, so that equal answers are the same answer."""
    enrolment = enrol(session, group, sheet, NOW - timedelta(hours=9), agreed=True)
    assert (enrolment.joined, enrolment.set_aside) == (len(sheet.people), ())
    ids = {person.email: person.candidate.id for person in sheet.people}
    for member in session.scalars(select(Member)):
        member.public_id = ids[member.account.address]


def sorted_up(candidate):
    """Experiences in one order; a sheet has them in that of its columns."""
    return {
        name: getattr(candidate, name) if name != "experiences" else sorted(candidate.experiences, key=lambda e: e.tag)
        for name in candidate.__dataclass_fields__
    }


@pytest.mark.parametrize("seed", [47, 1, 2, 3])
def test_a_group_from_a_sheet_is_paired_as_the_sheet_is(session, tmp_path, seed):
    header, *rows = invented_sheet(Random(seed)).splitlines()
    lines = [f"{header},email,wishes"]
    for number, row in enumerate(rows):
        wish = "age: 30-39|40-49 (may ask)" if number % 8 == 0 else ""
        lines.append(f"{row},p{number}@example.org,{wish}")
    (tmp_path / "people.csv").write_text("\n".join(lines), "utf-8")
    sheet = read_people(tmp_path / "people.csv")
    assert len(sheet.people) == 40
    group = make_group(session, made_at=NOW)
    as_rows(session, sheet, group)

    pool = pool_of(session, group)

    people = {person.candidate.id: person.candidate for person in sheet.people}
    assert {each.id: sorted_up(each) for each in pool.people} == {
        each: sorted_up(candidate) for each, candidate in people.items()
    }
    by_sheet = plan(Candidates.of(people.values(), Policy(), MONDAY), Policy())
    by_rows = plan(Candidates.of(pool.people, Policy(), MONDAY, relations=pool.relations), Policy())
    assert by_rows.partnerships == by_sheet.partnerships
    assert by_rows.alone == by_sheet.alone
