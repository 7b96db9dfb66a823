"""What alembic runs: our connection, our rows, tables copied where SQLite cannot alter them."""

from typing import Literal

from alembic import context
from sqlalchemy import Enum

from matcher.models import Base
from matcher.models.base import Moment
from matcher.sealing import Sealed


def _plain_type(kind: str, item: object, _: object) -> str | Literal[False]:
    """A migration names plain types, so that it stays true when our own types change."""
    if kind == "type" and isinstance(item, Moment):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, Sealed):
        return "sa.LargeBinary()"
    if kind == "type" and isinstance(item, Enum):
        return f"sa.String(length={item.length})"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    compare_type=True,
    render_item=_plain_type,
)
with context.begin_transaction():
    context.run_migrations()
