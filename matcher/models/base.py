"""What all rows share: names of constraints, data classes, random public ids, aware moments."""

import secrets
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import JSON, DateTime, Dialect, Enum, MetaData, String
from sqlalchemy.orm import DeclarativeBase, Mapped, MappedColumn, mapped_column
from sqlalchemy.types import TypeDecorator

from matcher.states import DataClass

PUBLIC_ID_BYTES = 16
"""128 random bits: knowing one id tells nothing of another."""


class Moment(TypeDecorator[datetime]):
    """A point in time: always aware, stored as UTC, on SQLite too."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse what has no zone, since nobody could say when it was."""
        if value is not None and value.tzinfo is None:
            raise ValueError(f"{value} has no zone.")
        return value and value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the moment its zone back."""
        return value and (value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC))


class Base(DeclarativeBase):
    """The base of every row. Constraints have names, so that a race that one of them settles can be told apart."""

    metadata = MetaData(
        naming_convention={
            "pk": "pk_%(table_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: Moment(),
        list[str]: JSON(),
        dict[str, Any]: JSON(),
        list[dict[str, Any]]: JSON(),
    }

    id: Mapped[int] = mapped_column(primary_key=True, info={"data_class": DataClass.PLUMBING})


class Public:
    """A row that pages may name: by a random token, never by its number."""

    public_id: Mapped[str] = mapped_column(
        String(40),
        default=lambda: secrets.token_urlsafe(PUBLIC_ID_BYTES),
        unique=True,
        info={"data_class": DataClass.PLUMBING},
    )


def kept(data_class: DataClass, *arguments: Any, **options: Any) -> MappedColumn[Any]:
    """A mapped column that says what kind of thing it holds."""
    return mapped_column(*arguments, info={"data_class": data_class}, **options)


def words_of(kind: type[StrEnum]) -> Enum:
    """A column type for one of our enums: its words as text, so that a new one needs no migration."""
    return Enum(kind, native_enum=False, length=60, create_constraint=False, values_callable=lambda each: list(each))
