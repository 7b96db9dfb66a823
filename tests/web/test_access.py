"""MATRIX and the doors: who gets through which, what a stranger learns there, and how long a browser is let in."""

import re
from datetime import timedelta

import pytest

from matcher import sign_ins
from matcher.models import SignIn
from tests.house import PASSWORD
from tests.web.visits import BASE
from web.access import COOKIE, safe_next
from web.policy import POLICY, Who

NEVER_WAS = "never-was-an-id-of-anything"
MEMBERS = ("newcomer", "waiting", "partner", "elsewhere", "nobody")
A_TOKEN = re.compile(r'name="csrf_token" value="[^"]+"')


def addresses(app, house, **instead):
    """One address for every row of the policy: its endpoint, method, rule, and the path with ids of the house."""
    ids = {
        "member_id": house.ids["waiting"],
        "group_id": house.ids["group"],
        "token": house.ids["invitation"],
        "use": "reset",
        "device_id": NEVER_WAS,
        "invitation_id": NEVER_WAS,
        "filename": "style.css",
    } | instead
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        method, listed = POLICY[rule.endpoint]
        yield rule.endpoint, method, listed, adapter.build(rule.endpoint, {name: ids[name] for name in rule.arguments})


def opened(visit, method, path):
    return visit.get(path) if method == "GET" else visit.post(path)


def seen(answer):
    """What a stranger can tell of an answer."""
    headers = [(name, value) for name, value in answer.headers if name not in ("Content-Length", "Set-Cookie")]
    return answer.status_code, headers, A_TOKEN.sub("", answer.text)


def test_a_stranger_is_asked_to_sign_in_wherever_something_is_private(app, visits):
    for endpoint, method, rule, path in addresses(app, visits.house):
        if rule.who is Who.ANYBODY:
            continue
        answer = opened(visits.by(), method, path)
        if method == "GET":
            assert (answer.status_code, answer.location.partition("?")[0]) == (303, "/sign-in"), endpoint
        else:
            assert answer.status_code == 401, endpoint


def test_a_stranger_sees_no_difference_between_what_is_there_and_what_never_was(app, visits):
    there = addresses(app, visits.house)
    never = addresses(app, visits.house, member_id=NEVER_WAS, group_id=NEVER_WAS)
    visit, ids = visits.by(), visits.house.ids
    for (endpoint, method, rule, one), (_, _, _, other) in zip(there, never, strict=True):
        if rule.who is not Who.ANYBODY and one != other:
            first, second = (seen(opened(visit, method, path)) for path in (one, other))
            alike = str(first).replace(ids["waiting"], NEVER_WAS).replace(ids["group"], NEVER_WAS)
            assert alike == str(second), endpoint


@pytest.mark.parametrize("who", MEMBERS)
def test_who_looks_after_no_group_finds_no_desk(app, visits, who):
    visit = visits.by(who)
    nowhere = seen(visit.get("/nowhere"))
    for endpoint, method, rule, path in addresses(app, visits.house):
        if rule.who is Who.STAFF:
            assert seen(opened(visit, method, path)) == nowhere, endpoint


def test_who_looks_after_a_group_and_has_no_second_factor_reaches_nothing_of_it(app, visits):
    visit = visits.by("coordinator_without_code")
    for endpoint, method, rule, path in addresses(app, visits.house):
        if rule.who is Who.STAFF:
            answer = opened(visit, method, path)
            if method == "GET":
                assert answer.location.startswith("/settings/second-factor"), endpoint
            else:
                assert answer.status_code in (303, 401), endpoint


@pytest.mark.parametrize(
    ("who", "name", "of"),
    [
        ("elsewhere", "member_id", "waiting"),
        ("coordinator", "member_id", "waiting"),
        ("waiting", "member_id", "partner"),
        ("coordinator_elsewhere", "group_id", "group"),
        ("founder", "group_id", "group"),
        ("coordinator", "group_id", "other_group"),
    ],
)
def test_what_is_anothers_is_as_what_never_was(app, visits, who, name, of):
    """Each route with an id, read and written, byte for byte: the database finds nothing in either case."""
    visit = visits.by(who)
    foreign = addresses(app, visits.house, **{name: visits.house.ids[of]})
    missing = addresses(app, visits.house, **{name: NEVER_WAS})
    asked = 0
    for (endpoint, method, rule, one), (_, _, _, other) in zip(foreign, missing, strict=True):
        if one == other or rule.who is Who.ANYBODY or endpoint == "today.join":
            continue
        first, second = opened(visit, method, one), opened(visit, method, other)
        assert first.status_code == 404, endpoint
        assert seen(first) == seen(second), endpoint
        asked += 1
    assert asked > 10


def test_the_comparison_turns_red(visits):
    assert seen(visits.by("waiting").get("/nowhere")) != seen(visits.by("waiting").get("/today"))


# How long a browser is let in


def test_signing_out_ends_it_in_the_database_and_an_old_copy_of_the_cookie_opens_nothing(visits):
    visit = visits.by("waiting")
    assert visit.get("/today").status_code == 200
    answer = visit.post("/sign-out")
    assert answer.headers["Clear-Site-Data"] == '"cache", "cookies", "storage"'
    assert visit.cookie() == ""
    assert visits.by("waiting").get("/today").status_code == 303


def test_leaving_now_signs_out_and_leads_elsewhere(visits):
    answer = visits.by("waiting").post("/leave-now")
    assert (answer.status_code, answer.location) == (303, "https://www.wikipedia.org/")
    assert visits.by("waiting").get("/today").status_code == 303


def test_signing_in_makes_a_new_token_and_the_one_before_is_dead(visits):
    visit = visits.by("waiting")
    before = visit.cookie()
    visit.post("/sign-in", {"address": "waiting@example.org", "password": PASSWORD})
    assert visit.cookie() not in ("", before)
    assert visits.by("waiting").get("/today").status_code == 303
    assert visit.get("/today").status_code == 200


@pytest.mark.parametrize(
    ("who", "path", "idle"),
    [
        ("waiting", "/today", timedelta(hours=24)),
        ("coordinator", "/desk", timedelta(minutes=30)),
    ],
)
def test_a_browser_left_alone_is_signed_out(visits, clock, who, path, idle):
    clock.now += idle - timedelta(minutes=1)
    assert visits.by(who).get(path).status_code == 200
    clock.now += idle - timedelta(minutes=1)
    assert visits.by(who).get(path).status_code == 200  # the last look counted
    clock.now += idle
    assert visits.by(who).get(path).status_code == 303


def test_that_a_browser_was_seen_is_kept_also_where_it_only_looks(visits, rows, clock):
    clock.now += timedelta(minutes=10)
    visits.by("waiting").get("/today")
    with rows() as session:
        assert sign_ins.find(session, visits.house.tokens["waiting"], clock.now).seen_at == clock.now


def test_who_is_forgotten_or_signed_out_elsewhere_is_out_at_the_next_request(visits, rows):
    visit = visits.by("waiting")
    assert visit.get("/today").status_code == 200
    with rows.begin() as session:
        session.query(SignIn).delete()
    assert visit.get("/today").status_code == 303


@pytest.mark.parametrize("cookie", ["", "x", "x" * 100, "x" * 4000, "%00", "'; drop table sign_ins"])
def test_a_cookie_that_is_no_token_is_nobodys(visits, cookie):
    visit = visits.by()
    visit.client.set_cookie(COOKIE, cookie, domain="localhost", secure=True)
    assert visit.get("/today").status_code == 303


def test_the_cookie_is_for_this_host_alone_and_for_no_script(visits):
    visit = visits.by()
    answer = visit.post("/sign-in", {"address": "waiting@example.org", "password": PASSWORD})
    kept = next(each for each in answer.headers.getlist("Set-Cookie") if each.startswith(COOKIE))
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(kept.split("; "))
    assert "Domain" not in kept
    assert "Max-Age" not in kept
    own = visits.by().post("/sign-in", {"address": "waiting@example.org", "password": PASSWORD, "own_device": "y"})
    assert any(f"Max-Age={90 * 86400}" in each for each in own.headers.getlist("Set-Cookie"))


# The password once more


DELICATE = [(endpoint, method) for endpoint, (method, rule) in POLICY.items() if rule.who is Who.FRESH]


@pytest.mark.parametrize(("endpoint", "method"), DELICATE)
def test_what_is_delicate_asks_for_the_password_once_five_minutes_are_over(app, visits, clock, endpoint, method):
    path = next(path for name, _, _, path in addresses(app, visits.house) if name == endpoint)
    clock.now += timedelta(minutes=5)
    answer = opened(visits.by("waiting"), method, path)
    if method == "GET":
        assert answer.location.startswith("/step-up?next=%2F") or answer.location.startswith("/step-up?next=/")
    else:
        assert answer.status_code == 401
        assert "Your password once more" in answer.text


def test_the_password_opens_it_for_a_while_and_the_browser_gets_a_new_token(visits, clock):
    clock.now += timedelta(hours=1)
    visit = visits.by("waiting")
    wrong = visit.post("/step-up", {"password": "not this one", "next": "/settings/copy"})
    assert wrong.status_code == 422
    assert "That does not fit" in wrong.text
    right = visit.post("/step-up", {"password": PASSWORD, "next": "/settings/copy"})
    assert (right.status_code, right.location) == (303, "/settings/copy")
    assert visit.get("/settings/copy").status_code == 200
    assert visits.by("waiting").get("/today").status_code == 303


def test_words_that_were_sent_too_late_wait_in_the_page(visits, clock):
    visit = visits.by("waiting")
    token = visit.form_token()
    clock.now += timedelta(days=2)
    path = visits.path("/members/{waiting}/goals")
    late = visit.client.post(
        path,
        data={"csrf_token": token, "goals-0-area": "sleep", "goals-0-words": "A long <text>", "password": "hush"},
        base_url=BASE,
        headers={"Sec-Fetch-Site": "same-origin"},
    )
    assert late.status_code == 401
    assert "A long &lt;text&gt;" in late.text
    assert f'action="{path}"' in late.text
    assert "hush" not in late.text


# Where to, after signing in


ELSEWHERE = [
    *("//evil.example", "/\\evil.example", "\\\\evil.example", "///evil.example", "https:evil.example", "http:///evil"),
    *("/%09/evil.example", " //evil.example", "/@evil.example", "javascript:alert(1)", "JavaScript:alert(1)"),
    *("/today\r\nSet-Cookie: x=1", "https://localhost:8000/today", "https://localhost@evil.example/", "/today\t"),
    *(
        "http://evil.example",
        "https://evil.example/today",
        "//localhost@evil.example",
        "/.evil.example",
        ".evil.example",
    ),
    *("%2f%2fevil.example", "/%2fevil.example", "/%5cevil.example", "data:text/html,x", "vbscript:x", "?next=//evil"),
    *(
        "#//evil",
        "/nowhere",
        "",
        "today",
        "/sign-out",
        "/leave-now",
        "/static/../today",
        "/today/../../evil",
        "\0/today",
    ),
    *("//evil.example/%2e%2e", "/\u2028/evil", "／／evil.example", "/today" + "x" * 600, "https:/evil", "///", "//"),
]


def test_nothing_but_a_page_of_ours_is_a_place_to_go_to(app):
    assert len(ELSEWHERE) > 40
    with app.test_request_context(base_url=BASE):
        assert {text: safe_next(text) for text in ELSEWHERE} == dict.fromkeys(ELSEWHERE, "/today")
        for text in ("/today", "/settings/copy", "/members/abc/preview?as=partner", "/desk"):
            assert safe_next(text) == text


def test_signing_in_leads_where_somebody_wanted_to_go(visits):
    wanted = visits.path("/members/{waiting}/preview?as=partner")
    asked = visits.by().get(wanted)
    page = visits.by().get(asked.location)
    kept = re.search(r'name="next"[^>]*value="([^"]*)"', page.text).group(1).replace("&amp;", "&")
    assert kept == wanted
    answer = visits.by().post("/sign-in", {"address": "waiting@example.org", "password": PASSWORD, "next": kept})
    assert answer.location == wanted
