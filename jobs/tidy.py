"""`alongside tidy`: forget who asked for it a week ago, or never came in at all, and delete what is over.

Safe to run at any time and twice at once: each account is forgotten in a transaction of its own, in which it is looked
at again under lock, and what is deleted cannot be deleted twice.
"""

from collections import Counter
from datetime import UTC, datetime

import click
import structlog
from sqlalchemy.orm import Session, sessionmaker

from matcher import counters, farewell, invitations, links, sign_ins
from matcher.database import closing_engine, sessions_of
from matcher.errors import StateError
from matcher.schema import open_database
from matcher.settings import read_settings
from matcher.wording import counted

FORGOTTEN, PUT_OFF, FAILED, LEFT_ALONE = "forgotten", "put off", "failed", "left alone"


@click.command()
def tidy() -> None:
    """Forget who asked for it a week ago, or never came in, and delete sign-ins, links, invitations and tries of old.

    The exit code is 1 where an account could not be forgotten.
    """
    with closing_engine(open_database(read_settings())) as engine:
        became, deleted = put_in_order(sessions_of(engine), datetime.now(UTC))
    click.echo(in_words(became, deleted))
    if became[FAILED]:
        raise SystemExit(1)


def put_in_order(sessions: sessionmaker[Session], now: datetime) -> tuple[Counter[str], int]:
    """Do it; gives what became of the accounts whose week is over, by word, and how many rows were deleted."""
    with sessions.begin() as session:
        due = farewell.due(session, now)
    became = Counter(_forget(sessions, account_id, now) for account_id in due)
    with sessions.begin() as session:
        deleted = sum(each.sweep(session, now) for each in (sign_ins, links, invitations, counters))
    return became, deleted


def in_words(became: Counter[str], deleted: int) -> str:
    """What was done, as a person reads it."""
    sentences = [f"{counted(became[FORGOTTEN], 'account')} forgotten.", f"{counted(deleted, 'old row')} deleted."]
    if became[PUT_OFF]:
        last = "the last coordinator of a group; it is tried again tomorrow"
        sentences.append(f"{counted(became[PUT_OFF], 'account')} put off, being {last}.")
    if became[FAILED]:
        sentences.append(f"{counted(became[FAILED], 'account')} could not be forgotten: the log says why.")
    return " ".join(sentences)


def _forget(sessions: sessionmaker[Session], account_id: int, now: datetime) -> str:
    """Whatever happens to one account, the others are forgotten."""
    try:
        with sessions.begin() as session:
            return FORGOTTEN if farewell.forget(session, account_id, now) else LEFT_ALONE
    except StateError:
        with sessions.begin() as session:
            return PUT_OFF if farewell.put_off(session, account_id, now) else LEFT_ALONE
    except Exception:
        structlog.get_logger().exception("erasure failed", account=account_id)
        return FAILED
