"""Rows in every table of a database at any revision, with values made from nothing but the columns' types."""

from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import JSON, Column, Engine, MetaData, Table, insert, select

_KEPT_EMPTY = {("places", "partnership_id"), ("messages", "invitation_id")}
"""A place is in a proposal or in a partnership, a message for an account or an invitation; a check forbids both."""


def tables_of(engine: Engine) -> list[Table]:
    """The tables as they stand in the database, each after those it points to."""
    found = MetaData()
    found.reflect(engine)
    return [table for table in found.sorted_tables if table.name != "alembic_version"]


def fill(engine: Engine) -> None:
    """Put two rows into every table, and one more where the rows of another name two of them."""
    tables = tables_of(engine)
    numbers = {table.name: max(2, *(_most_ways(other, table) + 1 for other in tables)) for table in tables}
    with engine.begin() as connection:
        for table in tables:
            for number in range(1, numbers[table.name] + 1):
                connection.execute(insert(table).values(_row(table, number, numbers)))


def rows_of(engine: Engine) -> dict[str, list[dict[str, Any]]]:
    """All rows of all tables, by table and in order, as the database gives them."""
    with engine.connect() as connection:
        return {
            table.name: [dict(row._mapping) for row in connection.execute(select(table).order_by(table.c.id))]
            for table in tables_of(engine)
        }


def _most_ways(other: Table, table: Table) -> int:
    return sum(key.column.table is table for key in other.foreign_keys)


def _row(table: Table, number: int, numbers: dict[str, int]) -> dict[str, Any]:
    row: dict[str, Any] = {}
    pointed: dict[str, int] = {}
    for column in table.columns:
        key = next(iter(column.foreign_keys), None)
        if (table.name, column.name) in _KEPT_EMPTY:
            continue
        if key is None:
            row[column.name] = _value(column, number)
            continue
        to = key.column.table.name
        row[column.name] = min(number + pointed.get(to, 0), numbers[to])
        pointed[to] = pointed.get(to, 0) + 1
    return row


def _value(column: Column[Any], number: int) -> Any:
    if isinstance(column.type, JSON):
        return {"number": number}
    made = {
        str: f"{number} {column.name}"[: getattr(column.type, "length", None)],
        int: number,
        bool: False,
        bytes: bytes([number]),
        date: date(2026, 1, number),
        time: time(number),
        datetime: datetime(2026, 1, number, 12, tzinfo=UTC),
    }
    return made[column.type.python_type]
