"""I3: nobody is proposed to somebody from their past before its time."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from matcher.invariants.rows import new_pairs, proposals, tables, word
from matcher.models import Account, Answer, PairingRun, Partner, Partnership, PolicyVersion, Proposal, Request
from matcher.states import Closing, Ending, ProposalState

RECENT_PARTNERS_WEEKS, UNANSWERED_DAYS, POINTS_OF_A_REQUEST = 26, 28, 40
"""What holds in a group that has written no policy; said again here, because this distrusts the policy's reader."""
Rules = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Past:
    """Something two members have behind them, when it was over, and the rule that says how long it bars them.

    ``rule`` is a field of the policy and ``unit`` what its number counts; without a rule it bars them for good.
    ``proposal`` is the public id of the one that came to nothing, which is not its own past.
    """

    what: str
    over_at: datetime
    rule: str = ""
    unit: timedelta = timedelta(0)
    default: int = 0
    even_if_both_ask: bool = False
    proposal: str = ""

    def bars(self, rules: Rules, at: datetime) -> bool:
        """Whether it still counted at a moment, give or take a day, as nights count in dates of their own zone."""
        if self.over_at > at:
            return False
        number = rules.get(self.rule, self.default) if self.rule else None
        return number in (None, "for ever") or at - self.over_at < number * self.unit - timedelta(days=1)


def pairs_new(session: Session, now: datetime) -> Iterator[str]:
    """I3. No proposal of two who declined, did not answer or left each other, while the policy bars it.

    Judged by what was so when the night gathered. Partners who both asked for each other may meet again; as a request
    can be taken back later, the points that a proposal of the past has for two of them stand for the requests. Three
    have the points of their weakest pair alone, so theirs tell nothing; nor do those of somebody who was forgotten.
    """
    pasts = _pasts(session)
    asked = {tuple(two) for two in session.execute(select(Request.member_id, Request.asked_id))}
    erased = set(session.scalars(select(Account.id).where(Account.erased_at.is_not(None))))
    nights = _nights(session)
    for public_id, seats in tables(session, proposals()):
        gathered_at, rules, is_over, points = nights[public_id]
        may_have_asked = is_over and (len(seats) == 3 or points >= _points_of_two_requests(rules))
        for one, other in new_pairs(seats):
            both_ask = {(one.member_id, other.member_id), (other.member_id, one.member_id)} <= asked
            forgotten = is_over and not erased.isdisjoint((one.account_id, other.account_id))
            for past in pasts[frozenset((one.member_id, other.member_id))]:
                excused = forgotten or ((both_ask or may_have_asked) and not past.even_if_both_ask)
                if past.proposal != public_id and past.bars(rules, gathered_at) and not excused:
                    yield f"The proposal {public_id} has {one.member} and {other.member}, who {past.what} before."


def _points_of_two_requests(rules: Rules) -> int:
    """What two who ask for each other have for it; as much as one request where the policy gives no more for two."""
    weight = {"each": POINTS_OF_A_REQUEST, "at_most": 2 * POINTS_OF_A_REQUEST}
    weight |= rules.get("weights", {}).get("request", {})
    return min(2 * weight["each"], weight["at_most"])


def _nights(session: Session) -> dict[str, tuple[datetime, Rules, bool, int]]:
    """By proposal: when its night gathered, the rules of that night, whether it is over, its points for requests."""
    version = and_(PolicyVersion.group_id == PairingRun.group_id, PolicyVersion.version == PairingRun.policy_version)
    found = (
        select(
            Proposal.public_id,
            word(Proposal.state),
            Proposal.points_by_term,
            PairingRun.gathered_at,
            PolicyVersion.rules,
        )
        .join_from(Proposal, PairingRun)
        .outerjoin(PolicyVersion, version)
    )
    over = {ProposalState.ACCEPTED, ProposalState.CLOSED}
    return {
        public_id: (gathered_at, rules or {}, state in over, points.get("request", 0))
        for public_id, state, points, gathered_at, rules in session.execute(found)
    }


def _pasts(session: Session) -> dict[frozenset[int], list[Past]]:
    pasts = defaultdict(list)
    for two, past in (*_answers(session), *_partnerships(session)):
        pasts[two].append(past)
    return pasts


def _answers(session: Session) -> Iterator[tuple[frozenset[int], Past]]:
    """Whoever said no, or nothing, and each of the others who were asked with them."""
    silent, other = aliased(Answer), aliased(Answer)
    is_new = or_(Proposal.partnership_id.is_(None), silent.joins, other.joins)
    ran_out = or_(Proposal.closing == Closing.UNANSWERED, Proposal.state == ProposalState.ACCEPTED)
    said_nothing = and_(silent.yes.is_(None), ran_out, Proposal.opened_at.is_not(None))
    over_at = func.coalesce(silent.answered_at, Proposal.closed_at)
    found = (
        select(Proposal.public_id, silent.member_id, other.member_id, silent.yes, over_at)
        .join_from(Proposal, silent)
        .join(other, and_(other.proposal_id == Proposal.id, other.member_id != silent.member_id))
        .where(Proposal.closed_at.is_not(None), ~silent.dropped, ~other.dropped, is_new)
        .where(or_(~silent.yes, said_nothing))
    )
    for proposal, one, two, yes, at in session.execute(found):
        if yes is False:
            past = Past("declined", at, even_if_both_ask=True, proposal=proposal)
        else:
            days = ("unanswered_days", timedelta(days=1), UNANSWERED_DAYS)
            past = Past("did not answer", at, *days, even_if_both_ask=True, proposal=proposal)
        yield frozenset((one, two)), past


def _partnerships(session: Session) -> Iterator[tuple[frozenset[int], Past]]:
    """Partners until one of them left or all of it ended, whichever came first, and how."""
    one, other = aliased(Partner), aliased(Partner)
    found = (
        select(one, other, Partnership.ended_at, word(Partnership.ending))
        .join_from(Partnership, one)
        .join(other, and_(other.partnership_id == Partnership.id, one.member_id < other.member_id))
    )
    for first, second, ended_at, ending in session.execute(found):
        ends = [(first.left_at, first.left_by), (second.left_at, second.left_by), (ended_at, ending)]
        over = [(at, order, how) for order, (at, how) in enumerate(ends) if at]
        over_at, _, how = min(over, default=(None, 0, None))
        if how == Ending.BLOCKED and over_at != ended_at:
            how = Ending.ALONE  # one of three; whom they blocked is barred by the block, which is I2's to see
        if over_at and over_at > max(first.joined_at, second.joined_at):
            yield frozenset((first.member_id, second.member_id)), _past_partners(over_at, how)


def _past_partners(over_at: datetime, how: str | None) -> Past:
    if how in (Ending.BLOCKED, Ending.SAFETY):
        return Past("were partners until it was not safe", over_at, even_if_both_ask=True)
    if how in (Ending.ALONE, Ending.LEFT):
        return Past("were partners until one ended it", over_at)
    return Past("were partners", over_at, "recent_partners_weeks", timedelta(weeks=1), RECENT_PARTNERS_WEEKS)
