"""The outbox and its twin inside the product: mail is a row before it is a mail."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, relationship

from matcher.models.base import Base, kept, words_of
from matcher.models.people import Account
from matcher.states import DataClass, MessageState


class Message(Base):
    """A mail to be sent. ``key`` says what it is about, once; ``values`` hold ids and dates, never a secret or a name.

    It is for an account, or for the address of an invitation, which has none yet. A lease belongs to one attempt: who
    holds it may send, until ``lease_until``.
    """

    __tablename__ = "messages"
    __table_args__ = (
        UniqueConstraint("key", name="uq_messages_key"),
        Index("ix_messages_due", "state", "send_after"),
        CheckConstraint("(account_id IS NULL) <> (invitation_id IS NULL)", name="has_one_reader"),
    )

    key: Mapped[str] = kept(DataClass.PLUMBING, String(200))
    account_id: Mapped[int | None] = kept(DataClass.PLUMBING, ForeignKey("accounts.id"), index=True)
    invitation_id: Mapped[int | None] = kept(DataClass.PLUMBING, ForeignKey("invitations.id"), index=True)
    member_id: Mapped[int | None] = kept(DataClass.PLUMBING, ForeignKey("members.id"), index=True)
    kind: Mapped[str] = kept(DataClass.RECORD, String(40))
    values: Mapped[dict[str, Any]] = kept(DataClass.RECORD, default=dict)
    state: Mapped[MessageState] = kept(DataClass.RECORD, words_of(MessageState), default=MessageState.WAITING)
    made_at: Mapped[datetime] = kept(DataClass.RECORD)
    send_after: Mapped[datetime] = kept(DataClass.RECORD)
    attempts: Mapped[int] = kept(DataClass.RECORD, default=0)
    attempt: Mapped[str] = kept(DataClass.PLUMBING, String(40), default="")
    lease_until: Mapped[datetime | None] = kept(DataClass.RECORD)
    done_at: Mapped[datetime | None] = kept(DataClass.RECORD)
    last_error: Mapped[str] = kept(DataClass.RECORD, String(300), default="")

    account: Mapped[Account | None] = relationship()


class Notice(Base):
    """What a page tells somebody, exactly once: its key is unique, and the same as that of the mail."""

    __tablename__ = "notices"
    __table_args__ = (UniqueConstraint("key", name="uq_notices_key"),)

    key: Mapped[str] = kept(DataClass.PLUMBING, String(200))
    account_id: Mapped[int] = kept(DataClass.PLUMBING, ForeignKey("accounts.id"), index=True)
    member_id: Mapped[int | None] = kept(DataClass.PLUMBING, ForeignKey("members.id"), index=True)
    kind: Mapped[str] = kept(DataClass.RECORD, String(40))
    values: Mapped[dict[str, Any]] = kept(DataClass.RECORD, default=dict)
    made_at: Mapped[datetime] = kept(DataClass.RECORD)
    seen_at: Mapped[datetime | None] = kept(DataClass.ONLY_ME)
