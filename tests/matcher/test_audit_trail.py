from datetime import UTC, datetime

from sqlalchemy import select

from matcher.audit_trail import name_of, record
from matcher.models import AuditEvent, CrisisLine, Group

NOW = datetime(2026, 1, 5, 12, tzinfo=UTC)


def group_of(session) -> Group:
    group = Group(name="Harbour", zone="Europe/London", made_at=NOW)
    session.add(group)
    return group


def test_an_act_names_who_what_and_which_row(sessions):
    with sessions.begin() as session:
        group = group_of(session)
        record(session, NOW, "command line", "group made", group, group, zone="Europe/London")

    with sessions() as session:
        event = session.scalars(select(AuditEvent)).one()
    assert (event.at, event.actor, event.act) == (NOW, "command line", "group made")
    assert (event.subject, event.group_id) == (f"groups:{group.public_id}", group.id)
    assert event.values == {"zone": "Europe/London"}


def test_a_row_without_a_public_id_is_named_by_its_number(sessions):
    with sessions.begin() as session:
        group = group_of(session)
        session.flush()
        line = CrisisLine(group_id=group.id, place=1, name="Samaritans", reach="116 123")
        session.add(line)
        event = record(session, NOW, "command line", "line added", line)
        assert event.subject == f"crisis_lines:{line.id}" == name_of(line)
        assert event.group_id is None


def test_what_is_taken_back_leaves_no_trace(sessions):
    with sessions() as session:
        group = group_of(session)
        record(session, NOW, "command line", "group made", group, group)
        session.rollback()
        assert session.scalars(select(AuditEvent)).all() == []
