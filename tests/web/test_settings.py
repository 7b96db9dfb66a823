"""Settings: the address, the password, the browsers that are signed in, and the way into another group."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from matcher import links, passwords, sign_ins
from matcher.models import Account, Link, Message, SignIn
from matcher.states import LinkUse
from tests.house import PASSWORD
from tests.rows import NOW
from tests.web.filled import filled, send, slip_beside, slips
from tests.web.pages import words_of
from tests.web.test_memberships import member_of
from tests.web.visits import Visit

NEW = "eleven larks above the ferry"


def account_of(session, who):
    return session.scalars(select(Account).where(Account.address == f"{who}@example.org")).one()


def test_the_first_page_says_where_everything_is(visits):
    words = words_of(visits.by("waiting").get("/settings"))
    assert "Here you are Waiting. What you told this group" in words
    assert "Address waiting@example.org" in words
    assert "Second factor Off" in words
    assert "Second factor On" in words_of(visits.by("coordinator").get("/settings"))
    unsure = words_of(visits.by("unsure").get("/settings"))
    assert "Address unsure@example.org (not confirmed yet)" in unsure
    assert "without a name so far" in words_of(visits.by("newcomer").get("/settings"))


def test_the_page_of_a_group_leads_to_everything_that_was_told_there(visits):
    text = visits.by("waiting").get(visits.path("/members/{waiting}/settings")).text
    for page in ("name", "goals", "hours", "experiences", "support", "wishes", "rules", "preview", "notices", "rest"):
        assert visits.path(f'"/members/{{waiting}}/{page}"') in text


# The address


def test_a_new_address_gets_a_link_and_nothing_changes_before_it_is_opened(visits, rows):
    answer = send(visits.by("waiting"), "/settings/address", {"address": " New@Example.org "})
    assert (answer.status_code, answer.location) == (303, "/look-into-your-mail")
    with rows() as session:
        account = account_of(session, "waiting")
        newest = session.scalars(select(Link).where(Link.account_id == account.id).order_by(Link.id.desc())).first()
        assert (newest.use, newest.address) == (LinkUse.CHANGE, "new@example.org")
        assert session.scalars(select(Message.kind).order_by(Message.id.desc())).first() == "link_change"


@pytest.mark.parametrize("taken", ["proposed@example.org", "nobody-at-all@example.org"])
def test_known_and_unknown_addresses_get_the_same_answer(visits, taken):
    answer = send(visits.by("waiting"), "/settings/address", {"address": taken})
    assert (answer.status_code, answer.location) == (303, "/look-into-your-mail")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Write the new address."),
        ("waiting at example.org", "This is no mail address."),
        ("a@example.org\u0000", "There is a sign in this that no page can show."),
    ],
)
def test_what_is_no_address_is_said_beside_it_and_stays_in_the_page(visits, rows, typed, said):
    answer = send(visits.by("waiting"), "/settings/address", {"address": typed})
    assert answer.status_code == 422
    assert said in slip_beside(answer, "address")
    assert filled(answer)["address"] == typed.replace("\u0000", "\ufffd")
    with rows() as session:
        assert account_of(session, "waiting").address == "waiting@example.org"


def test_the_address_asks_for_the_password_again_after_a_while(visits, clock):
    clock.now += timedelta(minutes=5)
    assert visits.by("waiting").get("/settings/address").location == "/step-up?next=/settings/address"
    assert visits.by("waiting").post("/settings/address", {"address": "a@example.org"}).status_code == 401


def test_only_a_few_links_an_hour_go_to_one_address(visits):
    visit = visits.by("waiting")
    answers = [visit.post("/settings/address", {"address": "new@example.org"}).status_code for _ in range(6)]
    assert answers == [303] * 5 + [429]


# The password


def change(visit, old=PASSWORD, password=NEW, again=NEW):
    return send(visit, "/settings/password", {"old": old, "password": password, "again": again})


def test_a_new_password_signs_every_other_browser_out_and_is_told_by_mail(visits, rows):
    with rows.begin() as session:
        elsewhere = sign_ins.begin(session, account_of(session, "waiting"), NOW)
    visit, other = visits.by("waiting"), Visit(visits.app, elsewhere)
    assert other.get("/today").status_code == 200
    answer = change(visit)
    assert (answer.status_code, answer.location) == (303, "/settings")
    assert "Your new password is set. Every other browser is signed out." in words_of(visit.get("/settings"))
    assert other.get("/today").status_code == 303
    with rows() as session:
        kept = account_of(session, "waiting").password_hash
        assert passwords.fits(NEW, kept)
        assert not passwords.fits(PASSWORD, kept)
        assert "password_changed" in session.scalars(select(Message.kind)).all()


@pytest.mark.parametrize(
    ("typed", "field", "said"),
    [
        ({"old": "four geese in the harbour"}, "old", "The old password is another one. Nothing was changed."),
        ({"old": ""}, "old", "Write your password until now."),
        ({"password": "short", "again": "short"}, "password", "at least 12"),
        ({"password": "waiting@example.org", "again": "waiting@example.org"}, "password", "would be guessed soon"),
        ({"again": "eleven larks"}, "again", "These two differ; write them again."),
        ({"again": ""}, "again", "Write the new password a second time."),
    ],
)
def test_a_slip_stands_beside_its_field_and_no_password_is_ever_shown(visits, rows, typed, field, said):
    answer = change(visits.by("waiting"), **typed)
    assert answer.status_code == 422
    assert said in slip_beside(answer, field)
    assert not {PASSWORD, NEW, *typed.values()} & set(filled(answer).values()) - {""}
    with rows() as session:
        assert passwords.fits(PASSWORD, account_of(session, "waiting").password_hash)


def test_who_looks_after_a_group_needs_a_longer_password(visits):
    assert "At least 12 signs." in words_of(visits.by("waiting").get("/settings/password"))
    visit = visits.by("coordinator")
    assert "At least 15 signs." in words_of(visit.get("/settings/password"))
    short = "larks at ferry"
    assert "15" in slip_beside(change(visit, password=short, again=short), "password")


def test_guessing_the_old_password_soon_has_to_wait(visits):
    visit = visits.by("waiting")
    wrong = {"old": "wrong", "password": NEW, "again": NEW}
    assert [visit.post("/settings/password", wrong).status_code for _ in range(11)] == [422] * 10 + [429]


def test_a_password_that_is_sent_too_late_is_not_kept_in_the_page(visits, clock):
    visit = visits.by("waiting")
    fields = {"old": PASSWORD, "password": NEW, "again": NEW}
    token = visit.form_token()
    clock.now += timedelta(days=20)
    answer = visit.post("/settings/password", fields | {"csrf_token": token})
    assert answer.status_code == 401
    assert PASSWORD not in answer.text
    assert NEW not in answer.text


# Devices


def browsers(rows, who="waiting"):
    with rows() as session:
        account = account_of(session, who)
        return [each.public_id for each in session.scalars(select(SignIn).where(SignIn.account_id == account.id))]


@pytest.fixture
def phone(visits, rows):
    """Another browser of the one who waits."""
    with rows.begin() as session:
        token = sign_ins.begin(session, account_of(session, "waiting"), NOW, device="Safari, iPhone", own_device=True)
    return Visit(visits.app, token)


def test_every_browser_is_listed_and_this_one_is_not_to_be_ended(visits, phone):
    words = words_of(visits.by("waiting").get("/settings/devices"))
    assert "Firefox, Linux (this one) Since 14 January 2026" in words
    assert "Safari, iPhone Since 14 January 2026, last used on 14 January 2026; your own device" in words
    assert words.count("Sign it out") == 1
    assert "Safari, iPhone (this one)" in words_of(phone.get("/settings/devices"))
    assert "Sign out everywhere else" not in words_of(visits.by("partner").get("/settings/devices"))


def test_one_browser_is_signed_out_at_once(visits, rows, phone):
    with rows() as session:
        id_ = session.scalars(select(SignIn.public_id).where(SignIn.device == "Safari, iPhone")).one()
    visit = visits.by("waiting")
    answer = visit.post(f"/settings/devices/{id_}/end")
    assert (answer.status_code, answer.location) == (303, "/settings/devices")
    assert phone.get("/today").status_code == 303
    assert visit.get("/today").status_code == 200
    assert visit.post(f"/settings/devices/{id_}/end").status_code == 404


def test_nobody_ends_the_browser_of_another(visits, rows):
    (foreign,) = browsers(rows, "partner")
    answer = visits.by("waiting").post(f"/settings/devices/{foreign}/end")
    assert answer.status_code == 404
    assert browsers(rows, "partner") == [foreign]


def test_every_other_browser_is_signed_out_at_once(visits, rows, phone):
    visit = visits.by("waiting")
    assert visit.post("/settings/devices/end-others").location == "/settings/devices"
    assert phone.get("/today").status_code == 303
    assert visit.get("/today").status_code == 200
    assert len(browsers(rows)) == len(browsers(rows, "partner")) == 1


# Another group


@pytest.mark.parametrize("around", ["{}", "  https://localhost/invitations/{} ", "https://localhost/invitations/{}/"])
def test_a_pasted_invitation_is_opened_however_it_was_copied(visits, around):
    link = around.format(visits.house.ids["invitation"])
    answer = send(visits.by("elsewhere"), "/settings", {"link": link})
    assert (answer.status_code, answer.location) == (303, visits.path("/invitations/{invitation}"))


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Paste the link that you were given."),
        ("https://localhost/invitations/never-was", "This invitation does not work any more, or never did"),
        ("/", "This invitation does not work any more, or never did"),
        ("https://localhost/invitations/a\u0000b", "There is a sign in this that no page can show."),
    ],
)
def test_one_that_opens_nothing_is_said_beside_it_and_stays_in_the_page(visits, typed, said):
    answer = send(visits.by("elsewhere"), "/settings", {"link": typed})
    assert answer.status_code == 422
    assert said in slip_beside(answer, "link")
    assert len(slips(answer)) == 1
    assert filled(answer)["link"] == typed.replace("\u0000", "\ufffd")
    assert "Another Group" in words_of(answer)


def test_guessing_invitations_soon_has_to_wait(visits):
    visit = visits.by("elsewhere")
    assert [visit.post("/settings/join", {"link": "x"}).status_code for _ in range(31)] == [422] * 30 + [429]


def test_a_link_that_changes_the_address_is_used_in_the_browser_that_asked(visits, rows):
    """The whole way: asked here, opened from the mail, and then the old address is told."""
    visit = visits.by("waiting")
    send(visit, "/settings/address", {"address": "new@example.org"})
    with rows.begin() as session:
        newest = session.scalars(select(Link).order_by(Link.id.desc())).first()
        token = links.renew(session, newest.id, NOW)[1]
    page = visit.get(f"/change/{token}")
    assert page.status_code == 200
    assert visit.post(f"/change/{token}", filled(page)).status_code == 303
    with rows() as session:
        assert member_of(session, visits, "waiting").account.address == "new@example.org"
