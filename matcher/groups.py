"""Groups: made, given crisis lines, opened, found, and their policy changed."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from matcher.audit_trail import name_of, record
from matcher.constraints import unless_broken
from matcher.errors import GroupError
from matcher.models import Account, CrisisLine, Group, Invitation, PolicyVersion
from matcher.pairing.policy import Policy
from matcher.spreadsheets.cells import CellError, zone_in
from matcher.spreadsheets.hours import day_of
from matcher.vocabulary import DAYS

COMMAND_LINE = "command line"
"""The actor in the audit trail when whoever runs this instance does something at its keyboard."""

_LONGEST = 200


def create_group(
    session: Session,
    name: str,
    zone: str,
    now: datetime,
    *,
    pairing_days: Sequence[str] = (DAYS[6], DAYS[2]),
    pairing_hour: time = time(3, 30),
    first_pairing_on: date | None = None,
    publishes_at_once: bool = False,
) -> Group:
    """Make a group; it pairs nobody until it is opened. Raises GroupError for a name that is taken, or a wrong zone."""
    group = Group(
        name=_words(name, "the name of a group"),
        zone=_zone(zone),
        pairing_days=_days(pairing_days),
        pairing_hour=pairing_hour,
        first_pairing_on=first_pairing_on,
        publishes_at_once=publishes_at_once,
        made_at=now,
    )
    taken = GroupError(f"There is a group {group.name} already; choose another name.")
    if _alike(session, group.name):
        raise taken
    with unless_broken("uq_groups_name", taken), session.begin_nested():
        session.add(group)
    record(session, now, COMMAND_LINE, "group made", group, group)
    return group


def group_named(session: Session, name: str) -> Group:
    """The group of a name or a public id. Raises GroupError, with the names there are."""
    found = session.scalar(select(Group).where(or_(Group.name == name.strip(), Group.public_id == name.strip())))
    if found or (found := _alike(session, name.strip())):
        return found
    names = session.scalars(select(Group.name).order_by(Group.name)).all()
    if not names:
        raise GroupError(f'There is no group "{name}", and no other; make one: alongside create-group NAME')
    raise GroupError(f'There is no group "{name}"; there are: {", ".join(names)}.')


def _alike(session: Session, name: str) -> Group | None:
    """The group whose name differs in capitals alone, which nobody would keep apart."""
    groups = session.scalars(select(Group).order_by(Group.id))
    return next((group for group in groups if group.name.casefold() == name.casefold()), None)


def set_crisis_lines(
    session: Session,
    group: Group,
    lines: Sequence[tuple[str, str]],
    review_on: date,
    now: datetime,
    by: str = COMMAND_LINE,
) -> None:
    """Say whom the group's members can call, as (name, how to reach it), instead of what was said before.

    ``review_on`` is the day by which somebody looks whether they still hold. Raises GroupError where one is empty, and
    for a day that is not to come.
    """
    wanted = [(_words(name, "a crisis line's name"), _words(reach, "how to reach it")) for name, reach in lines]
    if not wanted:
        raise GroupError("Write at least one crisis line, so that members know whom to call.")
    if review_on <= _today(group, now):
        raise GroupError(f"The crisis lines must be looked at again on a day to come, and {review_on} is none.")
    session.execute(delete(CrisisLine).where(CrisisLine.group_id == group.id))
    for place, (name, reach) in enumerate(wanted, start=1):
        session.add(CrisisLine(group_id=group.id, place=place, name=name, reach=reach))
    session.flush()
    session.expire(group, ["crisis_lines"])
    group.crisis_lines_review_on = review_on
    record(session, now, by, "crisis lines set", group, group, lines=len(wanted), review_on=review_on.isoformat())


def open_group(session: Session, group: Group, now: datetime, by: str = COMMAND_LINE) -> None:
    """Let the group pair people; a group that is open stays as it is.

    Raises GroupError, saying what is missing, unless it has crisis lines, a day to come on which they are looked at
    again, and a coordinator or an invitation for one.
    """
    if group.opened_at:
        return
    missing = _missing(session, group, now)
    if missing:
        raise GroupError(f"{group.name} cannot open yet: {'; '.join(missing)}.")
    group.opened_at = now
    record(session, now, by, "group opened", group, group)


def change_policy(
    session: Session, group: Group, values: Mapping[str, Any], author: Account | None, note: str, now: datetime
) -> PolicyVersion:
    """Write the group's next policy, which holds from the next pairing night; older ones stay as they are.

    Open proposals and partnerships are untouched by it. Raises PolicyError, which names the field, for values no night
    could use, and GroupError where somebody else wrote a version at the same moment.
    """
    number = group.policy.version + 1
    rules = {field: value for field, value in values.items() if field != "version"}
    Policy.from_mapping(rules)
    version = PolicyVersion(
        group_id=group.id, version=number, rules=rules, note=note, author_id=author and author.id, made_at=now
    )
    overtaken = GroupError("Somebody else changed these rules just now; look at theirs, then change them again.")
    with unless_broken("uq_policies_version", overtaken), session.begin_nested():
        session.add(version)
    session.expire(group, ["policies"])
    record(session, now, name_of(author) if author else COMMAND_LINE, "policy changed", version, group, version=number)
    return version


def _missing(session: Session, group: Group, now: datetime) -> list[str]:
    review_on = group.crisis_lines_review_on
    wanted = {
        "enter at least one crisis line, so that members know whom to call": bool(group.crisis_lines),
        "say on which day to come somebody looks whether its crisis lines still hold": review_on is not None
        and review_on > _today(group, now),
        "name a coordinator, or invite one": bool(group.coordinators) or _invites_coordinator(session, group, now),
    }
    return [what for what, is_there in wanted.items() if not is_there]


def _invites_coordinator(session: Session, group: Group, now: datetime) -> bool:
    still_good = (Invitation.used_at.is_(None), Invitation.expires_at > now)
    invitations = select(Invitation.id).where(Invitation.group_id == group.id, Invitation.to_coordinate, *still_good)
    return session.scalar(invitations.limit(1)) is not None


def _today(group: Group, now: datetime) -> date:
    return now.astimezone(ZoneInfo(group.zone)).date()


def _words(text: str, what: str) -> str:
    """A text on one line, as long as a column may hold it."""
    line = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
    if not line or len(line) > _LONGEST:
        raise GroupError(f"Write {what} in 1 to {_LONGEST} signs; this one has {len(line)}.")
    return line


def _zone(zone: str) -> str:
    try:
        known = zone_in(zone)
    except CellError as problem:
        raise GroupError(f"The zone {problem}.") from None
    if not known:
        raise GroupError('A group needs a zone; write one such as "Europe/London".')
    return known


def _days(days: Sequence[str]) -> list[str]:
    places = {day: day_of(day) for day in days}
    for day, place in places.items():
        if place is None:
            raise GroupError(f'"{day}" is no day of the week; write {", ".join(DAYS)}.')
    if not places:
        raise GroupError("A group pairs on at least one day of the week; write one, such as Sun.")
    return [DAYS[place] for place in range(len(DAYS)) if place in places.values()]
