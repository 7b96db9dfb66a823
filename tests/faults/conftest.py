"""What the tests of faults share: filled databases, and as many copies of them as one likes."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from itertools import count
from pathlib import Path

import pytest

from matcher.database import engine_for, sessions_of
from tests.databases import KEYRING
from tests.faults.forks import drafts, gathered, in_child, night
from tests.faults.world import all_but_six_sent, fill, fill_twelve

_NUMBERS = count(1)
STEPS = {
    "eve": [],
    "twelve": [],
    "gathered": [gathered],
    "drafts": [drafts],
    "morning": [night, all_but_six_sent],
}
"""The databases there are, and what was done in each on the eve of the night."""
Copies = Callable[..., AbstractContextManager[str]]


@pytest.fixture(scope="session")
def stock(request, tmp_path_factory) -> Callable[[str, str], str]:
    """Databases that were filled once: by their kind and name."""
    made: dict[tuple[str, str], str] = {}

    def stocked(kind: str, name: str) -> str:
        if (kind, name) not in made:
            made[kind, name] = url = _fresh(request, tmp_path_factory, kind)
            engine = engine_for(url, KEYRING)
            with sessions_of(engine).begin() as session:
                (fill_twelve if name == "twelve" else fill)(session)
            engine.dispose()
            for step in STEPS[name]:
                in_child(url, step)
        return made[kind, name]

    return stocked


@pytest.fixture(params=["sqlite", "postgresql"])
def copies(request, tmp_path, stock) -> Copies:
    """Give it the name of a stocked database, and get a new copy for the length of a with: its address."""

    @contextmanager
    def copy(name: str = "eve") -> Iterator[str]:
        original, number = stock(request.param, name), next(_NUMBERS)
        if request.param == "sqlite":
            path = tmp_path / f"copy{number}.db"
            shutil.copy(original.removeprefix("sqlite:///"), path)
            yield f"sqlite:///{path}"
        else:
            cluster = request.getfixturevalue("postgresql")
            yield cluster.create(f"copy_{number}", template=_name_of(original))
            cluster.drop(f"copy_{number}")

    return copy


def _fresh(request, tmp_path_factory, kind: str) -> str:
    if kind == "sqlite":
        path = tmp_path_factory.mktemp("stock") / "stock.db"
        shutil.copy(request.getfixturevalue("migrated_sqlite"), path)
        return f"sqlite:///{path}"
    template = request.getfixturevalue("migrated_postgresql")
    return request.getfixturevalue("postgresql").create(f"stock_{next(_NUMBERS)}", template=template)


def _name_of(url: str) -> str:
    return url.rpartition("/")[2].partition("?")[0]


@pytest.fixture
def folder(tmp_path) -> Path:
    """Where mails become files."""
    return tmp_path / "mails"
