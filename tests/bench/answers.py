"""Does the time of an answer tell whether an address is known? `python3 dev.py bench answers`.

For each page that takes an address: pairs of tries, one with a known and one with an unknown address, in random order,
through the whole of the pages on SQLite. Mails are rows, so that a mail server that is down is asked by nobody here.
Prints the median of the differences and its 99 % interval by bootstrap; all of it must lie within five milliseconds.
"""

import random
import statistics
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from matcher.database import engine_for, sessions_of  # noqa: E402  # the path above comes first
from matcher.models import Counter  # noqa: E402
from matcher.schema import upgrade  # noqa: E402
from tests.databases import KEYRING  # noqa: E402
from tests.house import furnish, settings_of  # noqa: E402
from tests.rows import NOW  # noqa: E402
from tests.web.visits import BASE, Visit  # noqa: E402
from web import create_app  # noqa: E402

PAIRS, RESAMPLES, MOST_SECONDS = 200, 2_000, 0.005
KNOWN = "waiting@example.org"
WRONG = "not the password of anybody"


def main() -> None:
    """Measure every page, and end with 1 where one of them tells something."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/alongside.db"
        engine = engine_for(url, KEYRING)
        upgrade(engine)
        sessions = sessions_of(engine)
        house, told = furnish(sessions), []
        for server in ("", "127.0.0.1"):
            settings = settings_of(Path(folder), url).model_copy(update={"smtp_host": server, "smtp_port": 9})
            app = create_app({"SETTINGS": settings, "CLOCK": lambda: NOW})
            print("without a mail server" if not server else "with a mail server that is down")
            told += [measured(*each, app, house, sessions) for each in asks(house)]
            app.extensions["alongside.sessions"].close()
        engine.dispose()
    sys.exit(not all(told))


def asks(house):
    """What is measured: its name, whose browser, where, the field of the address, and the other fields."""
    group = house.ids["group"]
    yield "sign-in", "", "/sign-in", "address", {"password": WRONG}
    yield "sign-up", "", "/sign-up", "address", {}
    yield "forgotten", "", "/forgotten", "address", {}
    yield "invitation", "", f"/invitations/{house.ids['invitation']}", "address", {"password": "short"}
    yield "new address", "partner", "/settings/address", "address", {}
    yield "a link", "coordinator", f"/desk/{group}/invitations/link", "address", {}
    yield "a list", "coordinator", f"/desk/{group}/invitations/look", "addresses", {}
    yield "a list sent", "coordinator", f"/desk/{group}/invitations/send", "addresses", {}


def measured(name, who, path, field, more, app, house, sessions) -> bool:
    """One page: whether its times are alike."""
    visit = Visit(app, house.tokens[who] if who else "")
    visit.form_token()
    differences = []
    for number in range(PAIRS):
        times = {}
        both = [KNOWN, f"unknown{number}@example.org"]
        random.shuffle(both)
        for address in both:
            with sessions.begin() as session:
                session.query(Counter).delete()
            sent = {"csrf_token": visit.form_token(), field: address} | more
            started = time.perf_counter()
            answer = visit.client.post(path, data=sent, base_url=BASE, headers={"Sec-Fetch-Site": "same-origin"})
            times[address == KNOWN] = time.perf_counter() - started
            assert answer.status_code in (200, 303, 422), (name, answer.status_code)
        differences.append(times[True] - times[False])
    middle = statistics.median(differences)
    resampled = sorted(statistics.median(random.choices(differences, k=PAIRS)) for _ in range(RESAMPLES))
    low, high = resampled[RESAMPLES // 200], resampled[-RESAMPLES // 200]
    alike = low > -MOST_SECONDS and high < MOST_SECONDS
    verdict = "alike" if alike else "TELLS"
    print(f"  {name:12} {middle * 1000:+6.2f} ms  (99 %: {low * 1000:+6.2f} to {high * 1000:+6.2f} ms)  {verdict}")
    return alike


if __name__ == "__main__":
    main()
