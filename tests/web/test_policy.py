"""ROUTES: every route and method stands in the policy, and every row of the policy is a route."""

import pytest

from tests.house import PAGES
from web.policy import POLICY, Who, rule_for

AUTOMATIC = {"HEAD", "OPTIONS"}


def routes(app):
    return {(rule.endpoint, method) for rule in app.url_map.iter_rules() for method in rule.methods - AUTOMATIC}


def unlisted(app):
    return {f"{method} {endpoint} is in no row of the policy" for endpoint, method in routes(app) - listed()}


def listed():
    return {(endpoint, method) for endpoint, (method, _) in POLICY.items()}


def test_every_route_stands_in_the_policy_and_every_row_is_a_route(app):
    assert unlisted(app) == set()
    assert listed() == routes(app)


def test_the_walk_over_the_routes_turns_red(app):
    app.add_url_rule("/unlisted", "unlisted", lambda: "secret", methods=["GET", "POST"])
    assert len(unlisted(app)) == 2


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "POST"])
def test_a_page_that_is_not_listed_does_not_exist(app, visits, method):
    app.add_url_rule("/unlisted", "unlisted", lambda: "secret", methods=["GET", "POST"])
    answer = visits.by("coordinator").client.open("/unlisted", method=method, base_url="https://localhost")
    assert answer.status_code in (403, 404)
    assert "secret" not in answer.text


def test_only_what_stands_on_this_list_is_open_to_anybody():
    opened = {endpoint for endpoint, (method, rule) in POLICY.items() if rule.who is Who.ANYBODY and method == "GET"}
    assert opened == {
        *("static", "health.show", "welcome.show", "welcome.help_now", "welcome.house_rules", "welcome.privacy"),
        *("sign_in.show", "sign_up.show", "sign_up.asked", "sign_up.forgotten", "sign_up.open_link"),
        "invitations.show",
    }


def test_every_page_is_looked_at_in_some_state(app, visits):
    """URL coverage: each route that GET opens is one of the pages that all other tests walk through."""
    paths = {endpoint_of(app, visits.path(path)) for _, path in PAGES.values()}
    no_pages = {"static", "health.show", "desk_sheet.example"}
    shown = {endpoint for endpoint, (method, _) in POLICY.items() if method == "GET"} - no_pages
    assert shown - paths == set()


def endpoint_of(app, path):
    adapter = app.url_map.bind("localhost")
    try:
        return adapter.match(path.partition("?")[0], method="GET")[0]
    except Exception:
        return None


def test_head_and_options_follow_get_and_another_method_has_no_rule():
    assert rule_for("today.show", "HEAD") is rule_for("today.show", "OPTIONS") is rule_for("today.show", "GET")
    assert rule_for("today.show", "POST") is None
    assert rule_for("sign_in.come_in", "GET") is None
    assert rule_for("nothing", "GET") is None
