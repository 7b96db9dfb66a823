"""The audit trail and the instance's own state."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped

from matcher.models.base import Base, kept
from matcher.states import DataClass


class AuditEvent(Base):
    """Who did what to which row, and when; never what was written. Stands in the same transaction as the act."""

    __tablename__ = "audit_events"

    at: Mapped[datetime] = kept(DataClass.RECORD)
    actor: Mapped[str] = kept(DataClass.RECORD, String(60))
    act: Mapped[str] = kept(DataClass.RECORD, String(60))
    subject: Mapped[str] = kept(DataClass.RECORD, String(60))
    group_id: Mapped[int | None] = kept(DataClass.PLUMBING, ForeignKey("groups.id"), index=True)
    values: Mapped[dict[str, Any]] = kept(DataClass.RECORD, default=dict)


class Fence(Base):
    """While one stands, nothing is sent: a restored copy must not write to people until a human has looked."""

    __tablename__ = "fences"

    since: Mapped[datetime] = kept(DataClass.RECORD)
    why: Mapped[str] = kept(DataClass.RECORD, String(200))
    lifted_at: Mapped[datetime | None] = kept(DataClass.RECORD)
