from sqlalchemy import select

from matcher.models import AuditEvent, Base, Fence
from matcher.sealing import Sealed
from matcher.states import DataClass
from tests.rows import NOW


def test_an_event_says_who_did_what_to_which_row(sessions):
    with sessions.begin() as session:
        session.add(AuditEvent(at=NOW, actor="clock", act="publish", subject="run", values={"pairs": 3}))
    with sessions() as session:
        event = session.scalars(select(AuditEvent)).one()
    assert (event.at, event.actor, event.act, event.subject) == (NOW, "clock", "publish", "run")
    assert (event.values, event.group_id) == ({"pairs": 3}, None)


def test_the_trail_holds_no_content():
    columns = Base.metadata.tables["audit_events"].columns
    assert {each.info["data_class"] for each in columns} == {DataClass.RECORD, DataClass.PLUMBING}
    assert not any(isinstance(each.type, Sealed) for each in columns)


def test_a_fence_stands_until_it_is_lifted(sessions):
    with sessions.begin() as session:
        fence = Fence(since=NOW, why="restored from a backup")
        session.add(fence)
    assert fence.lifted_at is None
