import os
import re
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import pytest

from jobs.serve import group_to_show, last_night_to_show
from matcher.database import reading
from matcher.errors import GroupError
from tests.invented_pairing import write_pairing
from tests.rows import make_group

ALONGSIDE = Path(sys.executable).with_name("alongside")


@contextmanager
def serving(folder, *words):
    """`alongside serve` as at a terminal: what it said, and a way to press Ctrl-C that gives code and errors."""
    command = [ALONGSIDE, "serve", *words, "--port", "0"]
    with subprocess.Popen(
        command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as server:

        def end():
            os.killpg(server.pid, signal.SIGINT)
            rest, errors = server.communicate(timeout=20)
            return server.returncode, rest, errors

        try:
            yield "".join(iter(server.stdout.readline, "Ctrl-C ends it.\n")), end
        finally:
            if server.poll() is None:
                os.killpg(server.pid, signal.SIGTERM)


def refused(folder, *words):
    answer = subprocess.run([ALONGSIDE, "serve", *words], cwd=folder, capture_output=True, text=True, timeout=20)
    assert "Traceback" not in answer.stderr
    assert answer.stdout == ""
    return answer.returncode, answer.stderr


def fetch(link):
    with urllib.request.urlopen(link, timeout=20) as answer:
        return answer.read().decode()


def test_a_coordinator_gets_one_link_that_opens_the_pairing_and_nothing_writes_its_key_down(tmp_path):
    write_pairing(tmp_path)
    (tmp_path / "web.py").write_text("raise SystemExit('this is not our web')")
    with serving(tmp_path, "result.json") as (said, end):
        (link,) = re.findall(r"(http://127\.0\.0\.1:\d+/pairing/[0-9a-f]{32})\n", said)
        assert "38 of 41 people have a partner" in fetch(link)
        with pytest.raises(urllib.error.HTTPError, match="404") as wrong:
            fetch(f"{link}x")
        wrong.value.close()
        code, rest, errors = end()
    assert code == 0
    assert rest == ""
    assert errors.count('"request"') == 2
    assert link.rpartition("/")[2] not in errors
    assert [line for line in errors.splitlines() if not line.startswith("{")] == []


def test_every_start_makes_another_key(tmp_path):
    write_pairing(tmp_path)
    links = []
    for _ in range(2):
        with serving(tmp_path, "result.json") as (said, _):
            links.append(re.search(r"/pairing/\S+", said).group())
    assert links[0] != links[1]


def test_without_a_file_there_is_the_first_page_alone(tmp_path, monkeypatch):
    monkeypatch.setenv("ALONGSIDE_PAIRING_FILE", str(write_pairing(tmp_path)))
    monkeypatch.setenv("ALONGSIDE_PAIRING_KEY", "a-key-from-somewhere-else")
    with serving(tmp_path) as (said, end):
        assert "pairing/" not in said
        start = re.search(r"http://\S+", said).group()
        assert "Two people, side by side" in fetch(start)
        with pytest.raises(urllib.error.HTTPError, match="404") as closed:
            fetch(f"{start}pairing/a-key-from-somewhere-else")
        closed.value.close()
        assert end()[0] == 0


def test_a_port_in_use_is_a_sentence(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        code, sentence = refused(tmp_path, "--port", port)
    assert code == 2
    assert f"Port {port} cannot be used: address already in use. Choose another" in sentence


@pytest.mark.parametrize("text", ["name,zone\nAda,UTC\n", "[]", "{}", "{", "[" * 100_000, ""])
def test_what_is_no_result_is_a_sentence(text, tmp_path):
    (tmp_path / "people.csv").write_text(text)
    code, sentence = refused(tmp_path, "people.csv")
    assert code == 2
    assert sentence.startswith("people.csv ")
    assert "alongside pair people.csv --json > result.json" in sentence


def test_a_missing_file_and_a_folder_are_sentences(tmp_path):
    assert refused(tmp_path, "gone.json")[0] == 2
    assert refused(tmp_path, "gone.json")[1].startswith("There is no file gone.json.")
    assert refused(tmp_path, ".") == (2, ". cannot be read: Is a directory.\n")


def test_without_a_file_the_last_night_of_the_only_group_is_served_wherever_its_database_lies(lived, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "sqlite:///demo/alongside.db")
    monkeypatch.setenv("ALONGSIDE_KEY_FILE", "demo/alongside.key")
    with serving(lived.folder.parent) as (said, end):
        (link,) = re.findall(r"(http://127\.0\.0\.1:\d+/pairing/[0-9a-f]{32})\n", said)
        assert "have a proposal" in fetch(link)
        with pytest.raises(urllib.error.HTTPError, match="404") as wrong:
            fetch(f"{link}x")
        wrong.value.close()
        assert link.rpartition("/")[2] not in end()[2]


def test_several_groups_ask_for_a_name_and_none_show_nothing(running, sessions):
    with reading(running.engine) as session:
        assert group_to_show(session, None) is None
    with sessions.begin() as session:
        first, _ = make_group(session), make_group(session)
    with reading(running.engine) as session:
        with pytest.raises(GroupError, match="--group NAME"):
            group_to_show(session, None)
        assert group_to_show(session, first.name).public_id == first.public_id


def test_the_pages_get_the_settings_of_the_group_and_no_database_gives_none(running, sessions, monkeypatch, tmp_path):
    with sessions.begin() as session:
        group = make_group(session)
    assert last_night_to_show(None)["ALONGSIDE_PAIRING_GROUP"] == group.public_id
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'nowhere.db'}")
    assert last_night_to_show(None) == {}
