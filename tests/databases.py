"""Fresh databases for tests, each a copy of one that the migrations made once."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from matcher.database import engine_for, sessions_of
from matcher.schema import upgrade
from matcher.sealing import Keyring

KEYRING = Keyring({"tests": bytes(range(32))})


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("migrated") / "alongside.db"
    engine = engine_for(f"sqlite:///{path}", KEYRING)
    upgrade(engine)
    engine.dispose()
    return path


@pytest.fixture(params=["sqlite"])
def engine(request, tmp_path) -> Iterator[Engine]:
    """An engine on a fresh database at the newest revision, once on each kind of database."""
    path = tmp_path / "alongside.db"
    shutil.copy(request.getfixturevalue("migrated_sqlite"), path)
    engine = engine_for(f"sqlite:///{path}", KEYRING)
    yield engine
    engine.dispose()


@pytest.fixture
def sessions(engine):
    return sessions_of(engine)
