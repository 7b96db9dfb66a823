"""Groups: made, settled, given words and crisis lines, opened, found, and their policy changed."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from matcher import people
from matcher.audit_trail import name_of, record
from matcher.constraints import unless_broken
from matcher.errors import GroupError, GroupToldError
from matcher.group_told import days_in, hour_in, line_in, rules_in, start_in, terms_in, whole_in, zone_told
from matcher.models import Account, Coordinator, CrisisLine, Group, GroupTerm, Invitation, PolicyVersion
from matcher.pairing.policy import Policy
from matcher.vocabulary import DAYS

COMMAND_LINE = "command line"
"""The actor in the audit trail when whoever runs this instance does something at its keyboard."""

MOST_ANSWER_DAYS, MOST_PROMISE_NIGHTS = 14, 60


def create_group(
    session: Session,
    name: str,
    zone: str,
    now: datetime,
    by: str = COMMAND_LINE,
    *,
    pairing_days: Sequence[str] = (DAYS[6], DAYS[2]),
    pairing_hour: time = time(3, 30),
    first_pairing_on: date | None = None,
    publishes_at_once: bool = False,
) -> Group:
    """Make a group; it pairs nobody until it is opened.

    Raises GroupToldError, with the field, for a name that is taken, a wrong zone, or nights that never come.
    """
    known = zone_told(zone)
    group = Group(
        name=line_in("name", name, "the name of a group"),
        zone=known,
        pairing_days=days_in(pairing_days),
        pairing_hour=hour_in(pairing_hour),
        first_pairing_on=start_in(first_pairing_on, None, now.astimezone(ZoneInfo(known)).date()),
        publishes_at_once=publishes_at_once,
        made_at=now,
    )
    _refuse_taken(session, group.name)
    with unless_broken("uq_groups_name", _taken(group.name)), session.begin_nested():
        session.add(group)
    record(session, now, by, "group made", group, group)
    return group


def found(session: Session, account: Account, now: datetime, *, name: str, zone: str, **nights: Any) -> Group:
    """Make a group in the browser: the account looks after it from the beginning.

    ``nights`` are those of :func:`create_group`, which says what is raised; also GroupError where the account was not
    invited to make groups.
    """
    if not account.makes_groups:
        raise GroupError("Whoever runs this server invites those who make groups. Ask them for such an invitation.")
    by = name_of(account)
    group = create_group(session, name, zone, now, by, **nights)
    coordinator = Coordinator(group_id=group.id, account=account)
    session.add(coordinator)
    record(session, now, by, "joined", coordinator, group)
    session.expire(group, ["coordinators"])
    return group


def settle(
    session: Session,
    group: Group,
    now: datetime,
    by: str,
    *,
    name: str,
    zone: str,
    pairing_days: Sequence[str],
    pairing_hour: time,
    first_pairing_on: date | None,
    publishes_at_once: bool,
    open_to_all: bool,
    answer_days: int,
    promise_nights: int,
    house_rules: str,
) -> None:
    """Write everything that a group's row says of it. What has gone out already stays as it is.

    Raises GroupToldError, whose field is the name of the argument, and then nothing was changed.
    """
    known = zone_told(zone)
    told: dict[str, Any] = {
        "name": line_in("name", name, "the name of a group"),
        "zone": known,
        "pairing_days": days_in(pairing_days),
        "pairing_hour": hour_in(pairing_hour),
        "first_pairing_on": start_in(first_pairing_on, group.first_pairing_on, now.astimezone(ZoneInfo(known)).date()),
        "publishes_at_once": publishes_at_once,
        "open_to_all": open_to_all,
        "answer_days": whole_in("answer_days", answer_days, MOST_ANSWER_DAYS, "days to answer"),
        "promise_nights": whole_in("promise_nights", promise_nights, MOST_PROMISE_NIGHTS, "nights"),
        "house_rules": rules_in(house_rules),
    }
    changed = [field for field, value in told.items() if getattr(group, field) != value]
    _refuse_taken(session, told["name"], but=group)
    with unless_broken("uq_groups_name", _taken(told["name"])), session.begin_nested():
        for field in changed:
            setattr(group, field, told[field])
    if changed:
        record(session, now, by, "group settled", group, group, changed=changed)


def of_coordinator(session: Session, account: Account) -> Sequence[Group]:
    """The groups that an account looks after, by their names."""
    theirs = select(Group).join(Coordinator).where(Coordinator.account_id == account.id)
    return session.scalars(theirs.order_by(Group.name, Group.id)).all()


def group_named(session: Session, name: str) -> Group:
    """The group of a name or a public id. Raises GroupError, with the names there are."""
    found = session.scalar(select(Group).where(or_(Group.name == name.strip(), Group.public_id == name.strip())))
    if found or (found := _alike(session, name.strip())):
        return found
    names = session.scalars(select(Group.name).order_by(Group.name)).all()
    if not names:
        raise GroupError(f'There is no group "{name}", and no other; make one: alongside create-group NAME')
    raise GroupError(f'There is no group "{name}"; there are: {", ".join(names)}.')


def _refuse_taken(session: Session, name: str, but: Group | None = None) -> None:
    other = _alike(session, name)
    if other and other is not but:
        raise _taken(name)


def _taken(name: str) -> GroupToldError:
    return GroupToldError("name", f"There is a group {name} already; choose another name.")


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

    ``review_on`` is the day by which somebody looks whether they still hold. Raises GroupToldError for one that is
    empty (field "crisis_lines"), and for a day that is not to come ("review_on"). Of two who say them at once the
    second waits for the first, and is the one who is kept.
    """
    field = "crisis_lines"
    people.lock_groups(session, [group.id])
    session.expire(group, ["crisis_lines", "crisis_lines_review_on"])
    wanted = [
        (line_in(field, name, "a crisis line's name"), line_in(field, reach, "how to reach it"))
        for name, reach in lines
    ]
    if not wanted:
        raise GroupToldError(field, "Write at least one crisis line, so that members know whom to call.")
    if review_on <= _today(group, now):
        raise GroupToldError(
            "review_on", f"The crisis lines must be looked at again on a day to come, and {review_on} is none."
        )
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


def set_terms(
    session: Session, group: Group, kind: str, words: Sequence[str], now: datetime, by: str = COMMAND_LINE
) -> None:
    """Say the group's own words of a kind, "area", "experience" or "trait", instead of those before.

    What members wrote already stays with them. Raises GroupToldError, with the kind as its field.
    """
    wanted = terms_in(kind, words)
    of_kind = GroupTerm.group_id == group.id, GroupTerm.kind == kind
    there = set(session.scalars(select(GroupTerm.word).where(*of_kind)))
    if there == set(wanted):
        return
    session.execute(delete(GroupTerm).where(*of_kind, GroupTerm.word.not_in(wanted)))
    overtaken = GroupToldError(kind, "Somebody else changed these words just now; look at theirs, then change them.")
    with unless_broken("uq_group_terms_word", overtaken), session.begin_nested():
        session.add_all(GroupTerm(group_id=group.id, kind=kind, word=word) for word in wanted if word not in there)
    record(session, now, by, "words set", group, group, kind=kind, words=len(wanted))


def terms_of(session: Session, group: Group, kind: str) -> list[str]:
    """The group's own words of a kind, in the order of the alphabet."""
    words = session.scalars(select(GroupTerm.word).where(GroupTerm.group_id == group.id, GroupTerm.kind == kind))
    return sorted(words, key=str.casefold)


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
