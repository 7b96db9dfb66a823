"""Signing in: both factors at once, and no word about which of them was wrong."""

import re
from datetime import timedelta

import pyotp
import pytest

from matcher import codes, sign_ins
from matcher.models import Account, AuditEvent, SignIn
from tests.house import PASSWORD
from tests.web.test_access import seen
from web.sign_in import device_of


def sign_in(visits, who, password=PASSWORD, **more):
    return visits.by().post("/sign-in", {"address": f"{who}@example.org", "password": password} | more)


def code_of(rows, who, now):
    with rows() as session:
        account = session.query(Account).filter_by(address=f"{who}@example.org").one()
        return pyotp.TOTP(account.code_seed).at(now)


def without_address(answer, address):
    status, headers, text = seen(answer)
    return status, headers, text.replace(address, "an address")


def test_whoever_knows_the_password_comes_in_and_it_is_written_down(visits, rows):
    visit = visits.by()
    answer = visit.post("/sign-in", {"address": " WAITING@example.org ", "password": PASSWORD})
    assert (answer.status_code, answer.location) == (303, "/today")
    assert "You are in the next pairing" in visit.get("/today").text
    with rows() as session:
        assert session.query(AuditEvent).filter_by(act="signed in").order_by(AuditEvent.id.desc()).first()


def test_unknown_addresses_and_wrong_passwords_get_the_same_answer_to_the_byte(visits):
    answers = {
        who: without_address(sign_in(visits, who, "not this one at all"), f"{who}@example.org")
        for who in ("waiting", "unsure", "nobody-knows", "coordinator", "newcomer")
    }
    assert len(set(map(str, answers.values()))) == 1
    assert answers["waiting"][0] == 422


def test_what_was_typed_stays_but_for_the_password(visits):
    answer = sign_in(visits, "waiting", "not this one at all", own_device="y", code="123456")
    assert 'value="waiting@example.org"' in answer.text
    assert "not this one at all" not in answer.text
    assert re.search(r"<input[^>]*checked[^>]*name=\"own_device\"", answer.text)


@pytest.mark.parametrize("missing", ["address", "password"])
def test_a_field_that_is_empty_is_named(visits, missing):
    fields = {"address": "waiting@example.org", "password": PASSWORD} | {missing: ""}
    answer = visits.by().post("/sign-in", fields)
    assert answer.status_code == 422
    assert f'href="#{missing}"' in answer.text


def test_who_has_a_second_factor_needs_both_and_reads_the_same_where_either_is_wrong(visits, rows, clock):
    clock.now += timedelta(minutes=1)
    right = code_of(rows, "coordinator", clock.now)
    wrong = [
        sign_in(visits, "coordinator"),
        sign_in(visits, "coordinator", code="000000"),
        sign_in(visits, "coordinator", "not this one at all"),
    ]
    assert len({re.sub(r'value="\d*"| open', "", str(seen(each))) for each in wrong}) == 1
    visit = visits.by()
    fields = {"address": "coordinator@example.org", "password": PASSWORD, "code": right}
    assert visit.post("/sign-in", fields).status_code == 303
    assert visit.get("/desk").status_code == 200
    assert visits.by().post("/sign-in", fields).status_code == 422  # a code works once
    spaced = fields | {"code": f" {right[:3]} {right[3:]} "}
    assert visits.by().post("/sign-in", spaced).status_code == 422


def test_a_recovery_code_stands_in_for_the_phone_once(visits, rows, clock):
    with rows.begin() as session:
        account = session.query(Account).filter_by(address="coordinator@example.org").one()
        recovery = codes.new_recovery_codes(session, account, clock.now)
    assert sign_in(visits, "coordinator", code=recovery[0].upper()).status_code == 303
    assert sign_in(visits, "coordinator", code=recovery[0]).status_code == 422


def test_who_opened_an_account_by_an_invitation_comes_in_before_the_address_is_confirmed(visits):
    assert sign_in(visits, "unsure").location == "/today"


def test_a_device_of_ones_own_stays_signed_in_for_a_month(visits, clock):
    visit, other = visits.by(), visits.by()
    fields = {"address": "waiting@example.org", "password": PASSWORD}
    visit.post("/sign-in", fields | {"own_device": "y"})
    other.post("/sign-in", fields)
    clock.now += timedelta(days=29)
    assert visit.get("/today").status_code == 200
    assert other.get("/today").status_code == 303


def test_who_is_signed_in_goes_on(visits):
    assert visits.by("waiting").get("/sign-in?next=/settings").location == "/settings"


def test_ten_browsers_at_most_the_eleventh_ends_the_oldest(visits, rows, clock):
    first = visits.by()
    fields = {"address": "partner@example.org", "password": PASSWORD}
    first.post("/sign-in", fields)
    for _ in range(sign_ins.MOST_AT_ONCE):
        clock.now += timedelta(minutes=1)
        visits.by().post("/sign-in", fields)
    assert first.get("/today").status_code == 303
    with rows() as session:
        account = session.query(Account).filter_by(address="partner@example.org").one()
        assert session.query(SignIn).filter_by(account_id=account.id).count() == sign_ins.MOST_AT_ONCE


AGENTS = {
    "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0": "Firefox, Linux",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 Version/18 Safari/604": "Safari, iPhone",
    "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537 Chrome/140 Safari/537 Edg/140": "Edge, Windows",
    "": "A browser",
    "x" * 5000: "A browser",
}


@pytest.mark.parametrize(("agent", "device"), AGENTS.items(), ids=range(len(AGENTS)))
def test_a_device_is_named_in_a_word_or_two_and_nothing_else_of_it_is_kept(agent, device):
    assert device_of(agent) == device
