"""What a changed profile, or a consent taken back, does to what is open."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy.orm import Session

from matcher import people, proposals
from matcher.audit_trail import record
from matcher.errors import WouldCloseError
from matcher.models import Member
from matcher.states import Closing, Consent


@contextmanager
def changing(session: Session, member: Member, now: datetime, *, anyway: bool = False) -> Iterator[None]:
    """Change this member in the block, and see to what that does; on a refusal the edge rolls the change back.

    A draft takes the newest when it goes out, common times are found anew whenever they are shown, and a proposal stays
    unless this very change keeps its people apart. Raises WouldCloseError then, the first time, to ask. A proposal that
    came to nothing, and of which that is not told yet, is treated the same: a question, or none, tells nobody of a no.
    """
    people.lock_around(session, member)
    shown = proposals.shown_to(session, member)
    fitted = [proposal for proposal in shown if proposals.by_profiles(session, proposal, now)]
    yield
    session.flush()
    people.start_waiting(member, now)
    if all(proposals.by_profiles(session, proposal, now) for proposal in fitted):
        proposals.explain_again(session, member, now)
    elif anyway:
        proposals.close_for(session, member, Closing.CHANGED, now)
    else:
        raise WouldCloseError("This would close the open proposal. Save anyway?", member)


def withdraw(session: Session, member: Member, consent: Consent, now: datetime) -> None:
    """Take a consent back. Experiences leave every reason built on them; without a yes to pairing a proposal closes."""
    people.lock_around(session, member)
    for given in member.consents:
        if given.consent is consent:
            given.withdrawn_at = given.withdrawn_at or now
    session.flush()
    if member.missing():
        member.waiting_since = None
        proposals.close_for(session, member, Closing.CHANGED, now)
    if consent is Consent.EXPERIENCES:
        proposals.forget_experiences(session, member, now)
    record(session, now, "member", "consent withdrawn", member, member.group, consent=consent)
