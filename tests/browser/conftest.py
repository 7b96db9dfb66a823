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
def addresses(tmp_path_factory):
    """Every page in every state, served."""
    with stage(tmp_path_factory.mktemp("results")) as served:
        yield served
