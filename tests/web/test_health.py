def test_whoever_watches_the_server_hears_that_it_answers_and_nothing_else(visitor):
    assert visitor.get("/healthz").get_json() == {"status": "ok"}
