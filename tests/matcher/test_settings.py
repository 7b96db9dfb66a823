import os
from pathlib import Path

import pytest

from matcher.errors import SettingsError
from matcher.settings import read_settings


@pytest.fixture(autouse=True)
def _an_empty_environment(monkeypatch):
    for name in [each for each in os.environ if each.startswith("ALONGSIDE_") or each == "DATABASE_URL"]:
        monkeypatch.delenv(name)


def test_nothing_needs_to_be_set_to_try_it():
    settings = read_settings()
    assert settings.database_url == "sqlite:///alongside.db"
    assert settings.key_file == Path("alongside.key")
    assert not settings.sends_mail


@pytest.mark.parametrize(
    ("name", "text", "field", "value"),
    [
        ("DATABASE_URL", "postgresql://db/circle", "database_url", "postgresql://db/circle"),
        ("ALONGSIDE_KEY_FILE", "/etc/circle.key", "key_file", Path("/etc/circle.key")),
        ("ALONGSIDE_SMTP_PORT", "465", "smtp_port", 465),
        ("ALONGSIDE_SMTP_SECURITY", "tls", "smtp_security", "tls"),
        ("ALONGSIDE_SMTP_HOST", "mail.example.org", "sends_mail", True),
        ("ALONGSIDE_SMTP_CA_FILE", "", "smtp_ca_file", None),
        ("ALONGSIDE_SMTP_PORT", "", "smtp_port", 587),
        ("DATABASE_URL", "", "database_url", "sqlite:///alongside.db"),
    ],
)
def test_the_environment_comes_out_typed_and_what_is_empty_is_not_set(monkeypatch, name, text, field, value):
    monkeypatch.setenv(name, text)
    assert getattr(read_settings(), field) == value


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("ALONGSIDE_SMTP_PORT", "submission"),
        ("ALONGSIDE_SMTP_PORT", "70000"),
        ("ALONGSIDE_SMTP_SECURITY", "hunter2"),
        ("ALONGSIDE_MAIL_FROM", "not an address"),
        ("ALONGSIDE_MAIL_FROM", "Alongside <nobody>"),
    ],
)
def test_an_error_names_the_variable_and_never_its_value(monkeypatch, name, text):
    monkeypatch.setenv(name, text)
    monkeypatch.setenv("ALONGSIDE_SMTP_PASSWORD", "correct horse")
    with pytest.raises(SettingsError, match=name) as problem:
        read_settings()
    assert text not in str(problem.value)
    assert "horse" not in str(problem.value)


def test_settings_that_are_shown_keep_their_secrets(monkeypatch):
    monkeypatch.setenv("ALONGSIDE_SMTP_PASSWORD", "correct horse")
    monkeypatch.setenv("DATABASE_URL", "postgresql://ada:battery@db/circle")
    settings = read_settings()
    assert "horse" not in f"{settings!r} {settings}"
    assert "battery" not in f"{settings!r} {settings}"
    assert settings.smtp_password.get_secret_value() == "correct horse"
