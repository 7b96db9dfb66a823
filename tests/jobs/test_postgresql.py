"""PostgreSQL's own programs: no password on their command lines, and a sentence for whatever goes wrong."""

import pytest
from sqlalchemy import make_url

from jobs.postgresql import run
from matcher.errors import BackupError

SHOWS = '#!/bin/sh\necho "$@"\necho "word: $PGPASSWORD"\n'


@pytest.fixture
def program(tmp_path, monkeypatch):
    """A program in PATH that does what a line of shell says."""
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")

    def write(text: str) -> str:
        path = tmp_path / "pg_dump"
        path.write_text(text)
        path.chmod(0o700)
        return path.name

    return write


@pytest.mark.parametrize("url", ["postgresql+psycopg://a:s%40y@h/d?sslmode=require", "postgres://a@h/d?password=s%40y"])
def test_a_password_goes_through_the_environment(program, url):
    said = run(program(SHOWS), "--file=x", on=make_url(url)).splitlines()
    assert said[0].startswith("--file=x --dbname=postgresql://a@h/d")
    assert "s%40y" not in said[0]
    assert said[1] == "word: s@y"
    assert ("sslmode=require" in said[0]) == ("sslmode" in url)


def test_without_a_password_the_environment_stays_as_it_is(program, monkeypatch):
    monkeypatch.setenv("PGPASSWORD", "from outside")
    said = run(program(SHOWS), on=make_url("postgresql://a@h/d"))
    assert "word: from outside" in said


@pytest.mark.parametrize(
    ("does", "sentence"),
    [
        ("echo 'server version: 17; pg_dump version: 15' >&2; exit 1", "of the server or a newer one"),
        ("echo 'no such role' >&2; exit 1", "pg_dump failed: no such role$"),
        ("exit 3", "pg_dump failed: it ended with code 3."),
    ],
)
def test_what_goes_wrong_is_a_sentence(program, does, sentence):
    with pytest.raises(BackupError, match=sentence):
        run(program(f"#!/bin/sh\n{does}\n"))


def test_a_program_that_is_missing_is_a_sentence():
    with pytest.raises(BackupError, match="pg_nothing is not installed"):
        run("pg_nothing")
