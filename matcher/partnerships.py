"""Partnerships: they begin, a third joins, somebody rests or goes, the term ends."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher import nights, outbox, people
from matcher.audit_trail import name_of, record
from matcher.errors import StateError
from matcher.models import Account, Answer, Group, Member, Partner, Partnership, Proposal
from matcher.states import Closing, Ending, PartnershipState, ProposalState
from matcher.weeks import first_week

GRACE = timedelta(weeks=2)
"""How long a partnership goes on after its term while nobody has said what they would like."""


def begin(session: Session, group: Group, members: Sequence[Member], term_weeks: int, now: datetime) -> Partnership:
    """Make partners of members who all said yes; they leave their proposal for it."""
    week = first_week(now.astimezone(ZoneInfo(group.zone)).date())
    partnership = Partnership(
        group_id=group.id, started_at=now, first_week=week, term_ends_on=week + timedelta(weeks=term_weeks)
    )
    session.add(partnership)
    record(session, now, "members", "partnership begun", partnership, group)
    for member in members:
        _seat(session, partnership, member, now)
    return partnership


def join(session: Session, partnership: Partnership, member: Member, now: datetime) -> None:
    """Let a newcomer join an open pair after all three said yes."""
    if not partnership.is_open_pair:
        raise StateError("This pair is not open to a third any more.", partnership)
    for partner in partnership.present:
        partner.welcomes_third = False
        outbox.tell(session, partner.member, "third_joined", _key_of_part(partnership, member, now), now, mail=False)
    _seat(session, partnership, member, now)
    record(session, now, "members", "third joined", partnership, partnership.group)


def active_partner(session: Session, member: Member) -> Partner | None:
    """The member's part in the partnership that is on."""
    return session.scalar(
        select(Partner)
        .join(Partnership)
        .where(Partner.member_id == member.id, Partner.left_at.is_(None))
        .where(Partnership.state == PartnershipState.ACTIVE)
    )


def is_paused(partnership: Partnership, now: datetime) -> bool:
    """Whether fewer than two partners are active, because the others rest."""
    return sum(not people.rests_at(partner.member, now) for partner in partnership.present) < 2


def part(session: Session, member: Member, how: Ending, now: datetime) -> None:
    """One partner goes: a pair ends for both, of three the other two stay partners. Does nothing without a partner."""
    own = active_partner(session, member)
    if own is None:
        return
    partnership = own.partnership
    if len(partnership.present) == 2:
        end(session, partnership, how, now, by=member)
        return
    _unseat(session, own, how, now)
    outbox.drop(session, now, "the member is no partner any more", to=member, about=key_of(partnership))
    record(session, now, "member", "partner left", partnership, partnership.group)
    for partner in partnership.present:
        outbox.tell(session, partner.member, "two_go_on", _key_of_part(partnership, member, now), now, mail=False)


def end_alone(session: Session, member: Member, now: datetime) -> None:
    """Part kindly, by oneself; of three the other two stay. Raises StateError where there is no partner.

    Who was left behind by a partner's rest or silence goes first in the next pairing, though it was they who ended it.
    """
    people.lock_around(session, member)
    own = _own(session, member)
    if is_paused(own.partnership, now) and not people.rests_at(member, now):
        member.goes_first = True
    part(session, member, Ending.ALONE, now)


def end_together(session: Session, member: Member, now: datetime) -> None:
    """End a partnership because all of its partners wish to. Raises StateError where there is none."""
    people.lock_around(session, member)
    end(session, _own(session, member).partnership, Ending.TOGETHER, now)


def end_by_coordinator(session: Session, partnership: Partnership, coordinator: Account, now: datetime) -> None:
    """End a partnership because of a death or an illness: nobody gets a text but the coordinator's own.

    All of them rest without an end, so that nobody is proposed or written to who may be dead or mourn: until they say
    "I am here again", or the coordinator says who is there. Raises StateError if it is over.
    """
    people.lock_around(session, *(partner.member for partner in partnership.present))
    members, actor = [partner.member for partner in partnership.present], name_of(coordinator)
    end(session, partnership, Ending.COORDINATOR, now, actor=actor)
    for member in members:
        people.begin_rest(session, member, now, None, by=actor)
        outbox.drop(session, now, "a coordinator ended the partnership", to=member)


def end(
    session: Session,
    partnership: Partnership,
    how: Ending,
    now: datetime,
    by: Member | None = None,
    actor: str = "members",
) -> None:
    """End a partnership for all. The words are the same for everybody; who ended it, and a death, get none.

    Who did not end it goes first when they are in a pairing again. Mails about it that have not gone out die.
    """
    there = partnership.present
    partnership.end(how, now)
    _ask_no_third(session, partnership, now)
    outbox.drop(session, now, "the partnership has ended", about=key_of(partnership))
    for partner in there:
        _unseat(session, partner, how, now)
        if partner.member is not by and how is not Ending.COORDINATOR:
            partner.member.goes_first = True
            _tell_end(session, partnership, partner.member, how, now)
    if how is Ending.COORDINATOR:
        partnership.automatic_texts_stopped_at = now
    record(session, now, actor, "partnership ended", partnership, partnership.group)


def welcome_third(session: Session, member: Member, now: datetime, *, welcome: bool = True) -> None:
    """Say, for oneself, that a third would be welcome; the pair is open once both have said so.

    Also while the other rests: it may be said at once, and the pair is asked with a newcomer once both are there, since
    all three must say yes.
    """
    people.lock_around(session, member)
    own = active_partner(session, member)
    if own is None or len(own.partnership.present) != 2:
        raise StateError("Only two partners can be open to a third. Look at the partnership you are in.", member)
    own.welcomes_third = welcome
    if not welcome:
        _ask_no_third(session, own.partnership, now)
    record(session, now, "member", "third considered", own.partnership, member.group)  # never who welcomes one


def tell_rest(session: Session, member: Member, now: datetime, *, quiet: bool = False) -> None:
    """Tell the partners that one of them is taking a rest; who is alone by another's ``quiet`` did their part.

    Who was quiet, too, rests and is told nothing of the other.
    """
    own = active_partner(session, member)
    if own is None or member.resting_from is None:
        return
    stays_alone = quiet and is_paused(own.partnership, now)
    for partner in own.partnership.present:
        if partner is own or (quiet and people.rests_at(partner.member, now)):
            continue
        if stays_alone:
            key = _key_of_quiet(own.partnership, member.resting_from)
            outbox.tell(session, partner.member, "quiet_stayed", key, now, _next_pairing(own.partnership, now))
        else:
            outbox.tell(session, partner.member, "partner_rests", _key_of_rest(own, member.resting_from), now)


def take_back_rest(session: Session, member: Member, began: date, now: datetime) -> None:
    """Let nobody read of a rest that is over before its mail has gone out."""
    own = active_partner(session, member)
    if own:
        for key in (_key_of_rest(own, began), _key_of_quiet(own.partnership, began)):
            outbox.drop(session, now, "the partner is here again", about=key)


def after_rest(session: Session, member: Member, rested: timedelta, now: datetime) -> None:
    """Give back to a pair the days it was paused because one of them rested; three go on while one rests.

    Silence counts anew from here, for whom it was stopped: otherwise the first night would find it as long as before.
    Who else comes back tonight has a rest that is not ended yet, and counts as away until then.
    """
    own = active_partner(session, member)
    if own is None:
        return
    own.last_sign_at = now
    others = [partner for partner in own.partnership.present if partner is not own]
    if sum(partner.member.resting_from is None for partner in others) < 2:
        for partner in others:
            partner.last_sign_at = now
    if len(others) == 1:
        own.partnership.term_ends_on += rested - _also_rested(others[0].member, people.today_of(member, now), rested)


def end_terms(session: Session, group: Group, night: date, now: datetime) -> None:
    """End what nobody wished to go on with, two weeks after its term; its people rest until they are back."""
    over = select(Partnership).where(
        Partnership.group_id == group.id,
        Partnership.state == PartnershipState.ACTIVE,
        Partnership.term_ends_on <= night - GRACE,
    )
    for partnership in session.scalars(over.order_by(Partnership.id)):
        if not is_paused(partnership, now):
            members = [partner.member for partner in partnership.present]
            end(session, partnership, Ending.TERM, now)
            for member in members:
                if not people.rests_at(member, now):
                    people.begin_rest(session, member, now, None, by="the night")


def _own(session: Session, member: Member) -> Partner:
    own = active_partner(session, member)
    if own is None:
        raise StateError("You have no partner at the moment, so there is nothing to end.", member)
    return own


def _also_rested(other: Member, today: date, rested: timedelta) -> timedelta:
    """How much of a rest that ends today the other rested through, too: it is given back when their own is ended."""
    if other.resting_from is None:
        return timedelta(0)
    until = min(today, other.resting_until or today)
    return max(timedelta(0), min(rested, until - other.resting_from))


def key_of(partnership: Partnership) -> str:
    """What every message about a partnership begins its key with."""
    return f"partnership:{partnership.public_id}"


def _key_of_part(partnership: Partnership, member: Member, now: datetime) -> str:
    """About one who joins or leaves; in the same partnership that may happen again, to another or to the same."""
    return f"{key_of(partnership)}:{member.public_id}:{now.isoformat()}"


def _key_of_rest(own: Partner, began: date) -> str:
    return f"{key_of(own.partnership)}:{own.member.public_id}:{began}"


def _key_of_quiet(partnership: Partnership, began: date) -> str:
    return f"{key_of(partnership)}:quiet since:{began}"


def _seat(session: Session, partnership: Partnership, member: Member, now: datetime) -> None:
    people.take_place(session, member)
    people.give_place(session, member, partnership=partnership)
    partnership.partners.append(Partner(member=member, joined_at=now, last_sign_at=now))
    member.waiting_since = None
    member.goes_first = False
    member.unanswered_in_a_row = 0
    session.flush()
    outbox.tell(session, member, "started", _key_of_part(partnership, member, now), now)


def _unseat(session: Session, partner: Partner, how: Ending, now: datetime) -> None:
    partner.left_at, partner.left_by = now, how
    people.take_place(session, partner.member)
    people.start_waiting(partner.member, now)


def _ask_no_third(session: Session, partnership: Partnership, now: datetime) -> None:
    """Take the question about a third back: the partners hear no more of it, who was to join when closings are told."""
    asked = select(Proposal).where(Proposal.partnership_id == partnership.id, Proposal.state == ProposalState.OPEN)
    for proposal in session.scalars(asked):
        proposal.close(Closing.CHANGED, now)
        record(session, now, "members", "proposal closed", proposal, partnership.group)
    untold = select(Answer).join(Proposal).where(Proposal.partnership_id == partnership.id, Proposal.told_at.is_(None))
    for answer in session.scalars(untold.where(~Answer.joins, Proposal.opened_at.is_not(None))):
        answer.withdrew = True
        outbox.drop(session, now, "no third is asked for", to=answer.member, kinds=("third", "reminder"))


def _tell_end(session: Session, partnership: Partnership, member: Member, how: Ending, now: datetime) -> None:
    """That a term is over is no secret, and who is told so rests by it; of any other end all read the same."""
    if how is Ending.TERM:
        outbox.tell(session, member, "term_over", key_of(partnership), now)
    else:
        outbox.tell(session, member, "ended", key_of(partnership), now, _next_pairing(partnership, now))


def _next_pairing(partnership: Partnership, now: datetime) -> dict[str, str | None]:
    night = nights.next_pairing_night(partnership.group, nights.night_at(partnership.group, now))
    return {"next_pairing": night.isoformat() if night else None}
