import pytest
from flask import abort

from tests.web.pages import parsed, words_of
from web import create_app, errors
from web.access import public


@pytest.fixture
def broken_app():
    def trouble():
        raise RuntimeError("the inner workings, at /srv/alongside")

    app = create_app({})
    app.add_url_rule("/trouble", "trouble", public(trouble))
    return app


@pytest.fixture
def shown(broken_app):
    browser = broken_app.test_client()
    return {404: browser.get("/nowhere"), 405: browser.delete("/"), 500: browser.get("/trouble")}


@pytest.mark.parametrize("code", [404, 405, 500])
def test_every_error_is_a_page_that_says_what_to_do_next_and_where_help_is(code, shown):
    words = words_of(shown[code])
    assert shown[code].status_code == code
    assert "Nothing was" in words or "nothing was lost" in words
    assert "To the first page" in words
    assert "call your local emergency number" in words


def test_an_error_never_tells_how_we_are_built(shown):
    words = words_of(shown[500])
    assert not any(inner in words for inner in ("inner workings", "/srv", "RuntimeError", "Traceback", "Flask"))


def test_a_refused_method_is_told_which_ones_there_are(visitor):
    assert visitor.delete("/").headers["Allow"] == "GET, HEAD, OPTIONS"


def test_an_error_we_have_no_words_for_is_kind_all_the_same(broken_app):
    def too_much():
        abort(413)

    broken_app.add_url_rule("/much", "much", public(too_much))
    answer = broken_app.test_client().get("/much")
    assert answer.status_code == 413
    assert "We did not understand that" in words_of(answer)


def test_even_a_broken_layout_leaves_a_page(broken_app, monkeypatch):
    def broken(*_, **__):
        raise RuntimeError("the layout")

    monkeypatch.setattr(errors, "render_template", broken)
    answer = broken_app.test_client().get("/trouble")
    assert answer.status_code == 500
    assert "nothing was lost" in answer.text
    assert parsed(answer) is not None
