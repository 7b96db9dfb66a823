"""Partnerships of two or three, and each partner's part in them."""

from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, relationship

from matcher.errors import StateError
from matcher.models.base import Base, Public, kept, words_of
from matcher.states import DataClass, Ending, PartnershipState

if TYPE_CHECKING:
    from matcher.models.groups import Group
    from matcher.models.people import Member


class Partnership(Public, Base):
    """Two or three members who all said yes. ``term_ends_on`` is the day after the last of its weeks."""

    __tablename__ = "partnerships"

    group_id: Mapped[int] = kept(DataClass.PLUMBING, ForeignKey("groups.id"), index=True)
    state: Mapped[PartnershipState] = kept(
        DataClass.COORDINATORS, words_of(PartnershipState), default=PartnershipState.ACTIVE
    )
    started_at: Mapped[datetime] = kept(DataClass.RECORD)
    first_week: Mapped[date] = kept(DataClass.RECORD)
    term_ends_on: Mapped[date] = kept(DataClass.RECORD)
    ended_at: Mapped[datetime | None] = kept(DataClass.RECORD)
    ending: Mapped[Ending | None] = kept(DataClass.NOBODY, words_of(Ending))
    automatic_texts_stopped_at: Mapped[datetime | None] = kept(DataClass.RECORD)

    group: Mapped["Group"] = relationship()
    partners: Mapped[list["Partner"]] = relationship(order_by="Partner.id", back_populates="partnership")

    @property
    def present(self) -> list["Partner"]:
        """The partners who have not left."""
        return [partner for partner in self.partners if partner.left_at is None]

    @property
    def is_open_pair(self) -> bool:
        """Whether two active partners both welcome a third."""
        there = self.present
        return (
            self.state is PartnershipState.ACTIVE
            and len(there) == 2
            and all(partner.welcomes_third for partner in there)
        )

    def end(self, ending: Ending, now: datetime) -> None:
        """End it for everybody who is still there."""
        if self.state is not PartnershipState.ACTIVE:
            raise StateError("This partnership has ended already.", self)
        self.state = PartnershipState.ENDED
        self.ending = ending
        self.ended_at = now


class Partner(Base):
    """One member's part in one partnership, from joining to leaving. Who left three may come back: a part of its own.

    ``last_sign_at`` is the last sign of life, without its content.
    """

    __tablename__ = "partners"
    __table_args__ = (UniqueConstraint("partnership_id", "member_id", "joined_at", name="uq_partners_member"),)

    partnership_id: Mapped[int] = kept(DataClass.PLUMBING, ForeignKey("partnerships.id"))
    member_id: Mapped[int] = kept(DataClass.PLUMBING, ForeignKey("members.id"), index=True)
    welcomes_third: Mapped[bool] = kept(DataClass.ONLY_ME, default=False)
    joined_at: Mapped[datetime] = kept(DataClass.RECORD)
    last_sign_at: Mapped[datetime] = kept(DataClass.RECORD)
    left_at: Mapped[datetime | None] = kept(DataClass.RECORD)
    left_by: Mapped[Ending | None] = kept(DataClass.NOBODY, words_of(Ending))

    partnership: Mapped[Partnership] = relationship(back_populates="partners")
    member: Mapped["Member"] = relationship()
