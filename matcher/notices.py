"""What somebody is told in the product, and about which topics they would like a mail as well, and when."""

from collections.abc import Collection, Sequence
from datetime import datetime, time

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from matcher.errors import ToldError
from matcher.models import Account, Member, Notice
from matcher.pairing.week import QUARTER_MINUTES
from matcher.vocabulary import Topic

KINDS_OF = {
    Topic.PROPOSALS: frozenset({"proposal", "third"}),
    Topic.PAIRINGS: frozenset({"alone", "closed", "unanswered"}),
    Topic.PARTNER: frozenset({"started", "ended", "term_over", "partner_rests", "quiet_stayed"}),
    Topic.RESTS: frozenset({"resting", "rest_over"}),
    Topic.REMINDERS: frozenset({"reminder", "silence", "soft_note"}),
}
"""Which kinds of mail belong to a topic. A kind that is in none, such as a link, cannot be switched off."""
ABOUT_THE_ACCOUNT = frozenset({"password_changed", "second_factor_changed", "address_changed", "erasure_asked"})
"""What goes out whatever somebody has switched off or asked for: it may be the only sign that it was not they."""


def set_mails(
    session: Session,
    member: Member,
    now: datetime,
    *,
    quiet_from: time,
    quiet_until: time,
    mails_off: Collection[str],
) -> None:
    """Say between which hours of one's own clock no mail comes, and of which topics none. Notices are always there.

    Hours are in quarters; equal ones mean that mail may come at any time. ``mails_off`` are words of
    :class:`~matcher.vocabulary.Topic`. What waits already obeys it, too. Raises ToldError.
    """
    for field, hour in (("quiet_from", quiet_from), ("quiet_until", quiet_until)):
        if hour.minute % QUARTER_MINUTES or hour.second or hour.microsecond or hour.tzinfo:
            raise ToldError(field, "Choose a time in quarter-hours, such as 21:00 or 7:45.")
    if set(mails_off) - set(Topic):
        raise ToldError("mails_off", "One of these is no kind of mail that can be switched off. Load the page again.")
    member.quiet_from, member.quiet_until = quiet_from, quiet_until
    member.mails_off = [str(topic) for topic in Topic if topic in mails_off]
    session.flush()


def is_off(mails_off: Collection[str], kind: str) -> bool:
    """Whether somebody who switched these topics off wants no mail of this kind."""
    return any(topic in mails_off and kind in kinds for topic, kinds in KINDS_OF.items())


def unseen(session: Session, account: Account) -> Sequence[Notice]:
    """What an account, and its members, were told and have not seen, the newest first."""
    mine = select(Notice).where(Notice.account_id == account.id, Notice.seen_at.is_(None))
    return session.scalars(mine.order_by(Notice.made_at.desc(), Notice.id.desc())).all()


def mark_seen(session: Session, account: Account, notices: Collection[Notice], now: datetime) -> int:
    """Note that an account has seen these notices, as far as they are its own and new; returns how many."""
    new = (Notice.id.in_([each.id for each in notices]), Notice.account_id == account.id, Notice.seen_at.is_(None))
    return len(session.scalars(update(Notice).where(*new).values(seen_at=now).returning(Notice.id)).all())
