"""The invented group as rows: made, opened, and joined as a real one is."""

from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from jobs.invented_people import Invented
from matcher import groups, people
from matcher.audit_trail import record
from matcher.models import Account, AuditEvent, Coordinator, Experience, Goal, Group, Member
from matcher.profile import windows_to_json, wishes_to_json
from matcher.sealing import keyring_of
from matcher.states import Consent, Visibility

NAME, ZONE = "Side by Side (invented)", "Europe/London"
_DEMO, _INVENTED = "demo", "group invented"


def make_group(session: Session, first_night: date, now: datetime) -> Group:
    """Make and open the group, marked as invented. Its crisis line says that it is none: we never invent a number."""
    group = groups.create_group(session, NAME, ZONE, now, first_pairing_on=first_night)
    coordinator = Account(address="coordinator@invented.invalid", address_confirmed_at=now, made_at=now)
    session.add(coordinator)
    group.coordinators.append(Coordinator(account=coordinator))
    lines = [("No line, since nobody is here", "a real group enters those that hold where its members live")]
    groups.set_crisis_lines(session, group, lines, (now + timedelta(days=365)).date(), now, by=_DEMO)
    groups.open_group(session, group, now, by=_DEMO)
    record(session, now, _DEMO, _INVENTED, group, group)
    return group


def is_all_invented(session: Session) -> bool:
    """Whether every group in a database was made by the demo, and there is one."""
    marked = select(AuditEvent.group_id).where(AuditEvent.actor == _DEMO, AuditEvent.act == _INVENTED)
    there, invented = set(session.scalars(select(Group.id))), set(session.scalars(marked))
    return bool(there) and there <= invented


def take_in(session: Session, group: Group, person: Invented, now: datetime) -> Member:
    """Let one invented person join: they say yes to what is asked, and wait from then on."""
    keyring = keyring_of(session.get_bind().dialect)
    member = Member(
        public_id=person.member_id,
        account=Account(address=person.address, made_at=now),
        invited_in_person=True,
        group=group,
        name=person.name,
        zone=person.zone,
        languages=sorted(person.languages),
        goals=[Goal(area=goal.area, tag=goal.tag) for goal in sorted(person.goals)],
        windows=windows_to_json(person.windows),
        writing_is_enough=person.writing_is_enough,
        experiences=[
            Experience(
                tag=each.tag,
                tag_mark=keyring.mark(each.tag, "experiences.tag"),
                stage=each.stage,
                visibility=Visibility.PROPOSED if each.shown else Visibility.FOR_MATCHING,
            )
            for each in person.experiences
        ],
        support_style=person.support_style,
        channels=sorted(person.channels),
        rhythm=person.rhythm,
        welcomes_three=person.welcomes_three,
        about_me=person.about_me,
        wishes=wishes_to_json(person.wishes),
        joined_at=now,
    )
    session.add(member)
    record(session, now, _DEMO, "member invented", member, group)
    for consent in Consent:
        if consent is not Consent.EXPERIENCES or person.lets_use_experiences:
            people.agree(session, member, consent, "invented", now)
    return member
