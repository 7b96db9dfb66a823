"""CANARY: a word of its own in all that a member can tell; it is found where it may be read, and nowhere else."""

import json

import pytest
from sqlalchemy import select

from matcher.models import Account, Goal, Group, Member, Milestone
from matcher.sealing import keyring_of
from matcher.states import Consent, Visibility
from tests.house import PAGES
from tests.rows import NOW
from web.policy import POLICY

OWNER = "partner"
"""Who tells; "partner_too" is their partner, everybody else is not."""
NOBODY_ELSE = {
    "zone": "Antarctica/Troll",
    "window": "07:45",
    "wish": "canarywish",
    "preference": "canarypreference",
    "about_me": "canaryaboutme",
    "for matching": "canarymatching",
    "only me": "canaryonlyme",
    "own goal": "canarysecretgoal",
    "address": "canary-address@example.org",
    "device": "Canarybrowser",
}
PARTNER_ONLY = {"goal": "canarypartnergoal", "milestone": "canarymilestone", "if": "canaryif", "card": "canarycard"}
SHOWN = {"name": "Canaryname", "area": "canaryarea", "experience": "canaryshown"}


@pytest.fixture
def planted(visits, rows):
    """One member with a canary in every field."""
    with rows.begin() as session:
        member = session.scalar(select(Member).where(Member.public_id == visits.house.ids[OWNER]))
        plant(session, member)
    return visits


def plant(session, member):
    from matcher.models import Experience, SignIn

    keyring = keyring_of(session.get_bind().dialect)
    member.name, member.zone, member.card = SHOWN["name"], NOBODY_ELSE["zone"], PARTNER_ONLY["card"]
    member.windows = [[1, 7 * 60 + 45, 9 * 60]]
    member.wishes = [{"trait": NOBODY_ELSE["wish"], "accepted": [NOBODY_ELSE["wish"]], "may_ask": True}]
    member.preferences = [{"trait": NOBODY_ELSE["preference"], "accepted": ["x"], "may_ask": False}]
    member.about_me = {"gender": NOBODY_ELSE["about_me"]}
    member.account.address = NOBODY_ELSE["address"]
    goal = member.goals[0]
    goal.area, goal.words, goal.visibility = SHOWN["area"], PARTNER_ONLY["goal"], Visibility.PARTNER
    goal.if_this, goal.then_that = PARTNER_ONLY["if"], PARTNER_ONLY["if"]
    goal.milestones = [Milestone(place=0, words=PARTNER_ONLY["milestone"])]
    member.goals.append(Goal(area="rest", words=NOBODY_ELSE["own goal"], visibility=Visibility.ONLY_ME))
    member.experiences = [
        Experience(tag=tag, tag_mark=keyring.mark(tag, "experiences.tag"), visibility=visibility)
        for tag, visibility in (
            (NOBODY_ELSE["for matching"], Visibility.FOR_MATCHING),
            (NOBODY_ELSE["only me"], Visibility.ONLY_ME),
            (SHOWN["experience"], Visibility.PROPOSED),
        )
    ]
    from matcher import people

    people.agree(session, member, Consent.EXPERIENCES, "in a test", NOW)
    for row in session.scalars(select(SignIn).where(SignIn.account_id == member.account_id)):
        row.device = NOBODY_ELSE["device"]


def texts(planted, who):
    """All that somebody can open: every page, with their own ids and with those of the owner."""
    visit = planted.by(who)
    paths = {path for _, path in PAGES.values()}
    paths |= {path.replace("{waiting}", f"{{{OWNER}}}") for path in paths}
    for path in sorted(paths):
        yield path, visit.get(planted.path(path)).text


EVERYBODY_ELSE = ("", "waiting", "newcomer", "proposed", "partner_too", "elsewhere", "coordinator", "founder")


@pytest.mark.parametrize("who", EVERYBODY_ELSE)
def test_what_is_theirs_alone_is_on_nobody_elses_page(planted, who):
    for path, text in texts(planted, who):
        found = {what for what, canary in NOBODY_ELSE.items() if canary in text}
        found -= {"zone"} if "<option" in text else set()  # every zone is offered to everybody
        found -= {"window"} if "<option" in text else set()
        assert not found, (path, found)


@pytest.mark.parametrize("who", ["", "waiting", "proposed", "elsewhere", "coordinator", "founder"])
def test_what_is_for_a_partner_is_on_no_page_of_who_is_none(planted, who):
    for path, text in texts(planted, who):
        found = {what for what, canary in PARTNER_ONLY.items() if canary in text}
        assert not found, (path, found)


def test_the_owner_reads_all_of_it(planted):
    everything = "".join(text for _, text in texts(planted, OWNER))
    for what, canary in (NOBODY_ELSE | PARTNER_ONLY | SHOWN).items():
        if what not in (
            "window",
            "wish",
            "preference",
            "about_me",
        ):  # a week of boxes; traits the group has no word for
            assert canary in everything, what


def test_the_coordinator_reads_the_name_and_of_the_address_its_first_letter(planted):
    page = planted.by("coordinator").get(planted.path("/desk/{group}/people")).text
    assert SHOWN["name"] in page
    assert "c…@e….org" in page


@pytest.mark.parametrize("reader", ["proposed", "partner", "coordinator"])
def test_the_preview_shows_each_reader_what_is_theirs_to_read(planted, reader):
    whole = planted.by(OWNER).get(planted.path(f"/members/{{{OWNER}}}/preview?as={reader}")).text
    page = whole.partition("<article")[2].lower()
    everybody = ("proposed", "partner", "coordinator")
    for canaries, readers in ((NOBODY_ELSE, ()), (PARTNER_ONLY, ("partner",)), (SHOWN, everybody)):
        for what, canary in canaries.items():
            assert (canary.lower() in page) is (reader in readers), (what, reader)


def test_groups_are_sealed_from_each_other(planted, rows):
    with rows.begin() as session:
        session.scalar(select(Group).where(Group.public_id == planted.house.ids["group"])).name = "Canarygroup"
    for who in ("elsewhere", "coordinator_elsewhere", "founder", "nobody", ""):
        visit = planted.by(who)
        for name, (_, path) in PAGES.items():
            if "invitation" not in name:
                assert "Canarygroup" not in visit.get(planted.path(path)).text, (who, path)


def test_the_log_holds_no_word_of_anybodys_no_token_and_no_whole_address(planted, capfd):
    capfd.readouterr()
    visit = planted.by(OWNER)
    secrets = [planted.house.tokens[OWNER], *(planted.house.ids[each] for each in ("invitation", "reset"))]
    secrets.append("hush-hush-password")
    for _, path in PAGES.values():
        visit.get(planted.path(path))
    fields = {"goals-0-area": "canaryarea", "goals-0-words": PARTNER_ONLY["goal"], "goals-0-visibility": "only me"}
    visit.post(planted.path(f"/members/{{{OWNER}}}/goals"), fields)
    visit.post("/sign-in", {"address": NOBODY_ELSE["address"], "password": "hush-hush-password"})
    logged = capfd.readouterr().err
    assert logged.count('"event": "request"') > 50
    for canary in [*NOBODY_ELSE.values(), *PARTNER_ONLY.values(), *SHOWN.values(), *secrets]:
        assert canary not in logged or canary == "07:45", canary
    assert all(json.loads(line) for line in logged.splitlines())


def test_a_word_that_leaks_is_found(planted, app, monkeypatch):
    monkeypatch.setitem(
        app.view_functions, "welcome.help_now", lambda: f"<!doctype html><title>x</title><p>{PARTNER_ONLY['card']}</p>"
    )
    assert any(PARTNER_ONLY["card"] in text for _, text in texts(planted, "waiting"))
    assert "welcome.help_now" in POLICY


def test_no_row_of_the_database_holds_a_word_that_is_sealed(planted, rows):
    sealed = [NOBODY_ELSE[each] for each in ("wish", "preference", "about_me", "for matching", "only me", "own goal")]
    with rows() as session:
        raw = session.connection().exec_driver_sql("SELECT * FROM members").all()
        raw += session.connection().exec_driver_sql("SELECT * FROM goals").all()
        raw += session.connection().exec_driver_sql("SELECT * FROM experiences").all()
        assert session.scalar(select(Account.id).limit(1))
    for canary in [*sealed, *PARTNER_ONLY.values()]:
        assert canary not in str(raw), canary
