"""The command as a person starts it, in a folder of its own, with a small sheet that has everything in it."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from jobs.__main__ import main
from jobs.night import Order, decide
from tests.builders import MONDAY
from tests.databases import KEY_LINE
from tests.jobs.instances import empty_database, instance_of
from tests.jobs.lived import Lived, live

SHEET = """\
id,name,zone,languages,goals,availability,welcomes_three,experiences,experiences_shown
a,Ada,Europe/London,en,running,Mon 18:00-20:00,yes,,
b,Bob,Europe/London,en,running,Mon 18:00-20:00,yes,,
c,Cyd,Europe/London,en,running,Mon 18:00-20:00,yes,,
d,Dee,Europe/London,en,sleep,Sat 09:00-11:00,no,grief,
e,Eve,Europe/Paris,en,sleep,Sat 10:00-12:00,no,grief,
f,Fay,Asia/Tokyo,en,sleep,Sun 02:00-04:00,no,,
g,Gus,Europe/London,en,sleep,Mon evning,no,,
"""


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    path = tmp_path / "people.csv"
    path.write_text(SHEET, "utf-8")
    return path


@pytest.fixture
def night(sheet):
    return decide(Order(people=sheet, on=MONDAY))


@pytest.fixture
def alongside(tmp_path, monkeypatch):
    """Run the command; gives its result, and the JSON it printed as ``found`` where there is any."""
    monkeypatch.chdir(tmp_path)

    def run(*words: object):
        said = CliRunner().invoke(main, [str(word) for word in words])
        said.found = json.loads(said.stdout) if said.stdout.startswith("{") else None
        return said

    return run


@pytest.fixture
def instance(engine, tmp_path, monkeypatch):
    """An instance of Alongside with an empty database, as its settings in the environment say; gives the engine."""
    key_file = tmp_path / "alongside.key"
    key_file.write_text(KEY_LINE)
    key_file.chmod(0o600)
    monkeypatch.setenv("ALONGSIDE_KEY_FILE", str(key_file))
    monkeypatch.setenv("DATABASE_URL", engine.url.render_as_string(hide_password=False))
    return engine


@pytest.fixture
def running(engine, tmp_path, monkeypatch):
    """A running instance; whatever is run in here has its settings."""
    instance = instance_of(engine, tmp_path)
    for name, value in instance.settings.items():
        monkeypatch.setenv(name, value)
    return instance


@pytest.fixture
def empty(engine, tmp_path):
    """The address of an empty database of the same kind."""
    with empty_database(engine, tmp_path) as url:
        yield url


@pytest.fixture(scope="session")
def lived(tmp_path_factory) -> Lived:
    """The weeks of the invented group, lived through once."""
    return live(tmp_path_factory.mktemp("lived") / "demo")
