"""What all tests share."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import settings

from tests.postgresql import MISSING, Cluster, cluster, find_programs

# The same examples on every machine, on every push, however slow it is.
settings.register_profile("alongside", derandomize=True, deadline=None, database=None)
settings.load_profile("alongside")


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Cluster]:
    """A PostgreSQL of our own, started once (with xdist: once in each of its processes), or a reason why not."""
    if find_programs() is None:
        pytest.skip(MISSING)
    # Not in pytest's own folders: they are closed to nobody, as whom it runs, and their paths are long for a socket.
    with TemporaryDirectory(prefix="postgresql-") as folder, cluster(Path(folder)) as started:
        yield started
