import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import structlog
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session, sessionmaker

from matcher.database import engine_for, sessions_of
from tests.databases import KEYRING
from tests.house import House, furnish, settings_of
from tests.rows import NOW
from tests.web.visits import Visits
from web import create_app

_NUMBERS = count(1)


@dataclass
class Furnished:
    """A database with a house in it, to be copied."""

    house: House
    at: Any


@pytest.fixture(autouse=True)
def _structlog_as_it_was():
    yield
    structlog.reset_defaults()


@pytest.fixture(scope="session")
def furnished_sqlite(migrated_sqlite, tmp_path_factory) -> Furnished:
    path = tmp_path_factory.mktemp("furnished") / "alongside.db"
    shutil.copy(migrated_sqlite, path)
    return Furnished(_furnish(f"sqlite:///{path}"), path)


@pytest.fixture(scope="session")
def furnished_postgresql(postgresql, migrated_postgresql) -> Furnished:
    url = postgresql.create("furnished", template=migrated_postgresql)
    return Furnished(_furnish(url), "furnished")


def _furnish(url: str) -> House:
    engine = engine_for(url, KEYRING)
    house = furnish(sessions_of(engine))
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            connection.exec_driver_sql("ROLLBACK")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    return house


@pytest.fixture
def furnished(request, tmp_path) -> Iterator[tuple[str, House]]:
    """The address of a database with a house full of people, and who they are: on SQLite, or see visits.ON_BOTH."""
    kind = getattr(request, "param", "sqlite")
    found: Furnished = request.getfixturevalue(f"furnished_{kind}")
    if kind == "sqlite":
        shutil.copy(found.at, tmp_path / "alongside.db")
        yield f"sqlite:///{tmp_path / 'alongside.db'}", found.house
    else:
        cluster, name = request.getfixturevalue("postgresql"), f"house_{next(_NUMBERS)}"
        yield cluster.create(name, template=found.at), found.house
        cluster.drop(name)


class Clock:
    """The time by which the pages go, moved by hand."""

    def __init__(self):
        self.now = NOW

    def __call__(self):
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def compiled(tmp_path_factory) -> FileSystemBytecodeCache:
    """The templates as Python, which would take a fifth of the time if each test made them anew."""
    return FileSystemBytecodeCache(str(tmp_path_factory.mktemp("compiled")))


@pytest.fixture
def app(furnished, tmp_path, clock, compiled):
    """The pages of that house."""
    url, _ = furnished
    made = create_app({"SETTINGS": settings_of(tmp_path, url), "CLOCK": clock})
    made.jinja_env.bytecode_cache = compiled
    yield made
    made.extensions["alongside.sessions"].close()


@pytest.fixture
def visits(app, furnished) -> Visits:
    """The browsers of everybody in the house."""
    return Visits(app, furnished[1])


@pytest.fixture
def rows(furnished) -> Iterator[sessionmaker[Session]]:
    """The rows behind the pages, for the test to look at and to change."""
    engine = engine_for(furnished[0], KEYRING)
    yield sessions_of(engine)
    engine.dispose()


@pytest.fixture
def statements(app) -> list[str]:
    """What the pages ask the database, as it comes."""
    asked: list[str] = []
    engine: Engine = app.extensions["alongside.sessions"].get().kw["bind"]
    event.listen(engine, "before_cursor_execute", lambda *told: asked.append(told[2]))
    return asked


@pytest.fixture
def visitor(tmp_path):
    """Somebody who has a browser and nothing else, before there is a database."""
    return create_app({"SETTINGS": settings_of(tmp_path, f"sqlite:///{tmp_path / 'none.db'}")}).test_client()


@pytest.fixture
def log_lines(capfd):
    """What the log holds since the last look."""
    return lambda: [json.loads(line) for line in capfd.readouterr().err.splitlines()]


@pytest.fixture
def mails(tmp_path) -> Path:
    """Where mails lie that were made of rows."""
    return tmp_path / "mails"
