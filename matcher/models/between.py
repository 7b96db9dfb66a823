"""What stands between two members: requests, blocks, and who a coordinator holds apart or keeps together."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped

from matcher.models.base import Base, kept
from matcher.states import DataClass


class Request(Base):
    """A member who asks for another as a partner. Nobody but the one who asks ever reads it."""

    __tablename__ = "requests"
    __table_args__ = (
        UniqueConstraint("member_id", "asked_id", name="uq_requests_pair"),
        CheckConstraint("member_id <> asked_id", name="two_people"),
    )

    member_id: Mapped[int] = kept(DataClass.ONLY_ME, ForeignKey("members.id"))
    asked_id: Mapped[int] = kept(DataClass.ONLY_ME, ForeignKey("members.id"), index=True)
    made_at: Mapped[datetime] = kept(DataClass.RECORD)


class Block(Base):
    """An account that never wants to meet another again: in every group, both ways, silently."""

    __tablename__ = "blocks"
    __table_args__ = (
        UniqueConstraint("blocker_id", "blocked_id", name="uq_blocks_pair"),
        CheckConstraint("blocker_id <> blocked_id", name="two_people"),
    )

    blocker_id: Mapped[int] = kept(DataClass.ONLY_ME, ForeignKey("accounts.id"))
    blocked_id: Mapped[int] = kept(DataClass.ONLY_ME, ForeignKey("accounts.id"), index=True)
    made_at: Mapped[datetime] = kept(DataClass.RECORD)


class Hold(Base):
    """Two members whom a coordinator holds apart, until a day or for good, or keeps together at the next pairing."""

    __tablename__ = "holds"
    __table_args__ = (
        UniqueConstraint("first_id", "second_id", name="uq_holds_pair"),
        CheckConstraint("first_id < second_id", name="pair_in_order"),
    )

    group_id: Mapped[int] = kept(DataClass.PLUMBING, ForeignKey("groups.id"), index=True)
    first_id: Mapped[int] = kept(DataClass.COORDINATORS, ForeignKey("members.id"))
    second_id: Mapped[int] = kept(DataClass.COORDINATORS, ForeignKey("members.id"), index=True)
    together: Mapped[bool] = kept(DataClass.COORDINATORS, default=False)
    until: Mapped[date | None] = kept(DataClass.COORDINATORS)
    by_id: Mapped[int | None] = kept(DataClass.RECORD, ForeignKey("accounts.id"))
    made_at: Mapped[datetime] = kept(DataClass.RECORD)
