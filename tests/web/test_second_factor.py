"""The second factor: set up with a picture, turned on by a code, and recovery codes that are shown once."""

import re
from datetime import timedelta
from xml.etree import ElementTree

import pyotp
import pytest
from sqlalchemy import select

from matcher import codes
from matcher.models import Message, RecoveryCode, SignIn
from tests.house import PASSWORD
from tests.web.filled import send, slip_beside
from tests.web.pages import words_of
from tests.web.test_settings import account_of
from web.second_factor import picture_of

PAGE = "/settings/second-factor"


def seed_on(answer):
    return re.search(r'<code class="seed">(\w+)</code>', answer.text)[1]


def begun(visit):
    answer = visit.post(PAGE)
    assert (answer.status_code, answer.location) == (303, PAGE)
    return seed_on(visit.get(PAGE))


def code_of(seed, clock):
    return pyotp.TOTP(seed).at(clock.now)


def turned_on(visit, clock):
    seed = begun(visit)
    answer = send(visit, PAGE, {"code": code_of(seed, clock)})
    assert answer.status_code == 200
    return seed, answer


def recovery_on(answer):
    return [each.replace(" ", "") for each in re.findall(r"<li><code>([a-z0-9 ]+)</code></li>", answer.text)]


def test_it_is_offered_to_everybody_and_a_must_for_who_looks_after_a_group(visits):
    assert "It is up to you." in words_of(visits.by("waiting").get(PAGE))
    words = words_of(visits.by("coordinator_without_code").get(PAGE))
    assert "You see who is in a group and who is paired with whom." in words
    assert "All settings" not in words


def test_looking_begins_nothing(visits, rows):
    visits.by("waiting").get(PAGE)
    with rows() as session:
        account = account_of(session, "waiting")
        assert (account.code_seed, account.new_code_seed) == (None, None)


def test_the_seed_is_shown_until_it_is_confirmed_and_never_again(visits, rows, clock):
    visit = visits.by("waiting")
    seed = begun(visit)
    assert seed_on(visit.get(PAGE)) == seed
    with rows() as session:
        account = account_of(session, "waiting")
        assert (account.new_code_seed, codes.is_on(account)) == (seed, False)
    send(visit, PAGE, {"code": code_of(seed, clock)})
    after = visit.get(PAGE)
    assert "It is on." in words_of(after)
    assert seed not in after.text
    assert "<svg" not in after.text.partition("<main")[2]


def test_a_code_of_the_phone_turns_it_on_and_recovery_codes_are_shown_this_once(visits, rows, clock):
    visit = visits.by("waiting")
    _, answer = turned_on(visit, clock)
    shown = recovery_on(answer)
    assert len(set(shown)) == codes.RECOVERY_CODES
    assert answer.headers["Cache-Control"] == "no-store"
    assert "We show them only now." in words_of(answer)
    for path in (PAGE, "/settings", "/today"):
        assert not [each for each in shown if each in visit.get(path).text.replace(" ", "")]
    with rows.begin() as session:
        account = account_of(session, "waiting")
        assert codes.is_on(account)
        assert session.scalars(select(SignIn.code_at).where(SignIn.account_id == account.id)).all() == [clock.now]
        kept = session.scalars(select(RecoveryCode.code_hash).where(RecoveryCode.account_id == account.id)).all()
        assert not set(kept) & set(shown)
        assert codes.fits(session, account, f" {shown[0][:4]} {shown[0][4:]} ", clock.now)
        assert not codes.fits(session, account, shown[0], clock.now)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Write the six digits."),
        ("000000", "This code does not fit."),
        ("twelve", "This code does not fit."),
        ("12345\u0000", "There is a sign in this that no page can show."),
    ],
)
def test_a_wrong_code_turns_nothing_on_and_the_same_picture_stays(visits, rows, typed, said):
    visit = visits.by("waiting")
    seed = begun(visit)
    answer = send(visit, PAGE, {"code": typed})
    assert answer.status_code == 422
    assert said in slip_beside(answer, "code")
    assert seed_on(answer) == seed
    with rows() as session:
        assert not codes.is_on(account_of(session, "waiting"))


def test_without_a_seed_no_code_fits(visits):
    answer = visits.by("waiting").post(f"{PAGE}/confirm", {"code": "123456"})
    assert answer.status_code == 422
    assert "Set it up" in words_of(answer)


def test_guessing_the_first_code_soon_has_to_wait(visits):
    visit = visits.by("waiting")
    begun(visit)
    answers = [visit.post(f"{PAGE}/confirm", {"code": "000000"}).status_code for _ in range(11)]
    assert answers == [422] * 10 + [429]


def test_turned_off_no_code_is_asked_for_and_no_recovery_code_is_left(visits, rows, clock):
    visit = visits.by("waiting")
    turned_on(visit, clock)
    answer = visit.post(f"{PAGE}/off")
    assert (answer.status_code, answer.location) == (303, "/settings")
    assert "The second factor is off." in words_of(visit.get("/settings"))
    with rows() as session:
        account = account_of(session, "waiting")
        assert (account.code_seed, codes.is_on(account)) == (None, False)
        left = select(RecoveryCode).where(RecoveryCode.account_id == account.id)
        assert session.scalars(left).all() == []


def test_who_looks_after_a_group_cannot_turn_it_off(visits, rows):
    visit = visits.by("coordinator")
    assert "cannot be turned off" in words_of(visit.get(PAGE))
    assert visit.post(f"{PAGE}/off").status_code == 404
    with rows() as session:
        assert codes.is_on(account_of(session, "coordinator"))
    assert visit.get("/desk").status_code == 200


def test_a_new_factor_signs_every_other_browser_out(visits, clock):
    here, other = visits.by("waiting"), visits.by()
    other.post("/sign-in", {"address": "waiting@example.org", "password": PASSWORD})
    assert other.get("/today").status_code == 200
    turned_on(here, clock)
    assert other.get("/today").status_code == 303
    assert here.get("/today").status_code == 200


def test_another_phone_takes_a_new_seed_and_new_recovery_codes(visits, rows, clock):
    visit = visits.by("waiting")
    first, answer = turned_on(visit, clock)
    old = recovery_on(answer)
    clock.now += timedelta(minutes=1)
    second, answer = turned_on(visit, clock)
    assert first != second
    assert not set(old) & set(recovery_on(answer))
    with rows.begin() as session:
        account = account_of(session, "waiting")
        assert not codes.fits(session, account, old[0], clock.now)


def test_until_another_phone_has_shown_a_code_the_one_before_counts(visits, rows, clock):
    visit = visits.by("waiting")
    first, _ = turned_on(visit, clock)
    clock.now += timedelta(minutes=1)
    second = begun(visit)
    assert "The one until now counts" in words_of(visit.get(PAGE))
    assert "Make another picture" in words_of(visit.get(PAGE))
    with rows.begin() as session:
        account = account_of(session, "waiting")
        assert not codes.fits(session, account, code_of(second, clock), clock.now)
        assert codes.fits(session, account, code_of(first, clock), clock.now)


def test_recovery_codes_are_counted_and_made_anew(visits, rows, clock):
    visit = visits.by("waiting")
    assert [visit.post(f"{PAGE}/{act}").status_code for act in ("recovery-codes", "off")] == [404, 404]
    _, answer = turned_on(visit, clock)
    old = recovery_on(answer)
    with rows.begin() as session:
        assert codes.fits(session, account_of(session, "waiting"), old[0], clock.now)
    assert "9 codes are left" in words_of(visit.get(PAGE))
    new = recovery_on(visit.post(f"{PAGE}/recovery-codes"))
    assert len(set(new) - set(old)) == codes.RECOVERY_CODES
    with rows.begin() as session:
        assert not codes.fits(session, account_of(session, "waiting"), old[1], clock.now)
        assert "second_factor_changed" in session.scalars(select(Message.kind)).all()


def test_it_asks_for_the_password_again_after_a_while(visits, clock):
    clock.now += timedelta(minutes=5)
    visit = visits.by("waiting")
    assert visit.get(PAGE).location == f"/step-up?next={PAGE}"
    for path in (PAGE, f"{PAGE}/confirm", f"{PAGE}/recovery-codes", f"{PAGE}/off"):
        assert visit.post(path, {"code": "123456"}).status_code == 401


def test_a_code_that_is_sent_too_late_is_not_kept_in_the_page(visits, clock):
    visit = visits.by("waiting")
    token = visit.form_token()
    clock.now += timedelta(minutes=5)
    assert "987654" not in visit.post(f"{PAGE}/confirm", {"code": "987654", "csrf_token": token}).text


def test_the_picture_has_no_style_of_its_own_and_nobodys_words():
    picture = picture_of(codes.address_of("JBSWY3DPEHPK3PXP" * 2))
    assert not re.search(r"style=|<style|<script|href|xmlns|on\w+=", picture)
    tree = ElementTree.fromstring(picture)
    assert (tree.tag, tree.get("class")) == ("svg", "qr")
    assert tree.get("viewBox")
    assert "".join(tree.itertext()).strip() == ""
