"""Fresh databases for tests, each a copy of one that the migrations made once."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from matcher.database import engine_for, sessions_of
from matcher.schema import upgrade
from matcher.sealing import Keyring
from tests.postgresql import Cluster

KEYRING = Keyring({"tests": bytes(range(32))})


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("migrated") / "alongside.db"
    engine = engine_for(f"sqlite:///{path}", KEYRING)
    upgrade(engine)
    engine.dispose()
    return path


@pytest.fixture(scope="session")
def migrated_postgresql(postgresql) -> Cluster:
    """The cluster of the tests, with a database "migrated" in it to be copied."""
    engine = engine_for(postgresql.create("migrated"), KEYRING)
    upgrade(engine)
    engine.dispose()
    return postgresql


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request, tmp_path) -> Iterator[Engine]:
    """An engine on a fresh database at the newest revision, once on each kind of database."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("migrated_sqlite"), tmp_path / "alongside.db")
        url = f"sqlite:///{tmp_path / 'alongside.db'}"
    else:
        cluster = request.getfixturevalue("migrated_postgresql")
        url = cluster.create("alongside", template="migrated")
    engine = engine_for(url, KEYRING)
    yield engine
    engine.dispose()
    if request.param == "postgresql":
        cluster.drop("alongside")


@pytest.fixture
def sessions(engine):
    return sessions_of(engine)
