import pytest

from web.access import public


def test_one_line_for_every_request_with_its_route_status_and_time(coordinator, key, log_lines):
    browser = coordinator()
    browser.get(f"/pairing/{key}")
    browser.head("/")
    browser.get("/static/style.css").close()
    lines = log_lines()
    assert [(line["method"], line["route"], line["status"]) for line in lines] == [
        ("GET", "/pairing/<key>", 200),
        ("HEAD", "/", 200),
        ("GET", "/static/<path:filename>", 200),
    ]
    assert all(line["event"] == "request" and 0 <= line["milliseconds"] < 5000 for line in lines)


@pytest.mark.parametrize("path", ["/pairing/{key}", "/pairing/{key}?again={key}", "/pairing/{key}/more", "/{key}"])
def test_the_key_is_never_written_down(path, coordinator, key, capfd):
    browser = coordinator()
    browser.get(path.format(key=key))
    browser.post(path.format(key=key))
    written = capfd.readouterr()
    assert written.err.count('"request"') == 2
    assert key not in written.err + written.out


def test_a_failure_is_written_down_with_its_route_and_not_with_its_path(visitor, capfd):
    def trouble(key):
        raise RuntimeError("nobody foresaw this")

    visitor.application.add_url_rule("/trouble/<key>", "trouble", public(trouble))
    assert visitor.get("/trouble/a-secret").status_code == 500
    written = capfd.readouterr().err
    assert "nobody foresaw this" in written
    assert "/trouble/<key>" in written
    assert "a-secret" not in written


def test_people_never_reach_the_log(coordinator, key, invented, capfd):
    coordinator().get(f"/pairing/{key}")
    written = capfd.readouterr().err
    assert not any(name in written for name in invented["names"].values())
