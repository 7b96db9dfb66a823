"""Fresh databases for tests, on SQLite and on PostgreSQL, each a copy of one that the migrations made once."""

import base64
import shutil
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import Engine

from matcher.database import engine_for, sessions_of
from matcher.schema import upgrade
from matcher.sealing import Keyring
from tests.postgresql import Cluster

KEYRING = Keyring({"tests": bytes(range(32))})
KEY_LINE = f"tests {base64.b64encode(bytes(range(32))).decode()}\n"
"""The same as a key file holds it."""
_NUMBERS = count(1)


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("migrated") / "alongside.db"
    _migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def migrated_postgresql(postgresql: Cluster) -> str:
    _migrate(postgresql.create("migrated"))
    return "migrated"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request, tmp_path) -> Iterator[str]:
    """The address of a fresh database at the newest revision, once on each kind of database."""
    if request.param == "sqlite":
        path = tmp_path / "alongside.db"
        shutil.copy(request.getfixturevalue("migrated_sqlite"), path)
        yield f"sqlite:///{path}"
    else:
        template, cluster = request.getfixturevalue("migrated_postgresql"), request.getfixturevalue("postgresql")
        name = f"test_{next(_NUMBERS)}"
        yield cluster.create(name, template=template)
        cluster.drop(name)


@pytest.fixture
def engine(database_url) -> Iterator[Engine]:
    """An engine on a fresh database."""
    engine = engine_for(database_url, KEYRING)
    yield engine
    engine.dispose()


@pytest.fixture
def sessions(engine):
    return sessions_of(engine)


def _migrate(url: str) -> None:
    engine = engine_for(url)
    upgrade(engine)
    engine.dispose()
