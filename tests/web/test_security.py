"""HEADERS, and whose forms are taken."""

import pytest
from sqlalchemy import select

from matcher.models import Counter
from tests.web.test_access import addresses
from tests.web.test_every_page import dump
from tests.web.visits import BASE
from web import create_app
from web.policy import POLICY
from web.security import HEADERS, LIMITS, key_of_forms

FOREIGN = {
    "from another site, as browsers say": {"Sec-Fetch-Site": "cross-site"},
    "from another host of the same site": {"Sec-Fetch-Site": "same-site"},
    "from another site, by an old browser": {"Origin": "https://evil.example"},
    "from nowhere, by an old browser": {"Origin": "null"},
}
OURS = {"Sec-Fetch-Site": "same-origin"}


def acts(app, house):
    return [(endpoint, path) for endpoint, method, _, path in addresses(app, house) if method == "POST"]


def test_nothing_inline_and_nothing_foreign_is_allowed():
    policy = HEADERS["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert not any(loose in policy for loose in ("unsafe", "*", "data:", "http:"))
    assert [each for each in policy.split("; ") if "https:" in each] == [
        "form-action 'self' https://www.wikipedia.org/"
    ]


@pytest.mark.parametrize("who", ["", "waiting", "coordinator"])
def test_a_form_without_its_token_or_with_anothers_does_nothing(app, visits, rows, who):
    before = dump(rows)
    others = visits.by("partner").form_token()
    asked = 0
    for endpoint, path in acts(app, visits.house):
        for fields in ({}, {"csrf_token": ""}, {"csrf_token": others}, {"csrf_token": "x" * 90}):
            answer = visits.by(who).client.post(path, data=fields, base_url=BASE, headers=OURS)
            assert answer.status_code in (403, 429), (endpoint, fields)
            asked += 1
    assert asked == 4 * sum(method == "POST" for method, _ in POLICY.values())
    assert dump(rows) == before


@pytest.mark.parametrize("headers", FOREIGN.values(), ids=FOREIGN.keys())
def test_a_form_from_elsewhere_does_nothing_even_with_the_right_token(app, visits, rows, headers):
    before = dump(rows)
    visit = visits.by("waiting")
    token = visit.form_token()
    for endpoint, path in acts(app, visits.house):
        answer = visit.client.post(path, data={"csrf_token": token}, base_url=BASE, headers=headers)
        assert answer.status_code == 403, endpoint
    assert dump(rows) == before


@pytest.mark.parametrize("headers", [OURS, {"Origin": BASE}, {}], ids=["said", "an old browser", "a very old browser"])
def test_our_own_form_is_taken(visits, headers):
    visit = visits.by("waiting")
    sent = {"csrf_token": visit.form_token()}
    assert visit.client.post("/sign-out", data=sent, base_url=BASE, headers=headers).status_code == 303


def test_words_that_are_no_form_are_not_taken(visits, rows):
    before = dump(rows)
    visit = visits.by("waiting")
    for kind in ("text/plain", "application/json"):
        sent = f'{{"csrf_token": "{visit.form_token()}"}}'
        answer = visit.client.post("/sign-out", data=sent, content_type=kind, base_url=BASE, headers=OURS)
        assert answer.status_code == 403
    assert dump(rows) == before


@pytest.mark.parametrize("method", ["TRACE", "PUT", "PATCH", "DELETE", "PROPFIND", "FOO"])
def test_no_other_method_is_known(app, visits, method):
    visit = visits.by("waiting")
    for endpoint, _, _, path in addresses(app, visits.house):
        answer = visit.client.open(path, method=method, base_url=BASE)
        assert answer.status_code == 405, endpoint
        answer.close()


@pytest.mark.parametrize("path", ["/", "/sign-in", "/today", "/static/style.css"])
@pytest.mark.parametrize("origin", ["https://evil.example", "null"])
def test_another_origin_is_never_let_in(visits, path, origin):
    answer = visits.by("waiting").get(path, headers={"Origin": origin})
    assert not [name for name, _ in answer.headers if name.startswith("Access-Control")]


@pytest.mark.parametrize("host", ["elsewhere.example", "localhost@elsewhere.example", "localhost:99999x"])
def test_a_forged_host_is_never_echoed(visits, host):
    answer = visits.by().client.get("/sign-in", headers={"Host": host})
    assert "elsewhere" not in answer.text
    assert "elsewhere" not in str(answer.headers)


def test_a_forged_network_address_changes_no_count(visits, rows):
    """Without a server of ours in front, nobody's word on an address is taken: twenty names are one place."""
    for number in range(3):
        headers = {"X-Forwarded-For": f"10.0.0.{number}", "X_Forwarded_For": f"10.0.1.{number}"}
        visits.by().post("/sign-in", {"address": f"a{number}@example.org", "password": "x"}, headers=headers)
    with rows() as session:
        assert 3 in session.scalars(select(Counter.count)).all()


def test_behind_a_server_of_ours_its_word_is_taken(furnished, tmp_path, visits, rows):
    from tests.house import settings_of
    from tests.web.visits import Visit

    settings = settings_of(tmp_path, furnished[0]).model_copy(update={"proxies": 1})
    app = create_app({"SETTINGS": settings})
    for number in range(3):
        headers = {"X-Forwarded-For": f"10.0.0.{number}"}
        Visit(app).post("/sign-in", {"address": f"a{number}@example.org", "password": "x"}, headers=headers)
    app.extensions["alongside.sessions"].close()
    with rows() as session:
        counts = session.scalars(select(Counter.count)).all()
    assert sorted(counts) == [1] * 7 + [3]  # a mail of the house, three addresses, three places; everybody


def test_too_much_at_once_is_refused_with_a_sentence(visits):
    visit = visits.by("waiting")
    path = visits.path("/members/{waiting}/goals")
    for fields in ({"goals-0-words": "x" * (LIMITS["MAX_CONTENT_LENGTH"] + 1)}, {"goals-0-words": "x" * 600_000}):
        answer = visit.post(path, fields)
        assert answer.status_code == 413
        assert "This is too much at once" in answer.text
    assert visit.post(path, {f"f{number}": "x" for number in range(40_000)}).status_code == 413


def test_a_private_page_with_the_name_of_a_style_is_no_static_file(visits):
    for path in ("/today/a.css", "/settings/style.css", "/members/a.css"):
        assert visits.by("waiting").get(path).status_code == 404


def test_the_key_of_forms_is_one_for_all_workers_and_its_own_for_each_key_file(tmp_path):
    from matcher.sealing import Keyring
    from matcher.settings import Settings

    first, second = (Settings(key_file=tmp_path / name) for name in ("one.key", "two.key"))
    assert key_of_forms(first) != key_of_forms(first)  # there is no key yet, so no page works
    for settings in (first, second):
        Keyring.make(settings.key_file)
    assert key_of_forms(first) == key_of_forms(first) != key_of_forms(second)
