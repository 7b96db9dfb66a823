import base64
import stat

import pytest
from sqlalchemy import text

from matcher.errors import KeyFileError, SpoiltError
from matcher.models import Goal
from matcher.sealing import Keyring, keyring_of
from tests.databases import KEYRING
from tests.rows import make_group, make_member

OLD, NEW = bytes(32), bytes(range(32, 64))
PLAIN = "to sleep through a whole night"


def line(key_id: str, key: bytes) -> str:
    return f"{key_id} {base64.b64encode(key).decode()}\n"


@pytest.fixture
def key_file(tmp_path):
    """A function that writes a key file, closed to others."""

    def write(content: str | bytes, mode: int = 0o600):
        path = tmp_path / "some.key"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        path.chmod(mode)
        return path

    return write


@pytest.fixture
def goal(sessions):
    with sessions.begin() as session:
        member = make_member(session, make_group(session), goals=[Goal(area="sleep", words=PLAIN, tag="nights")])
    return member.goals[0]


def raw(session, column: str) -> bytes:
    return bytes(session.scalar(text(f"SELECT {column} FROM goals")))


@pytest.mark.parametrize("words", [PLAIN, "", "zażółć 🌱 \x00 ' \" \\"])
def test_what_is_sealed_comes_back_from_its_column(sessions, goal, words):
    with sessions.begin() as session:
        session.merge(goal).words = words
    with sessions() as session:
        assert session.get(Goal, goal.id).words == words


@pytest.mark.parametrize("windows", [[], [[0, 1080, 1200]], [[6, 0, 15], [6, 30, 45]]])
def test_a_sealed_column_holds_lists_and_dicts(sessions, windows):
    with sessions.begin() as session:
        member = make_member(session, make_group(session), windows=windows, about_me={"age": "25-29"})
    with sessions() as session:
        assert session.merge(member, load=True).windows == windows
        assert session.merge(member).about_me == {"age": "25-29"}


def test_nothing_sealed_stays_nothing(sessions):
    with sessions.begin() as session:
        member = make_member(session, make_group(session))
        session.execute(text("INSERT INTO experiences (member_id, tag, tag_mark, visibility) VALUES (1, '', '', '')"))
    assert member.id == 1
    with sessions() as session:
        assert session.scalar(text("SELECT stage FROM experiences")) is None


def test_the_plain_words_are_nowhere_in_the_files_of_the_database(tmp_path, engine, goal):
    engine.dispose()
    files = b"".join(path.read_bytes() for path in tmp_path.glob("alongside.db*"))
    assert PLAIN.encode() not in files
    assert base64.b64encode(PLAIN.encode()).rstrip(b"=") not in files


def test_a_value_shows_only_which_key_opens_it(sessions, goal):
    with sessions() as session:
        assert raw(session, "words").startswith(b"tests:")
        assert PLAIN.encode() not in raw(session, "words")


def test_the_same_words_are_never_sealed_alike():
    assert KEYRING.seal(b"same", "goals.words") != KEYRING.seal(b"same", "goals.words")


def test_a_value_that_was_moved_to_another_column_is_refused(sessions, goal):
    with sessions.begin() as session:
        session.execute(text("UPDATE goals SET words = tag"))
    with sessions.begin() as session:
        spoilt = session.get(Goal, goal.id)
        for look in (str, list):
            with pytest.raises(SpoiltError, match=r"goals\.words was changed, or belongs to another"):
                look(spoilt.words)
        assert spoilt.tag == "nights"
        spoilt.words = PLAIN
    with sessions() as session:
        assert session.get(Goal, goal.id).words == PLAIN


def test_without_its_key_no_row_is_read_at_all(sessions, goal):
    with sessions.begin() as session:
        session.execute(text("UPDATE goals SET words = :other"), {"other": Keyring({"gone": OLD}).seal(b'""', "")})
    with sessions() as session, pytest.raises(KeyFileError, match="not in the key file"):
        session.get(Goal, goal.id)


def test_a_value_changed_in_any_one_byte_is_refused():
    value = KEYRING.seal(b"plain", "goals.words")
    for place in range(len(value)):
        changed = value[:place] + bytes([value[place] ^ 1]) + value[place + 1 :]
        with pytest.raises(KeyFileError):
            KEYRING.open(changed, "goals.words")


@pytest.mark.parametrize("value", [b"", b"tests", b"tests:", b"tests:short", b"\xff:" + bytes(40)])
def test_a_value_that_was_cut_off_is_refused(value):
    with pytest.raises(KeyFileError):
        KEYRING.open(value, "goals.words")


def test_an_older_key_opens_what_it_sealed_and_the_newest_seals():
    before, after = Keyring({"old": OLD}), Keyring({"old": OLD, "new": NEW})
    assert after.open(before.seal(b"plain", "goals.words"), "goals.words") == b"plain"
    assert after.seal(b"plain", "goals.words").startswith(b"new:")
    with pytest.raises(KeyFileError, match="not in the key file"):
        before.open(after.seal(b"plain", "goals.words"), "goals.words")


def test_a_mark_is_stable_differs_by_use_and_stays_when_a_newer_key_comes():
    before, after = Keyring({"old": OLD}), Keyring({"old": OLD, "new": NEW})
    assert before.mark("grief", "1") == before.mark("grief", "1") == after.mark("grief", "1")
    marks = {before.mark("grief", "1"), before.mark("grief", "2"), before.mark("loss", "1"), KEYRING.mark("grief", "1")}
    assert len(marks) == 4


def test_a_new_key_file_is_closed_to_others_and_read_back(tmp_path):
    made = Keyring.make(tmp_path / "keys" / "some.key")
    assert stat.S_IMODE((tmp_path / "keys" / "some.key").stat().st_mode) == 0o600
    again = Keyring.read(tmp_path / "keys" / "some.key")
    assert again.open(made.seal(b"plain", "goals.words"), "goals.words") == b"plain"


def test_a_key_file_that_is_there_is_never_overwritten(key_file):
    path = key_file(line("old", OLD))
    with pytest.raises(FileExistsError):
        Keyring.make(path)
    assert path.read_text() == line("old", OLD)


def test_the_last_line_of_a_key_file_seals(key_file):
    both = Keyring.read(key_file(line("old", OLD) + line("new", NEW)))
    assert both.seal(b"plain", "goals.words").startswith(b"new:")
    assert both.open(Keyring({"old": OLD}).seal(b"plain", "goals.words"), "goals.words") == b"plain"


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o666])
def test_a_key_file_that_others_may_open_is_refused(key_file, mode):
    with pytest.raises(KeyFileError, match="chmod 600"):
        Keyring.read(key_file(line("old", OLD), mode))


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("", "is empty"),
        ("\n", "is no key file"),
        ("old", "is no key file"),
        ("old not-base64!", "is no key file"),
        (line("old", OLD[:31]), "is no key file"),
        (line("o:d", OLD), "is no key file"),
        (line("old", OLD) + line("old", NEW), "is no key file"),
        (b"\xff\xfe\x00", "cannot be read"),
    ],
)
def test_a_broken_key_file_is_a_sentence(key_file, content, sentence):
    with pytest.raises(KeyFileError, match=sentence):
        Keyring.read(key_file(content))


def test_a_missing_key_file_is_a_sentence(tmp_path):
    with pytest.raises(KeyFileError, match=r"is missing.*alongside db upgrade"):
        Keyring.read(tmp_path / "no.key")


def test_a_folder_is_no_key_file(tmp_path):
    with pytest.raises(KeyFileError, match="cannot be read"):
        Keyring.read(tmp_path)


def test_the_keyring_of_a_dialect_is_the_one_the_engine_was_made_with(engine):
    assert keyring_of(engine.dialect) is KEYRING
