"""For whoever watches this server."""


def test_whoever_watches_the_server_hears_that_it_answers_and_nothing_else(visitor):
    answer = visitor.get("/healthz")
    assert answer.get_json() == {"status": "ok"}
    assert "Set-Cookie" not in answer.headers


def test_it_takes_no_form(visitor):
    assert visitor.post("/healthz").status_code in (403, 405)
