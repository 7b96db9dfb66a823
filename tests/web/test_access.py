import pytest
from flask import Blueprint

from web import create_app
from web.access import ANYBODY, KEY, SHORTEST_KEY, opened_by_key, public


def opens_to(app, rule):
    return vars(app.view_functions[rule.endpoint]).get("opens_to")


def unguarded(app):
    """Routes that nobody has said anything about, and keyed routes without a key in their address."""
    for rule in app.url_map.iter_rules():
        marked = opens_to(app, rule)
        if marked not in (ANYBODY, KEY):
            yield f"{rule.rule} is neither public nor opened by the key"
        elif marked == KEY and "key" not in rule.arguments:
            yield f"{rule.rule} is opened by the key and has none in its address"


def test_every_route_says_who_may_open_it():
    assert list(unguarded(create_app({}))) == []


def test_the_walk_over_the_routes_turns_red():
    app = create_app({})
    app.add_url_rule("/unmarked", "unmarked", lambda: "")
    app.add_url_rule("/keyless", "keyless", opened_by_key(lambda: ""))
    assert len(list(unguarded(app))) == 2


def test_only_what_stands_on_this_list_is_public():
    app = create_app({})
    rules = {rule.rule for rule in app.url_map.iter_rules() if opens_to(app, rule) == ANYBODY}
    assert rules == {"/", "/healthz", "/static/<path:filename>"}


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_a_page_that_is_not_marked_does_not_exist(method):
    app = create_app({})
    app.add_url_rule("/unmarked", "unmarked", lambda: "secret")
    assert app.test_client().open("/unmarked", method=method).status_code == 404


def test_a_page_of_a_blueprint_is_refused_too():
    forgotten = Blueprint("forgotten", __name__)
    forgotten.get("/forgotten")(lambda: "secret")
    app = create_app({})
    app.register_blueprint(forgotten)
    assert app.test_client().get("/forgotten").status_code == 404


def test_a_marked_page_opens():
    app = create_app({})
    app.add_url_rule("/marked", "marked", public(lambda: "come in"))
    assert app.test_client().get("/marked").text == "come in"


WRONG_KEYS = [
    "",
    "x",
    "a-key-for-the-tests-alonf",
    "a-key-for-the-tests-alone1",
    "A-KEY-FOR-THE-TESTS-ALONE",
    "%00",
    "%ff",
]


@pytest.mark.parametrize("wrong", [*WRONG_KEYS, "%F0%9F%8C%B1", "x" * 5000, "a-key-for-the-tests-alone/"])
def test_a_wrong_key_a_missing_key_no_key_and_no_file_are_the_very_same_answer(wrong, coordinator, key, tmp_path):
    nowhere = create_app({}).test_client().get("/nowhere")
    answers = [
        coordinator().get(f"/pairing/{wrong}"),
        create_app({}).test_client().get(f"/pairing/{wrong}"),
        create_app({"PAIRING_FILE": "", "PAIRING_KEY": key}).test_client().get(f"/pairing/{key}"),
        create_app({"PAIRING_FILE": str(tmp_path / "gone"), "PAIRING_KEY": key}).test_client().get(f"/pairing/{key}"),
    ]
    for answer in answers:
        assert (answer.status, answer.data, list(answer.headers)) == (
            nowhere.status,
            nowhere.data,
            list(nowhere.headers),
        )
    assert nowhere.status_code == 404


def test_a_key_that_is_easily_guessed_opens_nothing_and_the_log_says_so(tmp_path, log_lines):
    short = "k" * (SHORTEST_KEY - 1)
    app = create_app({"PAIRING_FILE": str(tmp_path / "result.json"), "PAIRING_KEY": short})
    assert app.test_client().get(f"/pairing/{short}").status_code == 404
    assert "too short" in log_lines()[0]["event"]


def test_the_settings_come_from_the_environment(monkeypatch, coordinator, key, tmp_path):
    coordinator()
    monkeypatch.setenv("ALONGSIDE_PAIRING_FILE", str(tmp_path / "result.json"))
    monkeypatch.setenv("ALONGSIDE_PAIRING_KEY", key)
    assert create_app().test_client().get(f"/pairing/{key}").status_code == 200
