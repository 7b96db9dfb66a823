"""I11: who was erased is gone."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.models import Account, Experience, Goal, Member

_GONE = (Member.name, Member.windows, Member.wishes, Member.preferences, Member.about_me)
_WITHOUT_A_NAME = "former member"
_GOALS_GONE = (Goal.words, Goal.tag, Goal.if_this, Goal.then_that)


def erased_for_good(session: Session, now: datetime) -> Iterator[str]:
    """I11. An erased account has no address; its members no name of their own, nothing to pair them by, no words."""
    erased = Account.erased_at.is_not(None)
    for account in session.scalars(select(Account.public_id).where(erased, Account.address.is_not(None))):
        yield f"The erased account {account} has an address."
    members = select(Member.public_id, *_GONE).join_from(Member, Account).where(erased)
    goals = select(Member.public_id, *_GOALS_GONE).join_from(Member, Account).join(Goal).where(erased)
    for member, *kept in [*session.execute(members), *session.execute(goals)]:
        if any(each for each in kept if each != _WITHOUT_A_NAME):
            yield f"The erased member {member} has a name, hours, wishes, or words of their own."
    lived = select(Member.public_id).distinct().join_from(Member, Account).join(Experience).where(erased)
    for member in session.scalars(lived):
        yield f"The erased member {member} has experiences."
