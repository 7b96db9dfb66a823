"""The copy of everything: what somebody told is in it, and of others no more than they may read."""

import json
from itertools import count

import pyotp
import pytest
from sqlalchemy import JSON, Enum, String, select, text

from matcher import codes, leaving, outbox
from matcher.audit_trail import record
from matcher.models import (
    Base,
    Block,
    Coordinator,
    Experience,
    Goal,
    LeftAlone,
    Link,
    Milestone,
    Notice,
    Request,
    SignIn,
    Step,
)
from matcher.own_data import CANNOT_BE_READ, own_data
from matcher.sealing import Sealed
from matcher.states import DataClass, LinkUse, Visibility
from matcher.vocabulary import Stage, SupportStyle
from tests.rows import NOW, make_group, make_member, make_run
from tests.stage import DAY, WEDNESDAY

NEVER = {DataClass.PLUMBING, DataClass.NOBODY, DataClass.SECRET, DataClass.COORDINATORS}
"""What no member reads, nor their copy."""
FOR_THE_NIGHT_ALONE = {"left_alone.barriers", "proposals.points_by_term", "pairing_runs.snapshot"}
SAYS_HOURS = "members.windows"


OF_NO_ONE_PERSON = {
    *("groups", "crisis_lines", "group_terms", "fences", "audit_events"),
    *("messages", "invitations"),  # the notice says the same; an address there is a coordinator's, until it is taken up
    "proposals",  # what is said of two or three: tests of its own
}
"""The tables of which no column is what a member told."""


def is_told_of(column):
    """Whether a column may hold words of a person that its owner may read."""
    can_hold_words = isinstance(column.type, String | JSON | Sealed) and not isinstance(column.type, Enum)
    others = {*FOR_THE_NIGHT_ALONE, SAYS_HOURS, "notices.values"}
    return can_hold_words and column.info["data_class"] not in NEVER and str(column) not in others


def columns_to_tell(row):
    return [column for column in row.__table__.columns if is_told_of(column)]


class Person:
    """A member with a row in every table that tells of one, and a canary in every column."""

    def __init__(self, stage, name, **changes):
        session, self.name, self._numbers = stage.session, name, count(100)
        self.member = make_member(session, stage.group, **changes)
        goal = Goal(area="", milestones=[Milestone(place=1, words="")], steps=[Step(week=NOW.date(), words="")])
        self.member.goals.append(goal)
        self.member.experiences.append(Experience(tag="", tag_mark=name, stage=Stage.STEADIER))
        account = self.member.account
        times = {"begun_at": NOW, "seen_at": NOW, "password_at": NOW}
        sign_in = SignIn(account=account, token_hash=f"sign-in {name}", device="", **times)
        link = Link(account=account, use=LinkUse.CHANGE, token_hash=name, address="", made_at=NOW, expires_at=NOW)
        outbox.tell(session, self.member, "started", name, NOW)
        outbox.tell(session, account, "password_changed", name, NOW)
        self.run = make_run(session, make_group(session), WEDNESDAY)
        alone = LeftAlone(run_id=self.run.id, member=self.member, cause="", possible_partners=0, barriers={})
        session.add_all([sign_in, link, alone])
        session.flush()
        notices = session.scalars(select(Notice).where(Notice.account_id == account.id)).all()
        told = [account, self.member, goal, *goal.milestones, *goal.steps, *self.member.experiences]
        told += [*self.member.consents, sign_in, link, alone, *notices]
        self.canaries = {f"{row.__tablename__}.{column.key}": set() for row in told for column in columns_to_tell(row)}
        for row in told:
            self.plant(row)
        session.flush()

    def plant(self, row):
        """A new canary in each column of a row."""
        for column in columns_to_tell(row):
            canary = f"{self.name}{next(self._numbers)}"
            before = getattr(row, column.key)
            holds = {list: [canary], dict: {canary: canary}}.get(type(before), canary)
            setattr(row, column.key, holds)
            self.canaries.setdefault(str(column), set()).add(canary)

    def missing_in(self, copy):
        """The columns of which a canary is not in a copy."""
        return {column for column, canaries in self.canaries.items() if any(each not in copy for each in canaries)}

    def found_in(self, copy):
        return {column for column, canaries in self.canaries.items() if any(each in copy for each in canaries)}


def copy_of(session, account, now=NOW):
    """The copy as it would be handed out, looked at as one text; it is JSON both ways."""
    session.flush()
    session.expire_all()
    found = own_data(session, account, now)
    assert json.loads(json.dumps(found)) == found
    return found


def words_in(copy):
    return json.dumps(copy)


@pytest.fixture
def ada(stage):
    return Person(stage, "ada")


@pytest.fixture
def bob(stage):
    return Person(stage, "bob")


def mine(copy):
    return copy["memberships"][0]


# Complete


def test_whatever_somebody_told_is_in_their_copy(stage, ada):
    copy = words_in(copy_of(stage.session, ada.member.account))
    assert ada.missing_in(copy) == set()


def test_every_table_that_may_hold_words_of_one_person_is_looked_at(ada):
    found = {
        column.table.name for table in Base.metadata.tables.values() for column in table.columns if is_told_of(column)
    }
    assert found - {name.partition(".")[0] for name in ada.canaries} == OF_NO_ONE_PERSON


def test_a_column_that_is_forgotten_turns_red(stage, ada):
    copy = copy_of(stage.session, ada.member.account)
    del mine(copy)["card"], mine(copy)["goals"][-1]["steps"]
    assert ada.missing_in(words_in(copy)) == {"members.card", "steps.words", "steps.outcome"}


def test_words_are_told_as_a_person_reads_them(stage):
    hours = [[0, 18 * 60, 20 * 60 + 15], [4, 22 * 60, 24 * 60], [6, 23 * 60, 25 * 60 + 30]]
    changes = {"windows": hours, "support_style": SupportStyle.FIRM, "quiet_until": NOW.time(), "welcomes_three": True}
    (one,) = stage.people(1, **changes)
    one.goals[0].reached_at = NOW
    one.goals.append(Goal(area="reading", let_go_at=NOW, visibility=Visibility.ONLY_ME))
    one.goals.append(Goal(area="sleep"))
    own = mine(copy_of(stage.session, one.account))
    assert own["hours"] == [
        {"day": "Monday", "from": "18:00", "to": "20:15"},
        {"day": "Friday", "from": "22:00", "to": "24:00"},
        {"day": "Sunday", "from": "23:00", "to": "Monday 01:30"},
    ]
    assert [(goal["is"], goal["visibility"]) for goal in own["goals"]] == [
        ("reached", "my partner, once we all said yes"),
        ("put down", "only me"),
        ("open", "my partner, once we all said yes"),
    ]
    assert (own["support_style"], own["welcomes_three"], own["writing_is_enough"]) == ("firm", True, False)
    assert own["mails"] == {"quiet_from": "21:00:00", "quiet_until": "12:00:00", "off": []}
    assert own["consents"][0] == {
        "consent": "adult",
        "how": "in a test",
        "given_at": "2026-01-14T12:00:00+00:00",
        "withdrawn_at": None,
    }


def test_each_membership_and_what_the_account_looks_after_is_there(stage):
    (one,) = stage.people(1)
    second = make_member(stage.session, make_group(stage.session, name="Another"), account=one.account, name="Robin")
    stage.session.add(Coordinator(group_id=stage.group.id, account=one.account))
    copy = copy_of(stage.session, one.account)
    assert [each["group"] for each in copy["memberships"]] == [stage.group.name, "Another"]
    assert copy["memberships"][1]["name"] == second.name
    assert copy["account"]["looks_after"] == [stage.group.name]


def test_a_second_factor_is_told_of_without_its_seed(stage):
    (one,) = stage.people(1)
    codes.confirm(stage.session, one.account, pyotp.TOTP(codes.begin(stage.session, one.account, NOW)).at(NOW), NOW)
    told = copy_of(stage.session, one.account)["account"]
    assert (told["second_factor_since"], told["recovery_codes_left"]) == ("2026-01-14T12:00:00+00:00", 10)


def test_what_was_done_to_an_account_or_by_it_is_there_with_its_moment(stage):
    (one,) = stage.people(1)
    record(stage.session, NOW, "account", "signed in", one.account)
    record(stage.session, NOW + DAY, f"accounts:{one.account.public_id}", "hold", stage.coordinator)
    assert copy_of(stage.session, one.account)["acts"] == [
        {"act": "signed in", "at": "2026-01-14T12:00:00+00:00"},
        {"act": "hold", "at": "2026-01-15T12:00:00+00:00"},
    ]


def test_a_notice_tells_its_days_and_no_ids(stage):
    (one,) = stage.people(1)
    outbox.tell(stage.session, one.account, "promise_due", "a", NOW, {"member": "an id of somebody"})
    outbox.tell(stage.session, one, "alone", "a", NOW, {"next_pairing": "2026-01-18"})
    copy = copy_of(stage.session, one.account)
    told = {"made_at": "2026-01-14T12:00:00+00:00", "seen_at": None}
    assert copy["notices"] == [{"kind": "promise_due"} | told]
    assert mine(copy)["notices"] == [{"kind": "alone", "next_pairing": "2026-01-18"} | told]


# Never in it


def test_no_secret_is_in_a_copy(stage, ada):
    account = ada.member.account
    account.password_hash, account.code_seed = "the hash of it", "the seed of it"
    stage.session.flush()
    copy = words_in(copy_of(stage.session, account))
    assert not [each for each in ("the hash of it", "the seed of it", "sign-in ada", "public_id") if each in copy]


def test_of_a_stranger_nothing_is_in_a_copy(stage, ada, bob):
    assert bob.found_in(words_in(copy_of(stage.session, ada.member.account))) == set()


def test_of_whom_is_proposed_the_name_is_in_a_copy_and_nothing_else(stage, ada, bob):
    proposal = stage.open(ada.member, bob.member)
    next(each for each in proposal.answers if each.member is bob.member).reason = "bob says why"
    copy = copy_of(stage.session, ada.member.account)
    assert bob.found_in(words_in(copy)) == {"members.name"}
    assert mine(copy)["proposals"][0]["with"] == [bob.member.name]
    assert "bob says why" not in words_in(copy)


def test_of_a_partner_the_name_is_in_a_copy_and_nothing_after_they_left(stage, ada, bob):
    stage.together(ada.member, bob.member)
    copy = words_in(copy_of(stage.session, ada.member.account))
    assert bob.found_in(copy) == {"members.name"}
    leaving.leave(stage.session, bob.member, NOW)
    copy = copy_of(stage.session, ada.member.account)
    assert bob.found_in(words_in(copy)) == set()
    assert mine(copy)["partnerships"][0]["with"] == ["former member"]


def test_whom_one_asked_for_or_blocked_is_there_by_name_alone(stage, ada, bob):
    stage.session.add(Request(member_id=ada.member.id, asked_id=bob.member.id, made_at=NOW))
    stage.session.add(Block(blocker_id=ada.member.account_id, blocked_id=bob.member.account_id, made_at=NOW))
    assert bob.found_in(words_in(copy_of(stage.session, ada.member.account))) == {"members.name"}
    assert ada.found_in(words_in(copy_of(stage.session, bob.member.account))) == set()


# What cannot be read


def spoil(session):
    """Change every sealed value in the database; its key is still named."""
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            if isinstance(column.type, Sealed):
                sealed = session.execute(text(f"SELECT id, {column.name} FROM {table.name}")).all()
                for id_, value in sealed:
                    if value is not None:
                        changed = {"value": bytes(value)[:-1] + bytes([bytes(value)[-1] ^ 1]), "id": id_}
                        session.execute(text(f"UPDATE {table.name} SET {column.name} = :value WHERE id = :id"), changed)


def test_values_that_cannot_be_read_say_so_and_stop_nothing(stage, ada, bob):
    session = stage.session
    stage.open(ada.member, bob.member)
    session.flush()
    with session.begin_nested() as spoilt:
        spoil(session)
        session.expire_all()
        copy = own_data(session, ada.member.account, NOW)
        spoilt.rollback()
    own = json.loads(json.dumps(mine(copy)))
    for told in ("hours", "wishes", "preferences", "about_me", "card"):
        assert own[told] == CANNOT_BE_READ
    goal, night = own["goals"][-1], own["nights_alone"][0]
    words = [goal["words"], goal["tag"], goal["if_this"], goal["then_that"], goal["steps"][0]["words"]]
    words += [goal["milestones"][0]["words"], own["experiences"][0]["word"], own["experiences"][0]["stage"]]
    assert {*words, night["told"][1], own["proposals"][0]["reasons"]} == {CANNOT_BE_READ}
    assert own["rhythm"] in ada.canaries["members.rhythm"]
