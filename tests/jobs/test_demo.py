"""The demo: what it tells and leaves behind, and whose folders it never touches."""

import re
import subprocess
from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

from matcher.database import closing_engine, engine_for, sessions_of
from matcher.invariants import broken
from matcher.models import Member, Message
from matcher.sealing import Keyring
from matcher.states import MessageState
from tests.jobs.lived import UNTIL, live
from tests.jobs.serving import ALONGSIDE, Browser, serving, start_in
from tests.rows import make_group


def test_the_demo_tells_eight_nights_and_why_three_people_are_where_they_are(lived):
    nights = re.findall(r"^(?:Sun|Wed) \d+ \w+ ", lived.said, re.M)
    assert len(nights) == 8
    assert len(re.findall(r"^Why \S+ is with ", lived.said, re.M)) == 2
    assert len(re.findall(r"^Why \S+ waits$", lived.said, re.M)) == 1
    assert "That is about hours and" in lived.said


def test_no_line_is_wider_than_a_terminal(lived):
    assert [line for line in lived.said.splitlines() if len(line) > 80 and str(lived.folder) not in line] == []


def test_all_of_them_came_and_every_mail_is_a_file(lived):
    with lived.rows() as session:
        assert session.scalar(select(func.count(Member.id))) == 120
        sent = session.scalar(select(func.count(Message.id)).where(Message.state == MessageState.SENT))
    assert len(list((lived.folder / "mails").glob("*.eml"))) == sent > 200


def test_after_all_these_weeks_nothing_in_the_rows_is_broken(lived):
    with lived.rows() as session:
        assert broken(session, datetime.combine(UNTIL, datetime.max.time(), UTC)) == []


def test_the_demo_never_touches_the_database_of_the_environment(alongside, monkeypatch, tmp_path):
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'ours.db'}")
    (tmp_path / "here").mkdir()
    (tmp_path / "here" / "alongside.db").write_bytes(b"something else")
    assert alongside("demo", "--out", "here").exit_code == 2
    assert not (tmp_path / "ours.db").exists()


@pytest.mark.parametrize("there", ["alongside.db", "alongside.key", "mails"])
def test_a_folder_with_something_the_demo_did_not_make_is_refused_and_left_alone(alongside, tmp_path, there):
    (tmp_path / "mails").mkdir() if there == "mails" else (tmp_path / there).write_text("ours")
    said = alongside("demo", "--out", tmp_path)
    assert said.exit_code == 2
    assert "Choose another folder: --out DIR" in said.stderr
    assert [path.name for path in tmp_path.iterdir()] == [there]


def test_a_demo_in_which_a_real_group_was_made_is_refused(alongside, tmp_path, migrated_sqlite):
    path = tmp_path / "alongside.db"
    path.write_bytes(migrated_sqlite.read_bytes())
    with (
        closing_engine(engine_for(f"sqlite:///{path}", Keyring.make(tmp_path / "alongside.key"))) as engine,
        sessions_of(engine).begin() as session,
    ):
        make_group(session)
    assert alongside("demo", "--out", tmp_path).exit_code == 2
    assert path.exists()


def test_in_the_end_it_serves_its_pages_and_whoever_stands_in_its_table_signs_in(tmp_path, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "sqlite:////nowhere/ours.db")
    monkeypatch.setenv("ALONGSIDE_ADDRESS", "https://ours.example.org")
    monkeypatch.setenv("ALONGSIDE_PROXIES", "2")
    with serving(tmp_path, "demo", "--on", UNTIL) as (said, end):
        start, there = start_in(said), re.findall(r"^  (\S.*?)  +(\S+@invented\.invalid)$", said, re.M)
        password = re.search(r"all with the password: (.+)", said)[1]
        sees = {"waits": "You are in the next pairing", "proposed": "Somebody is proposed to you"}
        sees |= {"partner": "You have a partner", "other-partner": "You have a partner"}
        assert [address.partition("@")[0] for _, address in there] == ["coordinator", *sees]
        for name, words in sees.items():
            status, page = Browser(start).sign_in(f"{name}@invented.invalid", password)
            assert (status, words in page, "not confirmed yet" in page) == (200, True, False), name
        coordinator = Browser(start)
        assert coordinator.sign_in("coordinator@invented.invalid", password)[0] == 422
        code = subprocess.run([ALONGSIDE, "demo", "--code"], cwd=tmp_path, capture_output=True, text=True).stdout
        assert coordinator.sign_in("coordinator@invented.invalid", password, code)[0] == 200
        desk = coordinator.get("/desk")[1]
        group = re.search(r"/desk/[\w-]{10,}", desk)[0]
        assert "have a proposal" in coordinator.get(f"{group}/night")[1]
        mails = [path.read_text() for path in (tmp_path / "demo" / "mails").glob("*.eml")]
        assert all(start.rstrip("/") in mail for mail in mails if "http" in mail)
        code, rest, errors = end()
    assert (code, rest) == (0, "")
    assert password not in errors


def test_a_code_without_a_demo_that_was_served_is_a_sentence(alongside, lived, tmp_path):
    said = alongside("demo", "--code", "--out", lived.folder)
    assert said.exit_code == 2
    assert "No demo was served from there" in said.stderr
    assert alongside("demo", "--code", "--out", tmp_path).exit_code == 2
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("day", ["0001-01-01", "1979-12-31", "9999-12-31"])
def test_a_day_that_no_clock_is_sure_of_is_a_sentence(alongside, day):
    said = alongside("demo", "--on", day)
    assert (said.exit_code, f"No clock is sure of {day}." in said.stderr) == (2, True)


@pytest.mark.parametrize("out", ["/dev/null/demo", "/proc/demo"])
def test_a_folder_that_cannot_be_made_is_a_sentence(alongside, out):
    said = alongside("demo", "--out", out)
    assert (said.exit_code, f"{out} cannot be used (" in said.stderr) == (2, True)


@pytest.mark.full
def test_the_same_seed_and_day_tell_the_same_story_also_over_an_earlier_one(lived, tmp_path):
    for _ in range(2):
        again = live(tmp_path / "demo")
        assert again.said.replace(str(again.folder), "") == lived.said.replace(str(lived.folder), "")
