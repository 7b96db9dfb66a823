"""Letters as files: whole or not at all, for their owner alone, and the same letter is the same file."""

import email
import stat
from email.policy import default

import pytest

from jobs.mail.folder import FolderPost
from jobs.mail.post import LineError


@pytest.fixture
def post(settings):
    return FolderPost(settings.mail_folder)


def files(settings):
    return sorted(settings.mail_folder.iterdir())


def test_a_letter_is_a_file_that_a_mail_program_opens(post, settings, letter):
    post.send(letter)
    (path,) = files(settings)
    assert path.name == f"{letter.name}.eml"
    assert path.name.startswith("2026-01-14-proposal-")
    mail = email.message_from_bytes(path.read_bytes(), policy=default)
    assert mail["To"] == "ada@example.org"
    assert "Thursday 15 January" in mail.get_content()


def test_the_same_letter_again_is_not_a_second_mail(post, settings, letter):
    for _ in range(3):
        post.send(letter)
    assert len(files(settings)) == 1


def test_only_its_owner_reads_it(post, settings, letter):
    post.send(letter)
    assert stat.S_IMODE(settings.mail_folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(files(settings)[0].stat().st_mode) == 0o600


def test_where_no_file_can_be_written_the_line_is_broken_and_nothing_was_tried(post, settings, letter):
    settings.mail_folder.write_text("a file stands where the folder should be")
    with pytest.raises(LineError, match="cannot be written") as problem:
        post.send(letter)
    assert not problem.value.was_tried


def test_it_says_where_mails_are_and_how_they_would_be_sent(settings, post):
    assert post.remark(0) == ""
    there = f"in {settings.mail_folder}/ (ALONGSIDE_SMTP_HOST)."
    assert post.remark(1) == f"There is no SMTP server set, so 1 mail is a file {there}"
    assert post.remark(12) == f"There is no SMTP server set, so 12 mails are files {there}"
    post.close()
