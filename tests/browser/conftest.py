import pytest

from tests.browser.stage import CHROMIUM, chromium, stage


@pytest.fixture(scope="session")
def browser():
    """Debian's Chromium, or a reason why there is none."""
    if not CHROMIUM.exists():
        pytest.skip(f"there is no {CHROMIUM}; on Debian, as root: apt install {CHROMIUM.name} libatomic1")
    with chromium() as started:
        yield started


@pytest.fixture(scope="session")
def served(tmp_path_factory):
    """Every page in every state, served by a clock that stands still."""
    with stage(tmp_path_factory.mktemp("served")) as found:
        yield found


@pytest.fixture
def alive(tmp_path):
    """A house of its own for a walk that changes things."""
    with stage(tmp_path) as found:
        yield found
