"""What a changed profile, or a consent taken back, does to what is open."""

from datetime import datetime

from sqlalchemy.orm import Session

from matcher import people, proposals
from matcher.audit_trail import record
from matcher.errors import WouldCloseError
from matcher.models import Member
from matcher.states import Closing, Consent


def changed(session: Session, member: Member, now: datetime, *, anyway: bool = False) -> None:
    """See to what a change that was just made to this member does; on a refusal the edge rolls the change back.

    A draft takes the newest when it goes out, common times are found anew whenever they are shown, and an open proposal
    stays unless a barrier has come up. Raises WouldCloseError then, the first time, to ask.
    """
    people.lock_around(session, member)
    people.start_waiting(member, now)
    for proposal in proposals.open_to(session, member):
        if proposals.may_still_meet(session, proposal, now):
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
