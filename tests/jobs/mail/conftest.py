"""What the tests of mails share: a post office, settings that lead to it, a letter."""

import pytest

from jobs.mail.letters import compose
from matcher.models import Message
from matcher.settings import Settings
from tests.rows import NOW


@pytest.fixture
def settings(tmp_path) -> Settings:
    return Settings(address="https://pairs.example.org", mail_from="A <a@example.org>", mail_folder=tmp_path / "mails")


@pytest.fixture
def letter(settings):
    message = Message(key="k", kind="proposal", values={"answer_by": "2026-01-15"}, made_at=NOW)
    return compose(message, "ada@example.org", "Europe/London", settings, NOW)
