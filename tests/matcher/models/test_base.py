from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import CheckConstraint, Index, Table, UniqueConstraint, select, text, update
from sqlalchemy.exc import IntegrityError, StatementError

from matcher.models import Base
from matcher.models.base import Public
from matcher.sealing import Sealed
from matcher.states import DataClass
from tests.filler import fill
from tests.rows import make_account, make_group

TABLES = list(Base.metadata.sorted_tables)
COLUMNS = [column for table in TABLES for column in table.columns]
UNIQUE = [
    each
    for table in TABLES
    for each in sorted([*table.constraints, *table.indexes], key=lambda each: str(each.name))
    if isinstance(each, UniqueConstraint) or (isinstance(each, Index) and each.unique)
]
CHECKS = {each.name for table in TABLES for each in table.constraints if isinstance(each, CheckConstraint)}
SEALED = {DataClass.FOR_MATCHING, DataClass.BY_ROW}
BROKEN = {
    "ck_requests_two_people": [{"asked_id": 1}],
    "ck_blocks_two_people": [{"blocked_id": 1}],
    "ck_holds_pair_in_order": [{"second_id": 1}, {"first_id": 3}],
    "ck_members_rest_has_a_start": [{"resting_from": None}],
    "ck_places_one_thing": [{"partnership_id": 1}, {"proposal_id": None}],
    "ck_messages_has_one_reader": [{"invitation_id": 1}, {"account_id": None}],
}
ONLY_ONE = {
    "uq_pairing_runs_night",
    "uq_places_one_per_member",
    "uq_answers_one_in_a_night",
    "uq_holds_pair",
    "uq_messages_key",
    "uq_notices_key",
    "uq_members_account_in_group",
    "uq_policies_version",
}


def names(problem: IntegrityError, constraint: UniqueConstraint | Index) -> bool:
    """Whether the database blames this one: PostgreSQL by its name, SQLite by its columns."""
    told = getattr(problem.orig, "diag", None)
    if told:
        return told.constraint_name == constraint.name
    columns = ", ".join(f"{constraint.table.name}.{column.name}" for column in constraint.columns)
    return str(problem.orig) == f"UNIQUE constraint failed: {columns}"


def set_in_row(engine, table: Table, number: int, values: dict) -> None:
    with engine.begin() as connection:
        connection.execute(update(table).where(table.c.id == number).values(values))


@pytest.mark.parametrize("constraint", UNIQUE, ids=lambda each: each.name)
def test_there_is_only_one_and_the_database_says_which(engine, constraint):
    fill(engine)
    table = constraint.table
    with engine.connect() as connection:
        stored = connection.execute(select(*(text(each.name) for each in constraint.columns)).select_from(table))
        first = dict(zip([each.name for each in constraint.columns], stored.first(), strict=True))
    raw = ", ".join(f"{name} = (SELECT {name} FROM {table.name} WHERE id = 1)" for name in first)
    with pytest.raises(IntegrityError) as problem, engine.begin() as connection:
        connection.execute(text(f"UPDATE {table.name} SET {raw} WHERE id = 2"))
    assert names(problem.value, constraint)


def test_every_only_one_of_the_rules_is_a_named_constraint():
    assert {each.name for each in UNIQUE} >= ONLY_ONE
    assert all(each.name for each in UNIQUE)


@pytest.mark.parametrize(("check", "values"), [(check, values) for check in BROKEN for values in BROKEN[check]])
def test_a_check_of_the_database_holds_and_is_named(engine, check, values):
    fill(engine)
    table = next(each for each in TABLES if any(one.name == check for one in each.constraints))
    with pytest.raises(IntegrityError, match=check):
        set_in_row(engine, table, 1, values)


def test_every_check_is_broken_once():
    assert set(BROKEN) == CHECKS


def test_a_draft_that_was_dropped_leaves_its_member_free_for_another_in_the_same_night(engine):
    fill(engine)
    answers = Base.metadata.tables["answers"]
    set_in_row(engine, answers, 1, {"dropped": True})
    set_in_row(engine, answers, 2, {"run_id": 1, "member_id": 1})
    with engine.connect() as connection:
        assert len(connection.execute(select(answers).where(answers.c.run_id == 1)).all()) == 2


@pytest.mark.parametrize("column", COLUMNS, ids=str)
def test_every_column_says_what_kind_of_thing_it_holds(column):
    assert isinstance(column.info.get("data_class"), DataClass)


@pytest.mark.parametrize("column", [each for each in COLUMNS if each.info["data_class"] in SEALED], ids=str)
def test_what_only_finds_a_partner_and_what_members_write_is_sealed(column):
    assert isinstance(column.type, Sealed)


@pytest.mark.parametrize("column", [each for each in COLUMNS if isinstance(each.type, Sealed)], ids=str)
def test_a_sealed_value_is_bound_to_its_own_column(column):
    assert column.type.column == str(column)


@pytest.mark.parametrize("column", [each for each in COLUMNS if each.info["data_class"] is DataClass.BY_ROW], ids=str)
def test_where_the_row_says_who_may_read_it_or_its_goal_has_a_visibility(column):
    assert {"visibility", "goal_id"} & set(column.table.columns.keys())


def test_the_seed_of_codes_is_sealed_and_every_other_secret_is_a_hash():
    secret = {str(each): each.type for each in COLUMNS if each.info["data_class"] is DataClass.SECRET}
    assert [name for name, kind in secret.items() if isinstance(kind, Sealed)] == [
        "accounts.code_seed",
        "accounts.new_code_seed",
    ]
    assert all(name.endswith(("_hash", "code_seed")) for name in secret)


def test_public_ids_are_random_and_long_enough_not_to_be_guessed(sessions):
    with sessions.begin() as session:
        ids = {make_account(session).public_id for _ in range(50)}
    assert len(ids) == 50
    assert {len(each) for each in ids} == {22}
    assert len({each[0] for each in ids}) > 5


def test_a_row_that_pages_may_name_has_a_public_id():
    public = {each.class_.__name__ for each in Base.registry.mappers if issubclass(each.class_, Public)}
    paired = {"PairingRun", "Partnership", "Proposal"}
    assert public == {"Account", "Goal", "Group", "Invitation", "Member", "Milestone", "SignIn"} | paired


@pytest.mark.parametrize(
    "moment",
    [
        datetime(2026, 1, 14, 12, tzinfo=UTC),
        datetime(2026, 7, 1, 0, 30, 1, 999, tzinfo=timezone(timedelta(hours=14))),
        datetime(2026, 10, 25, 1, 30, fold=1, tzinfo=ZoneInfo("Europe/London")),
        datetime(2026, 10, 25, 1, 30, fold=0, tzinfo=ZoneInfo("Europe/London")),
    ],
)
def test_a_moment_comes_back_aware_and_equal(sessions, moment):
    with sessions.begin() as session:
        group = make_group(session, made_at=moment)
    with sessions() as session:
        back = session.get(type(group), group.id).made_at
    assert back.tzinfo is UTC
    assert back == moment.astimezone(UTC)


def test_no_moment_stays_none(sessions):
    with sessions.begin() as session:
        group = make_group(session, opened_at=None)
    with sessions() as session:
        assert session.get(type(group), group.id).opened_at is None


def test_a_moment_without_a_zone_is_refused(sessions):
    with sessions() as session, pytest.raises(StatementError, match="has no zone"):
        make_group(session, made_at=datetime(2026, 1, 14, 12))  # noqa: DTZ001  # that is the point
