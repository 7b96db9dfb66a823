"""`alongside serve`: real gunicorn, started by the real command, on a database as it finds it."""

import shutil
import socket
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from jobs.serve import what_to_look_at
from matcher import passwords
from matcher.database import sessions_of
from matcher.schema import downgrade
from matcher.settings import Settings
from tests.databases import KEY_LINE
from tests.jobs.serving import ALONGSIDE, Browser, serving, start_in
from tests.rows import make_account, make_group

PASSWORD = "seven herons over the weir"


def refused(folder, *words):
    """What the command says instead of serving."""
    answer = subprocess.run([ALONGSIDE, "serve", *words], cwd=folder, capture_output=True, text=True, timeout=20)
    assert "Traceback" not in answer.stderr
    assert answer.stdout == ""
    return answer.returncode, answer.stderr


def listens_on(start):
    """The addresses of a port, as Linux lists them."""
    port = int(start.rstrip("/").rpartition(":")[2])
    lines = [line.split() for name in ("tcp", "tcp6") for line in Path("/proc/net", name).read_text().splitlines()[1:]]
    at = [line[1].split(":") for line in lines if line[3] == "0A"]
    return {address for address, where in at if int(where, 16) == port}


@pytest.fixture
def here(running, monkeypatch):
    """A database with a group and one account; gives the folder the command is started in."""
    monkeypatch.delenv("ALONGSIDE_ADDRESS", raising=False)
    with sessions_of(running.engine).begin() as session:
        make_group(session)
        kept = passwords.hash_of(PASSWORD)
        make_account(session, address="ada@example.org", password_hash=kept, address_confirmed_at=datetime.now(UTC))
    return running.folder.parent


def test_somebody_signs_in_over_http_on_this_machine_and_ctrl_c_ends_it(here):
    (here / "web.py").write_text("raise SystemExit('this is not our web')")
    with serving(here, "serve", "--port", "0") as (said, end):
        browser = Browser(start_in(said))
        assert listens_on(start_in(said)) == {"0100007F"}  # 127.0.0.1: nobody but this machine reaches it
        assert "Two people, side by side" in browser.get("/")[1]
        status, page = browser.sign_in("ada@example.org", PASSWORD)
        assert (status, "You are in no group yet" in page) == (200, True)
        assert (
            "This address, password and code do not fit" in Browser(start_in(said)).sign_in("ada@example.org", "x")[1]
        )
        code, rest, errors = end()
    assert (code, rest) == (0, "")
    assert PASSWORD not in errors
    assert [line for line in errors.splitlines() if not line.startswith("{")] == []
    assert "alongside invite" not in said


@pytest.fixture
def empty_here(tmp_path, migrated_sqlite, monkeypatch):
    """A folder with a new database and its key file, as the settings of an empty environment say."""
    for name in ("DATABASE_URL", "ALONGSIDE_KEY_FILE", "ALONGSIDE_ADDRESS"):
        monkeypatch.delenv(name, raising=False)
    shutil.copy(migrated_sqlite, tmp_path / "alongside.db")
    (tmp_path / "alongside.key").touch(mode=0o600)
    (tmp_path / "alongside.key").write_text(KEY_LINE)
    return tmp_path


def test_a_database_beside_the_command_is_found_from_where_gunicorn_stands_and_it_says_how_to_begin(empty_here):
    with serving(empty_here, "serve", "--port", "0") as (said, _):
        assert Browser(start_in(said)).get("/forgotten")[0] == 200
        assert "There is no group yet. Begin with `alongside invite`" in said


def test_before_there_is_a_key_file_it_says_what_to_run(empty_here):
    (empty_here / "alongside.key").unlink()
    code, sentence = refused(empty_here)
    assert (code, "For a new database: alongside db upgrade" in sentence) == (2, True)


def test_a_database_that_is_not_there_or_not_current_is_a_sentence(running, here, monkeypatch, tmp_path):
    downgrade(running.engine, "0001")
    code, sentence = refused(here)
    assert (code, "bring it up to date: alongside db upgrade" in sentence) == (2, True)
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'nowhere.db'}")
    assert refused(here) == (2, "Error: The database is empty. Make its tables: alongside db upgrade\n")
    assert not (tmp_path / "nowhere.db").exists()


@pytest.mark.parametrize(
    ("address", "proxies", "sentence"),
    [
        ("http://alongside.example.org", 0, "is not https://, so browsers keep no cookie of it"),
        ("https://alongside.example.org", 0, "ALONGSIDE_PROXIES is 0: all visitors count as one"),
        ("http://localhost:8000", 0, "Links in mails lead to http://localhost:8000. To lead them here, set"),
        ("https://alongside.example.org", 1, ""),
        ("http://localhost:8001/", 0, ""),
    ],
)
def test_what_would_surprise_is_said_before_anybody_tries_to_sign_in(address, proxies, sentence):
    told = list(what_to_look_at(Settings(address=address, proxies=proxies), "http://localhost:8001"))
    assert len(told) == bool(sentence)
    assert sentence in "".join(told)


def test_a_port_in_use_is_a_sentence(empty_here):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        code, sentence = refused(empty_here, "--port", port)
    assert code == 2
    assert f"Port {port} cannot be used: address already in use. Choose another" in sentence


def test_a_result_of_pair_is_no_longer_served(tmp_path):
    (tmp_path / "result.json").write_text("{}")
    code, sentence = refused(tmp_path, "result.json")
    assert code == 2
    assert "unexpected extra argument" in sentence
