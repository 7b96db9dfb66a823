"""I12: the database itself is sound, and the key file opens what is sealed in it."""

import pytest
from sqlalchemy import text

from matcher.errors import KeyFileError
from matcher.invariants import storage
from tests.rows import NOW


def sentences(session):
    session.flush()
    return list(storage.storage_sound(session, NOW))


def test_a_reference_without_its_row_is_found(session, world, unbound):
    assert sentences(session) == []
    unbound("notices", "UPDATE notices SET member_id = 999999, account_id = 999999")
    assert sentences(session) == [
        "1 of notices.account_id name a row that is not there.",
        "1 of notices.member_id name a row that is not there.",
    ]


def test_a_sealed_value_that_does_not_open_is_found(session, world):
    seal = {"sqlite": "x'6f6c643a00'", "postgresql": "'\\x6f6c643a00'"}[session.get_bind().dialect.name]
    session.connection().exec_driver_sql(f"UPDATE members SET wishes = {seal}")
    with pytest.raises(KeyFileError, match="not in the key file"):
        sentences(session)


def test_a_sealed_value_that_was_changed_is_found_beside_all_else(session, world):
    (wishes,) = session.execute(text("SELECT wishes FROM members LIMIT 1")).one()
    session.execute(text("UPDATE members SET wishes = :cut"), {"cut": bytes(wishes)[:-1]})
    members = session.scalar(text("SELECT count(*) FROM members"))
    (found,) = sentences(session)
    assert found == f"{members} of members.wishes do not open: they were changed, or belong to another column."


def test_what_the_database_says_of_itself_is_passed_on(session, world, unbound):
    if session.get_bind().dialect.name == "postgresql":
        unchecked = "ALTER TABLE members ADD CONSTRAINT unchecked CHECK (id > 0) NOT VALID"
        session.connection().exec_driver_sql(unchecked)
        assert sentences(session) == ["The database says: unchecked"]
    else:
        session.connection().exec_driver_sql("PRAGMA ignore_check_constraints = ON")
        unplaced = "UPDATE places SET proposal_id = NULL, partnership_id = NULL"
        session.connection().exec_driver_sql(unplaced)
        session.connection().exec_driver_sql("PRAGMA ignore_check_constraints = OFF")
        assert "The database says: CHECK constraint failed in places" in sentences(session)
