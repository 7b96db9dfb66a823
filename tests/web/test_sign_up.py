"""Signing up, forgotten passwords, and mailed links: nothing is told here that the mailbox should tell."""

import pyotp
import pytest

from matcher import accounts, links
from matcher.models import Account, Group, Link, Message
from matcher.states import LinkUse
from tests.house import PASSWORD
from tests.rows import NOW
from tests.web.filled import slip_beside
from tests.web.test_access import seen
from tests.web.test_every_page import dump

NEW = "four kettles on a slow train"


def mailed(rows, address):
    """The use and the token of the newest link to an address, as its mail would hold it."""
    with rows.begin() as session:
        link = session.query(Link).filter_by(address=address).order_by(Link.id.desc()).first()
        return link.use, links.renew(session, link.id, NOW)[1]


KNOWN = ("waiting@example.org", "unsure@example.org", "coordinator@example.org", "nobody-knows@example.org")


@pytest.mark.parametrize("path", ["/sign-up", "/forgotten"])
def test_every_address_gets_the_same_answer_to_the_byte(visits, path):
    answers = {str(seen(visits.by().post(path, {"address": address}))) for address in KNOWN}
    assert len(answers) == 1
    assert visits.by().get("/look-into-your-mail").status_code == 200


def test_a_change_of_address_to_a_known_one_gets_the_same_answer(visits):
    answers = {str(seen(visits.by("partner").post("/settings/address", {"address": address}))) for address in KNOWN}
    assert len(answers) == 1


@pytest.mark.parametrize("path", ["/sign-up", "/forgotten"])
@pytest.mark.parametrize("wrong", ["", "ada", "a@x, b@y.org", "a@x.org\r\nBcc: b@y.org", "ada@example", "\0@x.org"])
def test_what_is_no_address_is_said_beside_the_field_and_stays(visits, path, wrong):
    answer = visits.by().post(path, {"address": wrong})
    assert answer.status_code == 422
    assert 'href="#address"' in answer.text


def test_signing_up_goes_by_the_mailbox_and_leads_into_a_group_that_is_open_to_all(visits, rows):
    visit = visits.by()
    assert visit.post("/sign-up", {"address": "New.Person@example.org"}).location == "/look-into-your-mail"
    use, token = mailed(rows, "new.person@example.org")
    assert use is LinkUse.CONFIRM
    assert visit.post(f"/confirm/{token}", {"password": NEW, "again": NEW}).location == "/today"
    page = visit.get("/today")
    assert "Which group would you like to join?" in page.text
    assert "Another Group" in page.text
    assert "Side by Side" not in page.text
    joined = visit.post(visits.path("/groups/{other_group}/join"))
    assert joined.location.endswith("/rules")
    assert visit.get(joined.location).status_code == 200
    assert visit.post(visits.path("/groups/{other_group}/join")).status_code == 410
    assert visit.post(visits.path("/groups/{group}/join")).status_code == 404


def test_where_no_group_is_open_to_all_one_comes_by_invitation(visits, rows):
    with rows.begin() as session:
        session.query(Group).update({"open_to_all": False})
    page = visits.by().get("/sign-up")
    assert "by invitation" in page.text
    assert 'name="address"' not in page.text
    before = dump(rows)
    assert visits.by().post("/sign-up", {"address": "new@example.org"}).status_code == 404
    assert dump(rows) == before


def test_who_joins_without_an_invitation_needs_a_confirmed_address(visits, rows):
    with rows.begin() as session:
        account = session.query(Account).filter_by(address="elsewhere@example.org").one()
        account.address_confirmed_at = None
        for member in session.query(Group).filter_by(public_id=visits.house.ids["other_group"]).one().coordinators:
            session.delete(member)
    assert visits.by("unsure").post(visits.path("/groups/{other_group}/join")).status_code == 410


# Links


@pytest.mark.parametrize("use", ["confirm", "reset", "take-back"])
def test_looking_at_a_link_uses_nothing_up(visits, rows, use):
    path = visits.path(f"/{use}/{{{use.replace('-', '_')}}}")
    before = dump(rows)
    for _ in range(3):
        assert visits.by().get(path).status_code == 200
        assert visits.by().client.head(path, base_url="https://localhost").status_code == 200
    assert dump(rows) == before


@pytest.mark.parametrize("use", ["confirm", "reset", "take-back"])
def test_a_link_sets_a_password_once_and_ends_every_browser(visits, rows, use):
    path, fields = visits.path(f"/{use}/{{{use.replace('-', '_')}}}"), {"password": NEW, "again": NEW}
    visit = visits.by()
    assert visit.post(path, fields).location == "/today"
    assert visit.get("/today").status_code == 200
    assert visits.by("waiting").get("/today").status_code == 303
    assert visits.by().post(path, fields).status_code == 410
    assert visits.by().get(path).status_code == 410
    fits = {"address": "waiting@example.org", "password": NEW}
    assert visits.by().post("/sign-in", fits).status_code == 303
    assert visits.by().post("/sign-in", fits | {"password": PASSWORD}).status_code == 422


@pytest.mark.parametrize("use", ["confirm", "reset", "change", "take-back"])
def test_a_link_is_for_its_own_use_alone(visits, use):
    for other in ("confirm", "reset", "change", "take_back"):
        if other != use.replace("-", "_"):
            path = f"/{use}/{visits.house.ids[other]}"
            assert visits.by("waiting").get(path).status_code == 410
            assert visits.by("waiting").post(path, {"password": NEW, "again": NEW}).status_code == 410


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"password": "short", "again": "short"}, "password"),
        ({"password": "passwordpassword", "again": "passwordpassword"}, "password"),
        ({"password": "waiting@example.org", "again": "waiting@example.org"}, "password"),
        ({"password": NEW, "again": NEW + "x"}, "again"),
        ({"password": "", "again": ""}, "password"),
        ({"password": "x" * 300, "again": "x" * 300}, "password"),
    ],
)
def test_a_password_that_does_not_do_is_said_and_the_link_still_works(visits, fields, field):
    path = visits.path("/reset/{reset}")
    answer = visits.by().post(path, fields)
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert NEW not in answer.text
    assert visits.by().post(path, {"password": NEW, "again": NEW}).status_code == 303


def test_spaces_and_signs_of_a_password_are_kept_as_typed(visits):
    odd = "  ümläut 👩‍👩‍👧 with  spaces  "
    assert visits.by().post(visits.path("/reset/{reset}"), {"password": odd, "again": odd}).status_code == 303
    fields = {"address": "waiting@example.org", "password": odd}
    assert visits.by().post("/sign-in", fields).status_code == 303
    assert visits.by().post("/sign-in", fields | {"password": odd.strip()}).status_code == 422


def test_a_second_factor_is_still_asked_for_after_a_reset(visits, rows):
    with rows.begin() as session:
        accounts.ask_for_reset(session, "coordinator@example.org", NOW)
    _, token = mailed(rows, "coordinator@example.org")
    visit = visits.by()
    assert visit.post(f"/reset/{token}", {"password": NEW, "again": NEW}).location == "/sign-in"
    assert visit.cookie() == ""
    assert visit.post("/sign-in", {"address": "coordinator@example.org", "password": NEW}).status_code == 422


def test_with_the_code_a_reset_lets_its_owner_in_whoever_guesses_meanwhile(visits, rows, clock):
    with rows.begin() as session:
        accounts.ask_for_reset(session, "coordinator@example.org", NOW)
    _, token = mailed(rows, "coordinator@example.org")
    visit, fields = visits.by(), {"password": NEW, "again": NEW}
    assert "you are signed in at once" in visit.get(f"/reset/{token}").text
    assert "does not fit" in slip_beside(visit.post(f"/reset/{token}", fields | {"code": "000000"}), "code")
    for _ in range(11):
        answer = visits.by().post("/sign-in", {"address": "coordinator@example.org", "password": "a guess of somebody"})
    assert answer.status_code == 429
    with rows() as session:
        code = pyotp.TOTP(accounts.of_address(session, "coordinator@example.org").code_seed).at(clock.now)
    answer = visit.post(f"/reset/{token}", fields | {"code": code})
    assert answer.location == "/today"
    assert visit.get("/desk").status_code == 200


def test_codes_are_not_guessed_at_through_one_link(visits, rows):
    with rows.begin() as session:
        accounts.ask_for_reset(session, "coordinator@example.org", NOW)
    _, token = mailed(rows, "coordinator@example.org")
    guess = {"password": NEW, "again": NEW, "code": "000000"}
    answers = [visits.by().post(f"/reset/{token}", guess).status_code for _ in range(11)]
    assert answers == [422] * 10 + [429]


def test_the_new_address_counts_once_its_link_is_opened_by_whoever_asked(visits, rows):
    visit = visits.by("partner")
    visit.post("/settings/address", {"address": "moved@example.org"})
    use, token = mailed(rows, "moved@example.org")
    assert use is LinkUse.CHANGE
    assert visits.by().get(f"/change/{token}").location.startswith("/sign-in?next=/change/")
    assert visits.by("waiting").post(f"/change/{token}").status_code == 410
    with rows() as session:
        assert accounts.of_address(session, "moved@example.org") is None
    assert visit.post(f"/change/{token}").location == "/today"
    with rows() as session:
        assert accounts.of_address(session, "moved@example.org")
        kinds = {message.kind for message in session.query(Message)}
    assert {"link_take_back", "address_changed"} <= kinds


def test_a_forged_host_poisons_no_mail(visits, rows):
    visits.by().client.get("/forgotten", headers={"Host": "evil.example"})
    visits.by().post("/forgotten", {"address": "waiting@example.org"}, headers={"X-Forwarded-Host": "evil.example"})
    with rows() as session:
        assert all("evil" not in str(message.values) for message in session.query(Message))


def test_the_link_is_sent_again_to_who_has_not_confirmed_and_to_nobody_else(visits, rows):
    def count():
        with rows() as session:
            return session.query(Link).filter_by(use=LinkUse.CONFIRM).count()

    before = count()
    assert visits.by("unsure").post("/send-again").location == "/look-into-your-mail"
    assert count() == before + 1
    visits.by("partner").post("/send-again")
    assert count() == before + 1
