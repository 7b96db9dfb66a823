"""A peer support group, what it asks of its members, and who looks after it."""

from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, relationship

from matcher.models.base import Base, Public, kept
from matcher.models.people import Account
from matcher.pairing.policy import Policy
from matcher.states import DataClass
from matcher.vocabulary import DAYS
from matcher.zones import zone_of


class Group(Public, Base):
    """A group. It is open once it has crisis lines, and only an open group pairs people.

    ``pairing_days`` are names of :data:`~matcher.vocabulary.DAYS`; ``pairing_hour`` is wall time in ``zone``. Drafts go
    out by themselves at noon unless held, or with ``publishes_at_once`` right after the night. Mode, term and every
    other limit of the pairing are in the newest policy.
    """

    __tablename__ = "groups"

    name: Mapped[str] = kept(DataClass.GROUP, String(200), unique=True)
    zone: Mapped[str] = kept(DataClass.GROUP, String(60))
    pairing_days: Mapped[list[str]] = kept(DataClass.GROUP, default=lambda: [DAYS[6], DAYS[2]])
    pairing_hour: Mapped[time] = kept(DataClass.GROUP, default=time(3, 30))
    first_pairing_on: Mapped[date | None] = kept(DataClass.GROUP)
    publishes_at_once: Mapped[bool] = kept(DataClass.GROUP, default=False)
    open_to_all: Mapped[bool] = kept(DataClass.GROUP, default=False)
    answer_days: Mapped[int] = kept(DataClass.GROUP, default=3)
    promise_nights: Mapped[int] = kept(DataClass.GROUP, default=14)
    house_rules: Mapped[str] = kept(DataClass.GROUP, default="")
    crisis_lines_review_on: Mapped[date | None] = kept(DataClass.GROUP)
    made_at: Mapped[datetime] = kept(DataClass.RECORD)
    opened_at: Mapped[datetime | None] = kept(DataClass.RECORD)

    crisis_lines: Mapped[list["CrisisLine"]] = relationship(order_by="CrisisLine.place")
    policies: Mapped[list["PolicyVersion"]] = relationship(order_by="PolicyVersion.version")
    coordinators: Mapped[list["Coordinator"]] = relationship(order_by="Coordinator.id")

    @property
    def policy(self) -> Policy:
        """The newest policy; the one of the rules page until somebody has written another."""
        return self.policies[-1].policy if self.policies else Policy()


class CrisisLine(Base):
    """Whom to call now. Entered by a coordinator; we never invent one."""

    __tablename__ = "crisis_lines"
    __table_args__ = (UniqueConstraint("group_id", "place", name="uq_crisis_lines_place"),)

    group_id: Mapped[int] = kept(DataClass.PLUMBING, ForeignKey("groups.id"))
    place: Mapped[int] = kept(DataClass.PLUMBING)
    name: Mapped[str] = kept(DataClass.GROUP, String(200))
    reach: Mapped[str] = kept(DataClass.GROUP, String(200))


class Coordinator(Base):
    """An account that looks after a group."""

    __tablename__ = "coordinators"
    __table_args__ = (UniqueConstraint("group_id", "account_id", name="uq_coordinators_account"),)

    group_id: Mapped[int] = kept(DataClass.PLUMBING, ForeignKey("groups.id"))
    account_id: Mapped[int] = kept(DataClass.PLUMBING, ForeignKey("accounts.id"))

    account: Mapped[Account] = relationship()


class PolicyVersion(Base):
    """One version of a group's policy; never changed, only followed by the next."""

    __tablename__ = "policies"
    __table_args__ = (UniqueConstraint("group_id", "version", name="uq_policies_version"),)

    group_id: Mapped[int] = kept(DataClass.PLUMBING, ForeignKey("groups.id"))
    version: Mapped[int] = kept(DataClass.COORDINATORS)
    rules: Mapped[dict[str, Any]] = kept(DataClass.COORDINATORS)
    note: Mapped[str] = kept(DataClass.COORDINATORS, default="")
    author_id: Mapped[int | None] = kept(DataClass.RECORD, ForeignKey("accounts.id"))
    made_at: Mapped[datetime] = kept(DataClass.RECORD)

    @property
    def policy(self) -> Policy:
        """The policy as the engine takes it."""
        return Policy.from_mapping(self.rules | {"version": self.version})


class GroupTerm(Base):
    """A word of a group's own vocabulary: an area, an experience or a trait that its members may choose."""

    __tablename__ = "group_terms"
    __table_args__ = (UniqueConstraint("group_id", "kind", "word", name="uq_group_terms_word"),)

    group_id: Mapped[int] = kept(DataClass.PLUMBING, ForeignKey("groups.id"))
    kind: Mapped[str] = kept(DataClass.GROUP, String(20))
    word: Mapped[str] = kept(DataClass.GROUP, String(100))


class Invitation(Public, Base):
    """A link into a group, for a member or a coordinator. Only the hash of its token is kept.

    Without a group it is for somebody who will make one.
    """

    __tablename__ = "invitations"

    group_id: Mapped[int | None] = kept(DataClass.PLUMBING, ForeignKey("groups.id"), index=True)
    token_hash: Mapped[str] = kept(DataClass.SECRET, String(64), unique=True)
    address: Mapped[str] = kept(DataClass.CONTACT, String(320), default="")
    to_coordinate: Mapped[bool] = kept(DataClass.COORDINATORS, default=False)
    made_at: Mapped[datetime] = kept(DataClass.RECORD)
    expires_at: Mapped[datetime] = kept(DataClass.RECORD)
    used_at: Mapped[datetime | None] = kept(DataClass.RECORD)

    def last_day(self, zone: str) -> date:
        """The last whole day on which it works, by the clock of a zone; UTC's where that is unknown."""
        return self.expires_at.astimezone(zone_of(zone)).date() - timedelta(days=1)
