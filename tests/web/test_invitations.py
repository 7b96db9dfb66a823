"""An invitation opens an account or a group, once, and tells nothing about any address."""

import re

import pytest
from sqlalchemy import func, select

from matcher import accounts, passwords, sign_ins
from matcher.models import Account, Invitation, Member
from tests.house import PASSWORD
from tests.rows import NOW
from tests.web.filled import slip_beside
from tests.web.test_access import seen

PATH = "/invitations/{invitation}"
FIELDS = {"address": "new@example.org", "password": PASSWORD}


def test_it_opens_an_account_before_the_address_is_confirmed_and_leads_to_the_house_rules(visits, rows):
    visit = visits.by()
    answer = visit.post(visits.path(PATH), FIELDS)
    assert re.fullmatch(r"/members/[\w-]+/rules", answer.location)
    assert visit.get(answer.location).status_code == 200
    with rows() as session:
        account = session.scalar(select(Account).order_by(Account.id.desc()))
        assert (account.address, account.claimed_address, account.address_confirmed_at) == (
            None,
            "new@example.org",
            None,
        )
        member = session.scalar(select(Member).where(Member.account_id == account.id))
        assert member.invited_in_person
    assert "Your address is not confirmed yet" in visit.get("/today").text


def test_it_works_once_also_for_whoever_used_it(visits):
    visit = visits.by()
    assert visit.post(visits.path(PATH), FIELDS).status_code == 303
    for one in (visit, visits.by()):
        assert one.get(visits.path(PATH)).status_code == 410
        assert one.post(visits.path(PATH), FIELDS).status_code == 410


@pytest.mark.parametrize(
    "address", ["waiting@example.org", "coordinator@example.org", "unsure@example.org", "new@example.org"]
)
def test_a_known_address_gets_the_same_answer_as_a_new_one(visits, rows, address):
    visit = visits.by()
    status, headers, text = seen(visit.post(visits.path(PATH), FIELDS | {"address": address}))
    at = re.compile(r"/members/[\w-]+/rules")
    assert status == 303
    assert at.sub("", text) == at.sub("", seen_of_a_new_one(visits, rows)[2])
    assert [name for name, _ in headers] == [name for name, _ in seen_of_a_new_one(visits, rows)[1]]
    page = visit.get("/today").text
    assert "Welcome" in page
    with rows() as session:
        owner = accounts.of_address(session, "waiting@example.org")
        assert owner.address_confirmed_at == NOW  # whose it is stays as they were


def seen_of_a_new_one(visits, rows):
    from matcher import invitations
    from matcher.models import Group

    with rows.begin() as session:
        group = session.scalar(select(Group).where(Group.public_id == visits.house.ids["group"]))
        token = invitations.invite(session, group, NOW)
    return seen(visits.by().post(f"/invitations/{token}", FIELDS))


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"address": ""}, "address", "Write your mail address"),
        ({"address": "new"}, "address", "This is no mail address"),
        ({"password": ""}, "password", "Choose a password"),
        ({"password": "short"}, "password", "at least 12 signs"),
        ({"password": "side by side side"}, "password", "would be guessed soon"),
    ],
)
def test_a_slip_stands_beside_its_field_and_the_rest_stays(visits, rows, fields, field, sentence):
    answer = visits.by().post(visits.path(PATH), FIELDS | {"own_device": "y"} | fields)
    assert answer.status_code == 422
    assert sentence in slip_beside(answer, field)
    assert "checked" in answer.text
    assert "new@example.org" in answer.text or field == "address"
    assert PASSWORD not in answer.text
    with rows() as session:
        assert session.scalar(select(func.count()).select_from(Invitation).where(Invitation.used_at.is_not(None))) == 0


def test_who_is_signed_in_comes_into_a_second_group_with_one_button(visits, rows):
    page = visits.by("elsewhere").get(visits.path(PATH))
    assert "elsewhere@example.org" in page.text
    assert 'name="password"' not in page.text
    assert visits.by("elsewhere").post(visits.path(PATH)).status_code == 303
    with rows() as session:
        account = accounts.of_address(session, "elsewhere@example.org")
        mine = session.scalars(select(Member).where(Member.account_id == account.id).order_by(Member.id)).all()
        assert [member.name for member in mine] == ["Elsewhere", ""]


def test_who_has_an_account_says_their_password_before_they_look_after_a_group(visits, rows):
    visit, path = visits.by("waiting"), visits.path("/invitations/{coordinators_invitation}")
    assert 'name="password"' in visit.get(path).text
    assert "Write your password." in slip_beside(visit.post(path), "password")
    assert "another password" in slip_beside(visit.post(path, {"password": "not this one at all"}), "password")
    assert visit.post(path, {"password": PASSWORD}).location == "/desk"


def test_a_password_is_not_guessed_at_through_an_invitation(visits):
    visit, path = visits.by("waiting"), visits.path("/invitations/{coordinators_invitation}")
    assert [visit.post(path, {"password": "a guess of somebody"}).status_code for _ in range(11)] == [422] * 10 + [429]


def test_a_password_that_is_short_for_who_looks_after_a_group_is_changed_first(visits, rows):
    with rows.begin() as session:
        accounts.of_address(session, "waiting@example.org").password_hash = passwords.hash_of("five red kites")
    visit, path = visits.by("waiting"), visits.path("/invitations/{coordinators_invitation}")
    answer = visit.post(path, {"password": "five red kites"})
    assert "at least 15 signs. Choose a longer one" in slip_beside(answer, "password")
    with rows() as session:
        assert not sign_ins.is_staff(session, accounts.of_address(session, "waiting@example.org"))


def test_who_is_in_the_group_already_reads_so_and_the_invitation_stays_good(visits):
    answer = visits.by("waiting").post(visits.path(PATH))
    assert answer.status_code == 410
    assert "You are in Side by Side already" in answer.text
    assert visits.by().get(visits.path(PATH)).status_code == 200


@pytest.mark.parametrize("name", ["coordinators_invitation", "founders_invitation"])
def test_who_will_look_after_a_group_needs_a_longer_password_and_then_a_second_factor(visits, name):
    path = visits.path(f"/invitations/{{{name}}}")
    short = visits.by().post(path, FIELDS | {"password": "five red kites"})
    assert "at least 15 signs" in slip_beside(short, "password")
    visit = visits.by()
    assert visit.post(path, FIELDS).location == "/desk"
    assert visit.get("/desk").location.startswith("/settings/second-factor")


@pytest.mark.parametrize("token", ["never-was", "x" * 500, "%00", "..", "'"])
def test_an_invitation_that_never_was_is_as_one_that_is_over(visits, token):
    answer = visits.by().get(f"/invitations/{token}")
    assert answer.status_code in (404, 410)
    if answer.status_code == 410:
        assert "does not work any more, or never did" in answer.text


def test_the_crisis_lines_of_the_group_stand_on_its_invitation(visits):
    assert "The line of this test: never called" in visits.by().get(visits.path(PATH)).text
    assert "The line of this test" not in visits.by().get(visits.path("/invitations/{founders_invitation}")).text
