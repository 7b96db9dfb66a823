"""Addresses that nobody has confirmed: none of these ends in somebody else's account (security, 3.23)."""

from matcher import accounts, invitations, leaving, sign_ins
from matcher.models import Group
from tests.house import PASSWORD
from tests.rows import NOW
from tests.web.filled import slip_beside
from tests.web.test_sign_up import NEW, mailed


def open_as(visits, address):
    """An attacker who was invited opens an account with somebody else's address."""
    visit = visits.by()
    fields = {"address": address, "password": PASSWORD}
    assert visit.post(visits.path("/invitations/{invitation}"), fields).status_code == 303
    return visit


def test_a_who_opened_it_first_is_out_once_the_owner_of_the_mailbox_confirms(visits, rows):
    attacker = open_as(visits, "victim@example.org")
    _, token = mailed(rows, "victim@example.org")
    owner = visits.by()
    assert owner.post(f"/confirm/{token}", {"password": NEW, "again": NEW}).status_code == 303
    assert attacker.get("/today").status_code == 303
    taken = {"address": "victim@example.org", "password": PASSWORD}
    assert visits.by().post("/sign-in", taken).status_code == 422


def test_b_asking_for_anothers_address_changes_nothing_until_its_mailbox_says_so(visits, rows):
    visits.by("partner").post("/settings/address", {"address": "waiting@example.org"})
    with rows() as session:
        assert accounts.of_address(session, "partner@example.org")
    _, token = mailed(rows, "waiting@example.org")
    answer = visits.by("partner").post(f"/change/{token}")
    assert answer.status_code == 409
    with rows() as session:
        assert (
            accounts.of_address(session, "waiting@example.org").id
            != accounts.of_address(session, "partner@example.org").id
        )


def test_c_an_invitation_for_one_address_is_refused_to_another(visits, rows):
    with rows.begin() as session:
        group = session.query(Group).filter_by(public_id=visits.house.ids["group"]).one()
        token = invitations.invite(session, group, NOW, address="invited-alone@example.org")
    assert visits.by("elsewhere").post(f"/invitations/{token}").status_code == 410
    fields = {"address": "another@example.org", "password": PASSWORD}
    refused = visits.by().post(f"/invitations/{token}", fields)
    assert "This invitation was sent to another address." in slip_beside(refused, "address")
    assert "invited-alone" not in refused.text
    assert (
        visits.by().post(f"/invitations/{token}", fields | {"address": "invited-alone@example.org"}).status_code == 303
    )


def test_d_a_link_opened_in_another_account_confirms_nothing_there(visits, rows):
    open_as(visits, "victim@example.org")
    _, token = mailed(rows, "victim@example.org")
    page = visits.by("waiting").get(f"/confirm/{token}")
    assert 'name="password"' in page.text  # as for a stranger: whoever reads the mailbox sets a new password
    with rows() as session:
        assert accounts.of_address(session, "waiting@example.org").address_confirmed_at == NOW


def test_e_a_mail_scanner_that_opens_everything_confirms_nothing(visits, rows):
    open_as(visits, "victim@example.org")
    _, token = mailed(rows, "victim@example.org")
    for _ in range(3):
        visits.by().get(f"/confirm/{token}")
    with rows() as session:
        assert accounts.of_address(session, "victim@example.org") is None


def test_f_of_two_who_claim_one_address_the_mailbox_decides(visits, rows):
    first = open_as(visits, "victim@example.org")
    _, one = mailed(rows, "victim@example.org")
    second = visits.by()
    fields = {"address": "victim@example.org", "password": NEW}
    with rows.begin() as session:
        group = session.query(Group).filter_by(public_id=visits.house.ids["group"]).one()
        token = invitations.invite(session, group, NOW)
    assert second.post(f"/invitations/{token}", fields).status_code == 303
    assert first.post(f"/confirm/{one}").status_code == 303
    with rows() as session:
        assert accounts.of_address(session, "victim@example.org")
    _, other = mailed(rows, "victim@example.org")
    assert second.post(f"/confirm/{other}").status_code == 409


def test_who_has_an_account_reads_so_before_they_choose_another_password(visits, rows):
    open_as(visits, "waiting@example.org")
    _, token = mailed(rows, "waiting@example.org")
    answer = visits.by().get(f"/confirm/{token}")
    assert answer.status_code == 409
    assert "You have another account with this address already" in answer.text
    assert 'name="password"' not in answer.text


def test_g_who_comes_back_after_being_forgotten_inherits_nothing(visits, rows):
    with rows.begin() as session:
        leaving.erase(session, accounts.of_address(session, "waiting@example.org"), NOW)
    visit = open_as(visits, "waiting@example.org")
    page = visit.get("/today")
    assert "Welcome" in page.text
    assert "sleep" not in page.text
    assert visit.get(visits.path("/members/{waiting}/goals")).status_code == 404


def test_a_session_of_the_attacker_dies_with_every_way_in(visits, rows):
    attacker = open_as(visits, "victim@example.org")
    token = attacker.cookie()
    _, link = mailed(rows, "victim@example.org")
    visits.by().post(f"/confirm/{link}", {"password": NEW, "again": NEW})
    with rows() as session:
        assert sign_ins.find(session, token, NOW) is None
