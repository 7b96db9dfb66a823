"""Every error as a page: what happened, that nothing was lost, what to do next, and whom to call."""

from datetime import timedelta

import pytest
from flask import abort
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

from matcher import errors as domain
from tests.house import settings_of
from tests.web.filled import filled, form_of
from tests.web.pages import parsed, words_of
from tests.web.visits import BASE
from web import create_app, errors
from web.policy import OPEN, POLICY
from web.settings import PasswordForm
from web.sign_in import SignInForm, StepUpForm


@pytest.fixture
def meet(tmp_path, monkeypatch):
    """Gives the answer to a request whose view raises something. No database is needed to say so."""
    app = create_app({"SETTINGS": settings_of(tmp_path, f"sqlite:///{tmp_path / 'none.db'}")})
    monkeypatch.setitem(POLICY, "trouble", ("GET", OPEN))

    def answer_to(trouble):
        def view():
            raise trouble

        app.add_url_rule("/trouble", "trouble", view)
        return app.test_client().get("/trouble", base_url=BASE)

    return answer_to


@pytest.fixture
def shown(visitor, meet):
    return {
        404: visitor.get("/nowhere"),
        405: visitor.delete("/"),
        403: visitor.post("/sign-in", base_url=BASE),
        500: meet(RuntimeError("the inner workings, at /srv/alongside")),
    }


@pytest.mark.parametrize("code", [403, 404, 405, 500])
def test_every_error_is_a_page_that_says_what_to_do_next_and_where_help_is(code, shown):
    words = words_of(shown[code])
    assert shown[code].status_code == code
    assert "othing was" in words
    assert "To the first page" in words
    assert "call your local emergency number" in words


def test_an_error_never_tells_how_we_are_built(shown):
    words = words_of(shown[500])
    assert not any(inner in words for inner in ("inner workings", "/srv", "RuntimeError", "Traceback", "Flask"))


def test_a_refused_method_is_told_which_ones_there_are(visitor):
    assert visitor.delete("/").headers["Allow"] == "GET, HEAD, OPTIONS"


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (400, "We did not understand that"),
        (413, "This is too much at once"),
        (415, "We did not understand that"),
        (418, "We did not understand that"),
        (429, "Please wait a little"),
        (501, "Something broke on our side"),
        (503, "Something broke on our side"),
    ],
)
def test_an_error_of_any_number_is_kind(meet, code, said):
    with pytest.raises(HTTPException) as trouble:
        abort(code)
    answer = meet(trouble.value)
    assert (answer.status_code, said in words_of(answer)) == (code, True)


STATUS = {
    domain.DatabaseError("a secret cause"): 503,
    domain.KeyFileError("a secret cause"): 503,
    domain.SpoiltError("a secret cause"): 503,
    domain.SettingsError("a secret cause"): 503,
    OperationalError("select secret", {}, Exception("secret")): 503,
    domain.LinkError("This link is over."): 410,
    domain.StateError("This cannot be now.", None): 409,
    domain.WouldCloseError("This would close it.", None): 409,
    domain.ToldError("name", "Write a name."): 409,
    domain.GroupError("There is no such group."): 409,
    domain.PasswordError("Too short."): 409,
    domain.AddressError("No address."): 409,
}


@pytest.mark.parametrize(("error", "status"), STATUS.items(), ids=[type(each).__name__ for each in STATUS])
def test_every_error_of_the_domain_has_its_answer(meet, capfd, error, status):
    answer = meet(error)
    words = words_of(answer)
    assert answer.status_code == status
    if status == 503:
        assert "The database of this server is not ready. Nothing was lost." in words
        assert "secret" not in words
        assert "not ready" in capfd.readouterr().err
    else:
        heading = "This link cannot be used" if status == 410 else "This could not be done"
        assert f"{heading} {error} Nothing was changed." in words


def test_a_sentence_that_says_so_itself_is_not_said_twice(meet):
    words = words_of(meet(domain.LinkError("Too late. Nothing was changed. Ask again.")))
    assert words.count("Nothing was changed") == 1


def test_no_error_of_the_domain_is_left_without_an_answer():
    kinds = [each for each in vars(domain).values() if isinstance(each, type) and issubclass(each, Exception)]
    assert all(issubclass(each, domain.AlongsideError) for each in kinds)


@pytest.mark.parametrize("layout", ["the page", "the layout"])
def test_even_a_broken_layout_leaves_a_page(meet, monkeypatch, layout):
    def broken(*_, **__):
        raise RuntimeError(layout)

    monkeypatch.setattr(errors, "render_template", broken)
    answer = meet(RuntimeError("trouble"))
    assert answer.status_code == 500
    assert "nothing was lost" in answer.text
    assert "call your local emergency number" in answer.text
    assert parsed(answer) is not None


# Who wrote for longer than they stayed signed in


def test_what_was_written_waits_in_the_page_and_is_sent_again_as_it_was(visits, clock):
    visit, path = visits.by("waiting"), visits.path("/members/{waiting}/support")
    token = visit.form_token()
    typed = {"card": "two lines\r\nand <b>&", "channels": ["phone", "text"], "rhythm": "weekly", "support_style": ""}
    clock.now += timedelta(days=2)
    answer = visit.post(path, typed | {"csrf_token": token})
    assert answer.status_code == 401
    words = words_of(answer)
    assert "You were signed out Too much time went by, or you signed out in another tab." in words
    assert form_of(answer).get("action") == path
    kept = filled(answer)
    assert {name: kept[name] for name in typed} == typed | {"card": "two lines\nand <b>&"}  # as a browser reads it
    assert "csrf_token" not in kept


def test_who_only_looked_is_led_to_the_way_in(visits, clock):
    clock.now += timedelta(days=2)
    answer = visits.by("waiting").get("/settings?x=1")
    assert (answer.status_code, answer.location) == (303, "/sign-in?next=/settings?x%3D1")


def test_no_password_and_no_code_is_ever_kept_in_a_page(visits, clock):
    visit = visits.by("waiting")
    token = visit.form_token()
    clock.now += timedelta(days=2)
    fields = dict.fromkeys([*PasswordForm()._fields, *SignInForm()._fields, *StepUpForm()._fields], "canary")
    del fields["address"], fields["next"], fields["own_device"]
    assert set(fields) == {"old", "password", "again", "code"}
    answer = visit.post("/settings/password", fields | {"csrf_token": token, "name": "Robin"})
    assert answer.status_code == 401
    assert "canary" not in answer.text
    assert 'value="Robin"' in answer.text


def test_signs_that_no_page_can_show_are_not_put_into_one(visits, clock):
    visit = visits.by("waiting")
    token = visit.form_token()
    clock.now += timedelta(days=2)
    assert visit.post("/settings/join", {"csrf_token": token, "link": "a\u0000b"}).status_code == 401


# Too many, too large


def test_too_many_tries_are_told_how_long_to_wait(visits):
    visit = visits.by("waiting")
    for _ in range(11):
        answer = visit.post("/settings/password", {"old": "x", "password": "y", "again": "y"})
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 300
    assert "Please wait a little" in words_of(answer)


def test_what_is_too_large_is_refused_in_words(visits):
    visit, path = visits.by("waiting"), visits.path("/members/{waiting}/support")
    answer = visit.post(path, {"card": "w" * 1_300_000})
    assert answer.status_code == 413
    assert "This is too much at once" in words_of(answer)
