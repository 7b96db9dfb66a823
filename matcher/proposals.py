"""Proposals: answers, quiet closings that are told at one moment, and what becomes of them."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher import outbox, partnerships, people
from matcher.audit_trail import name_of, record
from matcher.errors import StateError
from matcher.meeting import explained, explained_by_profiles, policy_of
from matcher.models import Account, Answer, Group, Member, PairingRun, Proposal
from matcher.pairing import Partnership as Explained
from matcher.pairing import Policy
from matcher.pairing.compatibility import tells_what_was_lived
from matcher.states import Closing, ProposalState
from matcher.vocabulary import Term
from matcher.zones import zone_of

LAST_MOMENT = time(23, 59, 59)
REMINDED_BEFORE = timedelta(hours=36)
SILENCES_BEFORE_A_REST = 2
_OF_EXPERIENCES = {Term.EXPERIENCE.value, Term.STAGE.value}


def open_up(session: Session, proposal: Proposal, now: datetime) -> None:
    """Let a draft go out: everybody in it is asked, and newcomers are free for nobody else until it is over."""
    proposal.open(now)
    for answer in proposal.answers:
        member = answer.member
        answer.answer_by = _last_moment(member, now, proposal.run.group.answer_days)
        asked_about_a_third = proposal.partnership_id and not answer.joins
        if not asked_about_a_third:
            people.give_place(session, member, proposal=proposal)
        kind = "third" if asked_about_a_third else "proposal"
        outbox.tell(session, member, kind, key_of(proposal), now, {"answer_by": answer.answer_by.isoformat()})
    record(session, now, "the night", "proposal opened", proposal, proposal.run.group)


def answer(session: Session, proposal: Proposal, member: Member, yes: bool, now: datetime, reason: str = "") -> None:
    """Answer for one member. Nobody sees it before all have said yes; a no leaves the others' pages as they were.

    Raises StateError when it is too late, or when something else was answered before. The same answer twice is one.
    """
    people.lock_around(session, member)
    own = next((each for each in proposal.answers if each.member_id == member.id), None)
    if own is None or proposal.opened_at is None or own.withdrew:
        raise StateError("There is no proposal here for you to answer.", proposal)
    if own.yes is yes:
        return
    if own.yes is not None:
        raise StateError("You have answered already. A coordinator can help if it was a slip.", proposal)
    if proposal.told_at or own.answer_by is None or now > own.answer_by:
        raise StateError("The time to answer this proposal is over. You are in the next pairing.", proposal)
    own.yes, own.answered_at, own.reason = yes, now, reason
    outbox.drop(session, now, "the member has answered", to=member, about=key_of(proposal))
    people.sign_of_life(session, member, now)
    if proposal.state is ProposalState.OPEN:
        _settle(session, proposal, now)


def close(session: Session, proposal: Proposal, closing: Closing, now: datetime, by: str = "members") -> None:
    """Let a proposal come to nothing, silently: nobody is told before the time to answer is over."""
    proposal.close(closing, now)
    record(session, now, by, "proposal closed", proposal, proposal.run.group)


def drop(proposal: Proposal, closing: Closing, now: datetime) -> None:
    """Let go of a draft of which nobody was told; its people may be in another draft of the same night."""
    if proposal.state is ProposalState.DRAFT:
        proposal.close(closing, now)
        proposal.reasons, proposal.points_by_term = [], {}
        for each in proposal.answers:
            each.dropped = True


def close_for(session: Session, member: Member, closing: Closing, now: datetime) -> None:
    """Close what is open to this member because of something they did; they are told nothing more of it."""
    for proposal in shown_to(session, member):
        for each in proposal.answers:
            each.withdrew = each.withdrew or each.member_id == member.id
        outbox.drop(session, now, "the proposal is over", to=member, about=key_of(proposal))
        if proposal.state is ProposalState.OPEN:
            close(session, proposal, closing, now)


def close_by_coordinator(session: Session, proposal: Proposal, coordinator: Account, now: datetime) -> None:
    """Close an open proposal as a coordinator; its members hear of it as of any other. Raises StateError if over."""
    people.lock_around(session, *(each.member for each in proposal.answers))
    if proposal.state is not ProposalState.OPEN:
        raise StateError("This proposal is not open, so there is nothing to close. Look at the group again.", proposal)
    close(session, proposal, Closing.COORDINATOR, now, by=name_of(coordinator))


def shown_to(session: Session, member: Member) -> list[Proposal]:
    """The proposals that are open as far as this member can see; another's no may have closed them, and nothing shows.

    Who said no themselves has none: they are out of it, and the other two of three may go on.
    """
    mine = (
        select(Proposal)
        .join(Answer)
        .where(
            Answer.member_id == member.id,
            Answer.yes.is_not(False),
            ~Answer.withdrew,
            Proposal.opened_at.is_not(None),
            Proposal.told_at.is_(None),
            Proposal.state != ProposalState.ACCEPTED,
        )
    )
    return list(session.scalars(mine))


def lapse(session: Session, group: Group, now: datetime) -> None:
    """Close every proposal whose last answer is overdue. Two yeses out of three become a pair."""
    for proposal in _open_in(session, group):
        if _time_is_over(proposal, now):
            _settle(session, proposal, now, overdue=True)


def remind(session: Session, group: Group, now: datetime) -> None:
    """Remind once, in the last day and a half; also where a no has closed it, so that nothing shows."""
    for proposal in _untold(session, group):
        for each in proposal.answers:
            still_open = each.answer_by and now < each.answer_by <= now + REMINDED_BEFORE
            if each.yes is None and not each.withdrew and still_open and not each.member.left_at:
                values = {"answer_by": each.answer_by.isoformat()} if each.answer_by else {}
                outbox.tell(session, each.member, "reminder", key_of(proposal), now, values)


def tell_closings(session: Session, group: Group, night: date, now: datetime) -> None:
    """On a pairing night: tell all whose proposal came to nothing, at one moment, in the same words, and free them.

    Not before the time to answer is over for all of them: a silence shows only then, so whatever was told earlier
    would be known for a no.
    """
    for proposal in _untold(session, group):
        if not _time_is_over(proposal, now):
            continue
        for each in proposal.answers:
            _tell_closing(session, proposal, each, night, now)
        proposal.told_at = now


def explain_again(session: Session, member: Member, now: datetime) -> None:
    """Say anew why, in what is shown to this member: reasons built on what they took back vanish."""
    for proposal in shown_to(session, member):
        if found := by_profiles(session, proposal, now):
            write_reasons(proposal, found)


def forget_experiences(session: Session, member: Member, now: datetime) -> None:
    """Let everything vanish that rests on what this member has lived, in drafts and in all they were ever asked.

    Not looked for by the words they told: some of these may be gone or hidden by now.
    """
    for proposal in session.scalars(select(Proposal).join(Answer).where(Answer.member_id == member.id)):
        proposal.reasons = [reason for reason in proposal.reasons if not tells_what_was_lived(reason)]
        terms = {term: 0 if term in _OF_EXPERIENCES else points for term, points in proposal.points_by_term.items()}
        proposal.points_by_term, proposal.points = terms, sum(terms.values())
    explain_again(session, member, now)


def by_profiles(session: Session, proposal: Proposal, now: datetime) -> Explained | None:
    """The people of a proposal as partners, by what each has told until now; None where that keeps them apart.

    Nothing else counts: whether somebody said no, rests, left or blocked meanwhile must not show in it.
    """
    joining = next((each.member.public_id for each in proposal.answers if each.joins), "")
    members = [each.member for each in proposal.answers]
    return explained_by_profiles(session, *_as_of(session, proposal, now), members, joining)


def key_of(proposal: Proposal) -> str:
    """What every message about a proposal begins its key with; a member is in one proposal a night."""
    return f"night:{proposal.run.group.public_id}:{proposal.run.night}"


def write(session: Session, run: PairingRun, found: Explained, members: dict[str, Member]) -> Proposal:
    """Write a draft of a night; ``members`` are found by their public ids."""
    hosts = [members[id_] for id_ in found.ids if id_ != found.joined_by]
    partnership = partnerships.active_partner(session, hosts[0]) if found.joined_by else None
    proposal = Proposal(run=run, partnership=partnership.partnership if partnership else None)
    write_reasons(proposal, found)
    for id_ in found.ids:
        proposal.answers.append(Answer(run_id=run.id, member=members[id_], joins=id_ == found.joined_by))
    session.add(proposal)
    return proposal


def write_reasons(proposal: Proposal, found: Explained) -> None:
    """Write why, as it was found now."""
    proposal.points = found.points
    proposal.points_by_term = {term.value: points for term, points in found.terms.items()}
    proposal.overlap_minutes = found.overlap_minutes
    proposal.reasons = list(found.reasons)


def _settle(session: Session, proposal: Proposal, now: datetime, *, overdue: bool = False) -> None:
    """Accept or close as soon as nothing can change it any more, at the latest when it is overdue."""
    said = [each.yes for each in proposal.answers]
    outcome = [each.member for each in proposal.answers if each.yes]
    closing = Closing.UNANSWERED if overdue and None in said else Closing.DECLINED
    if all(said):
        _accept(session, proposal, outcome, now)
    elif _is_lost(proposal) or (overdue and len(outcome) < 2):
        close(session, proposal, closing, now)
    elif overdue or None not in said:
        _go_on_as_two(session, proposal, outcome, closing, now)


def _time_is_over(proposal: Proposal, now: datetime) -> bool:
    return not any(each.answer_by and each.answer_by >= now for each in proposal.answers)


def _is_lost(proposal: Proposal) -> bool:
    """Whether nobody can become partners any more: two of three may, unless they are partners already."""
    noes = sum(each.yes is False for each in proposal.answers)
    return noes > 0 if proposal.partnership_id else len(proposal.answers) - noes < 2


def _accept(session: Session, proposal: Proposal, members: list[Member], now: datetime) -> None:
    group = proposal.run.group
    proposal.accept(now)
    if len(members) == len(proposal.answers):
        proposal.told_at = now
    record(session, now, "members", "proposal accepted", proposal, group)
    if proposal.partnership:
        newcomer = next(each.member for each in proposal.answers if each.joins)
        partnerships.join(session, proposal.partnership, newcomer, now)
    else:
        term_weeks = policy_of(session, group, proposal.run.policy_version).term_weeks
        partnerships.begin(session, group, members, term_weeks, now)


def _go_on_as_two(session: Session, proposal: Proposal, two: list[Member], otherwise: Closing, now: datetime) -> None:
    if not proposal.partnership_id and explained(session, *_as_of(session, proposal, now), two):
        _accept(session, proposal, two, now)
    else:
        close(session, proposal, otherwise, now)


def _as_of(session: Session, proposal: Proposal, now: datetime) -> tuple[Group, Policy, date]:
    group = proposal.run.group
    on = now.astimezone(ZoneInfo(group.zone)).date()
    return group, policy_of(session, group, proposal.run.policy_version), on


def _tell_closing(session: Session, proposal: Proposal, each: Answer, night: date, now: datetime) -> None:
    member = each.member
    if proposal.partnership_id and not each.joins:
        if not each.withdrew:
            outbox.tell(session, member, "no_third", key_of(proposal), now, mail=False)
        return
    if member.place is None or member.place.proposal_id != proposal.id:
        return  # two of the three became partners, or this one has left
    people.take_place(session, member)
    people.start_waiting(member, now)
    if each.answered_at:
        member.unanswered_in_a_row = 0
    if each.yes is None and not each.withdrew and not people.rests_at(member, now):
        _tell_silent(session, proposal, member, night, now)
    elif each.yes and not each.withdrew:
        member.goes_first = True
        outbox.tell(session, member, "closed", key_of(proposal), now, {"next_pairing": night.isoformat()})


def _tell_silent(session: Session, proposal: Proposal, member: Member, night: date, now: datetime) -> None:
    """Waiting starts anew; who did not answer twice in a row rests until they say "I am here again"."""
    member.unanswered_in_a_row += 1
    member.waiting_since, member.goes_first = night, False
    if member.unanswered_in_a_row < SILENCES_BEFORE_A_REST:
        outbox.tell(session, member, "unanswered", key_of(proposal), now, {"next_pairing": night.isoformat()})
    else:
        people.rest_until_back(session, member, now)


def _open_in(session: Session, group: Group) -> Iterable[Proposal]:
    return [each for each in _untold(session, group) if each.state is ProposalState.OPEN]


def _untold(session: Session, group: Group) -> list[Proposal]:
    """Everything that went out and whose end nobody was told."""
    found = select(Proposal).join(PairingRun).where(PairingRun.group_id == group.id)
    return list(
        session.scalars(found.where(Proposal.opened_at.is_not(None), Proposal.told_at.is_(None)).order_by(Proposal.id))
    )


def _last_moment(member: Member, now: datetime, days: int) -> datetime:
    """The end of the day so many days after today, on the member's own clock."""
    return datetime.combine(people.today_of(member, now) + timedelta(days=days), LAST_MOMENT, zone_of(member.zone))
