"""Links that are mailed, each for one use, once. The mail's row holds the link's number; its token is made when the
mail is sent and kept nowhere, so no copy of the database opens anything.
"""

from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from matcher import outbox
from matcher.errors import LinkError
from matcher.models import Account, Link
from matcher.states import LinkUse
from matcher.tokens import hash_of, new_token

GOOD_FOR = {
    LinkUse.CONFIRM: timedelta(days=7),
    LinkUse.RESET: timedelta(hours=1),
    LinkUse.CHANGE: timedelta(hours=24),
    LinkUse.TAKE_BACK: timedelta(days=7),
}
"""How long each link works from the moment it is asked for."""
KEPT = timedelta(days=30)
"""How long a link that does not work any more stays a row, with the address it went to."""
_OVER = LinkError(
    "This link does not work any more, or never did: each works once, for a while. Nothing was changed. "
    "Ask for a new one on the page you came from."
)


def send(session: Session, account: Account, use: LinkUse, address: str, now: datetime) -> None:
    """Let a link go out to an address; older ones of the same use die, so that only the newest mail works."""
    session.execute(
        update(Link).where(Link.account_id == account.id, Link.use == use, Link.used_at.is_(None)).values(used_at=now)
    )
    link = Link(
        account=account,
        use=use,
        token_hash=hash_of(new_token()),  # nobody's, until the mail is made
        address=address,
        made_at=now,
        expires_at=now + GOOD_FOR[use],
    )
    session.add(link)
    session.flush()
    outbox.send_link(session, account, link, now)


def is_open(session: Session, account: Account, use: LinkUse, now: datetime) -> bool:
    """Whether a link of this use still works."""
    mine = select(Link.id).where(Link.account_id == account.id, Link.use == use, Link.used_at.is_(None))
    return session.scalar(mine.where(Link.expires_at > now).limit(1)) is not None


def end_all(session: Session, account: Account, now: datetime) -> None:
    """Let every link of an account work no more, as after a new password."""
    session.execute(update(Link).where(Link.account_id == account.id, Link.used_at.is_(None)).values(used_at=now))


def renew(session: Session, link_id: int, now: datetime) -> tuple[str, str] | None:
    """The address a link goes to and a new token for it; None where it would not work any more."""
    link = session.get(Link, link_id)
    if link is None or not _works(link, now):
        return None
    token = new_token()
    link.token_hash = hash_of(token)
    return link.address, token


def look(session: Session, use: LinkUse, token: str, now: datetime) -> Link:
    """The link of a token, if it works for this use. Raises LinkError. Nothing is changed: a page was only opened."""
    link = session.scalar(select(Link).where(Link.token_hash == hash_of(token), Link.use == use))
    if link is None or not _works(link, now):
        raise _OVER
    return link


def take(session: Session, use: LinkUse, token: str, now: datetime) -> Link:
    """Use a link up. Of two at once one wins, since the database changes the row for one alone. Raises LinkError."""
    link = look(session, use, token, now)
    won = update(Link).where(Link.id == link.id, Link.used_at.is_(None)).values(used_at=now).returning(Link.id)
    if session.scalar(won) is None:
        raise _OVER
    return link


def sweep(session: Session, now: datetime) -> int:
    """Delete the links that were used, or ran out, a month ago; returns how many."""
    over = or_(Link.used_at <= now - KEPT, Link.expires_at <= now - KEPT)
    return len(session.scalars(delete(Link).where(over).returning(Link.id)).all())


def _works(link: Link, now: datetime) -> bool:
    return link.used_at is None and now < link.expires_at and link.account.erased_at is None
