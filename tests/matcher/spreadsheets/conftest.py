"""Sheets for the tests: written to a folder of their own, and the survey files where they are at hand."""

from pathlib import Path

import pytest

from matcher.spreadsheets.choices import read_choices
from matcher.spreadsheets.people import read_people

HEADER = "id,zone,languages,goals,availability"
ANSWERS = "Europe/London,English,health,Mon evening"


@pytest.fixture
def write(tmp_path):
    """Write text or bytes to a file and give its path."""

    def write_file(content, name="people.csv"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write_file


@pytest.fixture
def read(write):
    """Read the people of a sheet that is written here as text."""

    def read_sheet(text, *flags, where=(), toml=None):
        return read_people(write(text), read_choices(toml, flags), where)

    return read_sheet


@pytest.fixture
def read_cell(read):
    """Read a sheet of one ready person who has one cell more: the person, or the reason why not."""

    def read_one(column, cell, *flags):
        quoted = cell.replace('"', '""')
        sheet = read(f'{HEADER},{column}\nm1,{ANSWERS},"{quoted}"\n', *flags)
        return sheet.people[0].candidate if sheet.people else sheet.set_aside[0].reason

    return read_one


@pytest.fixture
def survey():
    """The path of a survey file, which lies beside the checkout and not in it."""

    def path_of(name):
        path = Path(__file__).parents[4] / "shared" / "data" / name
        if not path.exists():
            pytest.skip(f"{name} is not beside this checkout, under shared/data")
        return path

    return path_of
