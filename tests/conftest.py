"""What all tests share."""

import sys
from collections.abc import Callable, Generator, Iterator
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import settings

from tests.postgresql import MISSING, Cluster, cluster, find_programs

pytest_plugins = ["tests.databases", "tests.stage"]

# The same examples on every machine, on every push, however slow it is.
settings.register_profile("alongside", derandomize=True, deadline=None, database=None)
settings.load_profile("alongside")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Count the domain's own tests alone: they reach it line by line, whatever jobs and pages do with it."""
    for item in items:
        if not item.nodeid.startswith("tests/matcher/"):
            item.add_marker("uncounted")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Leave the tests marked uncounted out of coverage: they look for wrong answers in thousands of nights.

    What they reach, plain examples reach too. pytest-cov's own mark no_cover does nothing in the processes of xdist:
    a second tracer takes over there.
    """
    if not item.get_closest_marker("uncounted"):
        for forget in caches():
            forget()  # what an uncounted test has worked out would never be counted
        return (yield)
    tracer = sys.gettrace()
    sys.settrace(None)
    try:
        return (yield)
    finally:
        sys.settrace(tracer)


@cache
def caches() -> list[Callable[[], None]]:
    """How to empty each cache of the domain."""
    modules = [module for name, module in sorted(sys.modules.items()) if name.startswith("matcher.")]
    there = {each for module in modules for each in vars(module).values() if hasattr(each, "cache_clear")}
    return [each.cache_clear for each in there]


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Cluster]:
    """A PostgreSQL of our own, started once (with xdist: once in each of its processes), or a reason why not."""
    if find_programs() is None:
        pytest.skip(MISSING)
    # Not in pytest's own folders: they are closed to nobody, as whom it runs, and their paths are long for a socket.
    with TemporaryDirectory(prefix="postgresql-") as folder, cluster(Path(folder)) as started:
        yield started
