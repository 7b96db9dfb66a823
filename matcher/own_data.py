"""A copy of everything that an account has told us and that its own pages show: what the law calls one's own data."""

from datetime import date, datetime, time
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from matcher import own_past, sign_ins
from matcher.models import Account, Coordinator, Goal, Group, Link, Member, RecoveryCode
from matcher.sealing import Unreadable

CANNOT_BE_READ = "cannot be read"
"""What stands for a sealed value that was changed since it was sealed."""
_DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MINUTES_A_DAY = 24 * 60


def own_data(session: Session, account: Account, now: datetime) -> dict[str, Any]:
    """Everything of one account, as values that JSON can hold; days and moments in ISO form, moments in UTC.

    Of others it holds what this account may read today: chosen names, and nothing of who has left. No secret, no
    reason of a closing or an ending, nobody else's answer. A value that cannot be read says so and stops nothing.
    """
    mine = select(Member).where(Member.account_id == account.id).order_by(Member.id)
    members = session.scalars(mine.options(selectinload(Member.goals), selectinload(Member.experiences)))
    found: dict[str, Any] = _plain(
        {
            "as_of": now,
            "account": _account(session, account),
            "signed_in": _signed_in(session, account),
            "links": _links(session, account),
            "blocks": own_past.blocks_of(session, account),
            "notices": own_past.notices_of(session, account, None),
            "acts": own_past.acts_of(session, account),
            "memberships": [_membership(session, member) for member in members],
        }
    )
    return found


def _account(session: Session, account: Account) -> dict[str, Any]:
    looked_after = select(Group.name).join(Coordinator).where(Coordinator.account_id == account.id)
    codes = select(func.count(RecoveryCode.id)).where(RecoveryCode.account_id == account.id)
    return {
        "address": account.address,
        "claimed_address": account.claimed_address,
        "address_confirmed_at": account.address_confirmed_at,
        "address_failed_at": account.address_failed_at,
        "made_at": account.made_at,
        "makes_groups": account.makes_groups,
        "looks_after": session.scalars(looked_after.order_by(Group.name)).all(),
        "second_factor_since": account.code_confirmed_at,
        "recovery_codes_left": session.scalar(codes.where(RecoveryCode.used_at.is_(None))),
        "erase_at": account.erase_at,
        "erased_at": account.erased_at,
    }


def _signed_in(session: Session, account: Account) -> list[dict[str, Any]]:
    return [
        {
            "device": each.device,
            "is_own_device": each.is_own_device,
            "begun_at": each.begun_at,
            "seen_at": each.seen_at,
            "password_at": each.password_at,
            "code_at": each.code_at,
        }
        for each in sign_ins.of_account(session, account)
    ]


def _links(session: Session, account: Account) -> list[dict[str, Any]]:
    found = session.scalars(select(Link).where(Link.account_id == account.id).order_by(Link.id))
    return [
        {
            "use": each.use,
            "address": each.address,
            "made_at": each.made_at,
            "expires_at": each.expires_at,
            "over_since": each.used_at,
        }
        for each in found
    ]


def _membership(session: Session, member: Member) -> dict[str, Any]:
    return {
        "group": member.group.name,
        "state": member.state,
        "joined_at": member.joined_at,
        "left_at": member.left_at,
        "invited_in_person": member.invited_in_person,
        "waiting_since": member.waiting_since,
        "goes_first": member.goes_first,
        "unanswered_in_a_row": member.unanswered_in_a_row,
        "resting_from": member.resting_from,
        "resting_until": member.resting_until,
        **_told(member),
        "mails": {
            "quiet_from": member.quiet_from,
            "quiet_until": member.quiet_until,
            "off": member.mails_off,
        },
        "asks_for": own_past.requests_of(session, member),
        "notices": own_past.notices_of(session, member.account, member),
        "proposals": own_past.proposals_of(session, member),
        "partnerships": own_past.partnerships_of(session, member),
        "nights_alone": own_past.nights_alone_of(session, member),
    }


def _told(member: Member) -> dict[str, Any]:
    """What the member has told us, page by page."""
    return {
        "name": member.name,
        "zone": member.zone,
        "languages": member.languages,
        "hours": _hours(member.windows),
        "writing_is_enough": member.writing_is_enough,
        "goals": [_goal(goal) for goal in member.goals],
        "experiences": [
            {"word": each.tag, "stage": each.stage, "visibility": each.visibility} for each in member.experiences
        ],
        "wishes": member.wishes,
        "preferences": member.preferences,
        "about_me": member.about_me,
        "support_style": member.support_style,
        "card": member.card,
        "channels": member.channels,
        "rhythm": member.rhythm,
        "welcomes_three": member.welcomes_three,
        "consents": [
            {
                "consent": each.consent,
                "how": each.how,
                "given_at": each.given_at,
                "withdrawn_at": each.withdrawn_at,
            }
            for each in member.consents
        ],
    }


def _goal(goal: Goal) -> dict[str, Any]:
    return {
        "area": goal.area,
        "tag": goal.tag,
        "words": goal.words,
        "visibility": goal.visibility,
        "if_this": goal.if_this,
        "then_that": goal.then_that,
        "is": "reached" if goal.reached_at else "put down" if goal.let_go_at else "open",
        "reached_at": goal.reached_at,
        "let_go_at": goal.let_go_at,
        "milestones": [{"words": each.words, "reached_at": each.reached_at} for each in goal.milestones],
        "steps": [{"week": each.week, "words": each.words, "outcome": each.outcome} for each in goal.steps],
    }


def _hours(windows: Any) -> Any:
    """Windows as one says them: the day, from when, and until when; that day's own midnight is 24:00."""
    if isinstance(windows, Unreadable):
        return windows
    return [
        {"day": _DAY_NAMES[day], "from": _clock(from_minute), "to": _end(day, to_minute)}
        for day, from_minute, to_minute in windows
    ]


def _end(day: int, to_minute: int) -> str:
    if to_minute <= _MINUTES_A_DAY:
        return _clock(to_minute)
    days_on, minute = divmod(to_minute, _MINUTES_A_DAY)
    return f"{_DAY_NAMES[(day + days_on) % 7]} {_clock(minute)}"


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def _plain(value: Any) -> Any:
    """The value as JSON can hold it."""
    if isinstance(value, Unreadable):
        return CANNOT_BE_READ
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, dict):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return str(value) if isinstance(value, str) else value
