"""Addresses with ids in them."""

import pytest

from matcher.tokens import new_token
from tests.web.pages import words_of

STRANGE = ["a%00b", "%00", "%ff%fe", "a%20b", "a%0ab", "ü", "a.b", "%F0%9F%99%82"]


@pytest.mark.parametrize("strange", STRANGE)
def test_an_address_with_strange_signs_leads_nowhere_and_asks_no_database(visits, statements, strange):
    visit = visits.by("waiting")
    token = visit.form_token()
    statements.clear()
    for path in ("/members/{}/hours", "/confirm/{}", "/invitations/{}", "/desk/{}", "/desk/{}/people"):
        answer = visit.get(path.format(strange))
        assert answer.status_code == 404
        assert "There is nothing here for you" in words_of(answer)
    for path in ("/members/{}/hours", "/groups/{}/join", "/settings/devices/{}/end"):
        assert visit.post(path.format(strange), {"csrf_token": token}).status_code == 404
    assert not [each for each in statements if "members.public_id =" in each or "groups.public_id =" in each]


def test_every_id_and_token_that_we_make_is_taken(app):
    adapter = app.url_map.bind("localhost")
    for _ in range(200):
        token = new_token()
        assert adapter.match(f"/members/{token}/hours") == ("hours.show", {"member_id": token})
