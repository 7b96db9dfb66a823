"""What a newcomer tells us, a page at a time, and changes later: each is saved by itself, and says what is amiss.

Whatever is told, a proposal that is shown is looked at again: see :mod:`matcher.changes`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from matcher import people
from matcher.changes import changing, withdraw
from matcher.errors import ToldError
from matcher.models import Goal, Member, Milestone
from matcher.names import is_mark, name_in
from matcher.pairing.week import QUARTER_MINUTES, QUARTERS_A_DAY, Window, local_quarters, windows_of
from matcher.profile import windows_to_json
from matcher.spreadsheets.cells import CellError, languages_in, text_in, word_in, zone_in
from matcher.states import Consent, Visibility

MOST_GOALS, MOST_MILESTONES, MOST_WINDOWS = 3, 7, 60
_IN_A_LIST = ";,/&-'’()"
"""What may stand in a list of languages beside letters."""
LONGEST_LANGUAGE = 40
LONGEST_AREA, LONGEST_WORDS, LONGEST_LINE = 100, 1000, 300


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalTold:
    """A goal as somebody typed it. ``id`` is the public id of the one it changes, or "" for a new one."""

    id: str = ""
    area: str
    words: str = ""
    visibility: Visibility = Visibility.PARTNER
    milestones: Sequence[str] = field(default=())
    if_this: str = ""
    then_that: str = ""


def agree_to_rules(
    session: Session, member: Member, now: datetime, *, is_adult: bool, to_rules: bool, to_pairing: bool
) -> None:
    """Say that one is an adult, yes to the house rules, and yes or no to being paired. Raises ToldError.

    A yes to being paired that is taken back closes an open proposal, and nobody is told why.
    """
    if not is_adult:
        raise ToldError(
            "is_adult",
            "Alongside is for adults. If you are younger, please ask whoever invited you for something made for you.",
        )
    if not to_rules:
        raise ToldError("to_rules", "The rules keep everybody safe, so nobody is paired without a yes to them.")
    people.lock_around(session, member)
    wanted = {Consent.ADULT: True, Consent.HOUSE_RULES: True, Consent.PAIRING: to_pairing}
    for consent, yes in wanted.items():
        if yes and not member.agrees_to(consent):
            people.agree(session, member, consent, "on the page with the house rules", now)
        elif not yes and member.agrees_to(consent):
            withdraw(session, member, consent, now)


def introduce(
    session: Session,
    member: Member,
    now: datetime,
    *,
    name: str,
    zone: str,
    languages: Sequence[str],
    anyway: bool = False,
) -> None:
    """Say what to call oneself, where one's clock is, and what one speaks. Raises ToldError and WouldCloseError."""
    called, spoken = name_in(name), _languages(languages)
    try:
        known = zone_in(zone)
    except CellError:
        known = ""
    if not known:
        raise ToldError("zone", "Choose the place whose clock you live by, such as Europe/London.")
    with changing(session, member, now, anyway=anyway):
        member.name, member.zone, member.languages = called, known, spoken


def set_goals(
    session: Session, member: Member, now: datetime, told: Sequence[GoalTold], *, anyway: bool = False
) -> None:
    """Say what one would like to reach: one to three goals. One that is left out is put down.

    One that is told as a new one, and is there in the same words, is that one: a form may arrive twice. Raises
    ToldError and WouldCloseError.
    """
    wanted = [_checked(number, each) for number, each in enumerate(told, 1) if _says_something(each)]
    if not 1 <= len(wanted) <= MOST_GOALS:
        raise ToldError("goals", f"Write one to {MOST_GOALS} goals. “I would like to find out” is one.")
    with changing(session, member, now, anyway=anyway):
        session.expire(member, ["goals"])  # another form of theirs may have come first
        mine = {goal.public_id: goal for goal in member.goals if goal.is_open}
        if strangers := {each.id for each in wanted if each.id} - mine.keys():
            raise ToldError("goals", f"{len(strangers)} of these goals is not yours, or is over. Load the page again.")
        meant = [(mine.pop(each.id, None), each) for each in wanted]
        for goal, each in [(goal or _same(mine, each), each) for goal, each in meant]:
            _write(goal or _new_goal(member), each)
        for goal in mine.values():
            goal.let_go_at = now


def set_hours(
    session: Session,
    member: Member,
    now: datetime,
    hours: Sequence[tuple[int, int, int]],
    *,
    writing_is_enough: bool,
    anyway: bool = False,
) -> None:
    """Say when one could talk: (day 0 to 6, from minute, to minute), each by one's own clock, in quarter-hours.

    One that ends before it begins runs into the next day. What overlaps or touches becomes one. Without any hours
    "writing is enough" must be true. Raises ToldError and WouldCloseError.
    """
    windows = windows_of(local_quarters(_window(number, *each) for number, each in enumerate(hours, 1)))
    if len(windows) > MOST_WINDOWS:
        raise ToldError("hours", f"Write at most {MOST_WINDOWS} stretches; longer ones say the same.")
    if not windows and not writing_is_enough:
        raise ToldError("hours", "Choose at least one time, or say that writing is enough for you.")
    with changing(session, member, now, anyway=anyway):
        member.windows, member.writing_is_enough = windows_to_json(windows), writing_is_enough


def _languages(told: Sequence[str]) -> list[str]:
    text = "; ".join(told)
    is_list_of_names = all(sign.isalpha() or sign.isspace() or sign in _IN_A_LIST or is_mark(sign) for sign in text)
    try:
        spoken = languages_in(text) if is_list_of_names else frozenset()
    except CellError as problem:
        raise ToldError("languages", f"{problem}.") from None
    if not spoken:
        raise ToldError("languages", "Write at least one language that you could talk in, such as English; Polish.")
    if any(len(each) > LONGEST_LANGUAGE for each in spoken):
        raise ToldError("languages", f"Write each language in at most {LONGEST_LANGUAGE} signs, and a ; between them.")
    return sorted(spoken)


def _says_something(told: GoalTold) -> bool:
    return any(map(text_in, (told.area, told.words, told.if_this, told.then_that, *told.milestones)))


def _checked(number: int, told: GoalTold) -> GoalTold:
    """The same goal with its texts as they are kept. A slip says which goal it is in."""
    area = word_in(told.area)
    if not area:
        raise ToldError(
            "goals",
            f"Goal {number} needs an area, in a word or two; people who are proposed to you read it. "
            "To put a goal down, leave all of it empty.",
        )
    for what, text, longest in (
        ("area", area, LONGEST_AREA),
        ("own words", told.words, LONGEST_WORDS),
        ("“if” part", told.if_this, LONGEST_LINE),
        ("“then” part", told.then_that, LONGEST_LINE),
        *(("milestone", milestone, LONGEST_LINE) for milestone in told.milestones),
    ):
        if len(text) > longest:
            raise ToldError("goals", f"The {what} of goal {number} has {len(text):,} signs; write at most {longest:,}.")
    milestones = tuple(filter(None, map(text_in, told.milestones)))
    if len(milestones) > MOST_MILESTONES:
        raise ToldError("goals", f"Goal {number} has {len(milestones)} milestones; write at most {MOST_MILESTONES}.")
    return GoalTold(
        id=told.id,
        area=area,
        words=told.words.strip(),
        visibility=told.visibility,
        milestones=milestones,
        if_this=text_in(told.if_this),
        then_that=text_in(told.then_that),
    )


def _same(mine: dict[str, Goal], told: GoalTold) -> Goal | None:
    """The goal that says the same, if there is one; it is taken out of the others."""
    same = next((id_ for id_, goal in mine.items() if (goal.area, goal.words) == (told.area, told.words)), "")
    return mine.pop(same, None)


def _new_goal(member: Member) -> Goal:
    goal = Goal()
    member.goals.append(goal)
    return goal


def _write(goal: Goal, told: GoalTold) -> None:
    goal.area, goal.words, goal.visibility = told.area, told.words, told.visibility
    goal.if_this, goal.then_that = told.if_this, told.then_that
    for place, words in enumerate(told.milestones):
        if place < len(goal.milestones):
            goal.milestones[place].words = words
        else:
            goal.milestones.append(Milestone(place=place, words=words))
    del goal.milestones[len(told.milestones) :]


def _window(number: int, day: int, from_minute: int, to_minute: int) -> Window:
    is_time = 0 <= day < 7 and 0 <= from_minute < 24 * 60 and 0 <= to_minute <= 24 * 60
    if not is_time or from_minute % QUARTER_MINUTES or to_minute % QUARTER_MINUTES:
        raise ToldError("hours", f"Stretch {number} is no time of a week in quarter-hours.")
    if from_minute == to_minute:
        raise ToldError("hours", f"Stretch {number} ends when it begins; choose a later end.")
    start = day * QUARTERS_A_DAY + from_minute // QUARTER_MINUTES
    length = ((to_minute - from_minute) // QUARTER_MINUTES) % QUARTERS_A_DAY
    return Window(start, start + (length or QUARTERS_A_DAY))
