import json

import pytest
import structlog

from tests.invented_pairing import invented_pairing, write_pairing
from web import create_app

KEY = "a-key-for-the-tests-alone"


@pytest.fixture(autouse=True)
def _structlog_as_it_was():
    yield
    structlog.reset_defaults()


@pytest.fixture
def key():
    return KEY


@pytest.fixture
def visitor():
    """Somebody who has a browser and nothing else."""
    return create_app({}).test_client()


@pytest.fixture
def coordinator(tmp_path):
    """Gives a browser that shows one result; without one, the invented pairing of about forty."""

    def with_result(result=None):
        config = {"PAIRING_FILE": str(write_pairing(tmp_path, result)), "PAIRING_KEY": KEY}
        return create_app(config).test_client()

    return with_result


@pytest.fixture
def invented():
    return invented_pairing()


@pytest.fixture
def log_lines(capfd):
    """What the log holds since the last look."""
    return lambda: [json.loads(line) for line in capfd.readouterr().err.splitlines()]
