"""What others read of a member: who is proposed to them, their partner, and who looks after the group.

The one place that says so. Hours, wishes, preferences and what is about them are in none of these: nobody reads them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from matcher.models import Goal, Member
from matcher.sealing import Unreadable
from matcher.states import Consent, Visibility


class Reader(StrEnum):
    """Who reads about a member."""

    PROPOSED = "a person proposed to you"
    PARTNER = "your partner"
    COORDINATOR = "a coordinator"


@dataclass(frozen=True, slots=True)
class GoalShown:
    """A goal as a reader sees it; words, milestones and plan are empty where they are not for this reader."""

    area: str
    words: str
    milestones: Sequence[str]
    plan: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What one reader sees of one member."""

    name: str
    languages: Sequence[str]
    writing_is_enough: bool
    goals: Sequence[GoalShown]
    experiences: Sequence[str]
    channels: Sequence[str]
    rhythm: str
    support_style: str
    card: str


def shown_to(member: Member, reader: Reader) -> Shown:
    """What a reader sees today of a member; an open proposal or an active partnership is checked by the caller."""
    is_partner = reader is Reader.PARTNER
    return Shown(
        name=member.name,
        languages=member.languages,
        writing_is_enough=member.writing_is_enough,
        goals=[_goal(goal, reader) for goal in member.goals if goal.is_open],
        experiences=_experiences(member),
        channels=member.channels,
        rhythm=member.rhythm,
        support_style=str(member.support_style or "") if is_partner else "",
        card=_read(member.card) if is_partner else "",
    )


def _goal(goal: Goal, reader: Reader) -> GoalShown:
    is_partner = reader is Reader.PARTNER
    shows = goal.visibility is Visibility.PROPOSED or (is_partner and goal.visibility is Visibility.PARTNER)
    if not shows:
        return GoalShown(goal.area, "", (), "")
    if not is_partner:
        return GoalShown(goal.area, _read(goal.words), (), "")
    milestones = [each for each in (_read(each.words) for each in goal.milestones) if each]
    return GoalShown(goal.area, _read(goal.words), milestones, _plan(_read(goal.if_this), _read(goal.then_that)))


def _plan(if_this: str, then_that: str) -> str:
    """Both halves as one sentence; a half alone is none."""
    return f"If {if_this}, then {then_that.rstrip('.')}." if if_this and then_that else ""


def _experiences(member: Member) -> list[str]:
    """In words, with the stage; only what the member opened to people proposed to them, and lets us use."""
    if not member.agrees_to(Consent.EXPERIENCES):
        return []
    shown = [each for each in member.experiences if each.visibility is Visibility.PROPOSED]
    told = [(_read(each.tag), _read(each.stage)) for each in shown]
    return [f"{tag} ({stage})" if stage else tag for tag, stage in told if tag]


def _read(text: str | Unreadable | None) -> str:
    """A sealed text; one that was spoilt is nothing, and stops no page."""
    return "" if text is None or isinstance(text, Unreadable) else text
