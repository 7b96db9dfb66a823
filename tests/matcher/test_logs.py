import io
import json
import sys

import pytest
import structlog

from matcher.logs import set_up_logs


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def _structlog_as_it_was():
    yield
    structlog.reset_defaults()


def log_to(stream, monkeypatch):
    monkeypatch.setattr(sys, "stderr", stream)
    set_up_logs()
    return structlog.get_logger()


def test_a_machine_reads_one_json_object_a_line_with_its_time_in_utc(monkeypatch):
    stream = io.StringIO()
    log_to(stream, monkeypatch).info("run finished", pairs=20)
    line = json.loads(stream.getvalue())
    assert line.pop("timestamp").endswith("Z")
    assert line == {"event": "run finished", "level": "info", "pairs": 20}


def test_a_person_at_a_terminal_reads_plain_lines(monkeypatch):
    stream = Terminal()
    log_to(stream, monkeypatch).warning("run stopped")
    assert "run stopped" in stream.getvalue()
    assert "{" not in stream.getvalue()


@pytest.mark.parametrize("stream_kind", [io.StringIO, Terminal])
def test_neither_arguments_nor_tracebacks_tell_who_somebody_is(stream_kind, monkeypatch):
    stream = stream_kind()
    logger = log_to(stream, monkeypatch)

    def fail(secret):
        raise ValueError("a bad row")

    try:
        fail("Ada" + "Lovelace")
    except ValueError:
        logger.exception("import failed", email="ada@example.org", row=7)
    assert "a bad row" in stream.getvalue()
    assert "(left out)" in stream.getvalue()
    assert "ada@example.org" not in stream.getvalue()
    assert "AdaLovelace" not in stream.getvalue()
