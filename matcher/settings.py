"""What the one who runs Alongside may decide, read from the environment. Nothing here is needed to try it."""

import os
from email.utils import parseaddr
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from matcher.errors import SettingsError


class Settings(BaseSettings):
    """Settings by their names in the environment: ``ALONGSIDE_`` and the field, but for DATABASE_URL.

    An empty one counts as not set. Without ``smtp_host`` mails become files in ``mail_folder``. ``address`` is where
    members reach the pages; ``proxies`` is how many servers of yours stand between them and us, whose word on
    a visitor's network address we take; ``key_file`` opens the sealed columns and must be kept apart from backups.
    """

    model_config = SettingsConfigDict(env_prefix="ALONGSIDE_", env_ignore_empty=True)

    database_url: str = Field(default="sqlite:///alongside.db", repr=False)
    key_file: Path = Path("alongside.key")
    address: str = "http://localhost:8000"
    proxies: int = Field(default=0, ge=0, le=5)
    mail_from: str = "Alongside <alongside@localhost>"
    mail_folder: Path = Path("mails")
    smtp_host: str = ""
    smtp_port: int = Field(default=587, ge=1, le=65535)
    smtp_security: Literal["starttls", "tls", "none"] = "starttls"
    smtp_username: str = ""
    smtp_password: SecretStr = SecretStr("")
    smtp_ca_file: Path | None = None
    backup_folder: Path = Path("backups")

    @field_validator("mail_from")
    @classmethod
    def _is_one_address(cls, text: str) -> str:
        name, _, domain = parseaddr(text)[1].partition("@")
        if not name or not domain or "\n" in text:
            raise ValueError("this is no sender; write one such as Alongside <alongside@example.org>")
        return text

    @property
    def sends_mail(self) -> bool:
        """Whether mails leave this machine."""
        return bool(self.smtp_host)


def read_settings() -> Settings:
    """Read the environment; SettingsError names what is wrong, one line each, and shows no value."""
    url = os.environ.get("DATABASE_URL")
    try:
        return Settings(database_url=url) if url else Settings()
    except ValidationError as problem:
        wrong = [f"ALONGSIDE_{'_'.join(map(str, each['loc'])).upper()}: {each['msg']}" for each in problem.errors()]
        raise SettingsError("The settings cannot be used. " + "; ".join(wrong) + ".") from None
