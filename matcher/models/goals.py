"""What members work on: goals, their milestones, and the steps from week to week."""

from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, relationship

from matcher.models.base import Base, Public, kept, words_of
from matcher.sealing import Sealed
from matcher.states import DataClass, Visibility

if TYPE_CHECKING:
    from matcher.models.people import Member


class Goal(Public, Base):
    """A goal: its area stands in every proposal, its own words are sealed and go where its visibility says."""

    __tablename__ = "goals"

    member_id: Mapped[int] = kept(DataClass.PLUMBING, ForeignKey("members.id"), index=True)
    area: Mapped[str] = kept(DataClass.PROPOSED, String(100))
    tag: Mapped[str] = kept(DataClass.FOR_MATCHING, Sealed("goals.tag"), default="")
    words: Mapped[str] = kept(DataClass.BY_ROW, Sealed("goals.words"), default="")
    visibility: Mapped[Visibility] = kept(DataClass.ONLY_ME, words_of(Visibility), default=Visibility.PARTNER)
    if_this: Mapped[str] = kept(DataClass.BY_ROW, Sealed("goals.if_this"), default="")
    then_that: Mapped[str] = kept(DataClass.BY_ROW, Sealed("goals.then_that"), default="")
    reached_at: Mapped[datetime | None] = kept(DataClass.RECORD)
    let_go_at: Mapped[datetime | None] = kept(DataClass.RECORD)

    member: Mapped["Member"] = relationship(back_populates="goals")
    milestones: Mapped[list["Milestone"]] = relationship(order_by="Milestone.place", cascade="all, delete-orphan")
    steps: Mapped[list["Step"]] = relationship(order_by="Step.week")

    @property
    def is_open(self) -> bool:
        """Whether the member still works on it."""
        return self.reached_at is None and self.let_go_at is None


class Milestone(Public, Base):
    """A place on the way to a goal, in the member's order."""

    __tablename__ = "milestones"
    __table_args__ = (UniqueConstraint("goal_id", "place", name="uq_milestones_place"),)

    goal_id: Mapped[int] = kept(DataClass.PLUMBING, ForeignKey("goals.id"))
    place: Mapped[int] = kept(DataClass.PLUMBING)
    words: Mapped[str] = kept(DataClass.BY_ROW, Sealed("milestones.words"))
    reached_at: Mapped[datetime | None] = kept(DataClass.RECORD)


class Step(Base):
    """What a member will do for a goal by the end of one week, which is named by its Monday."""

    __tablename__ = "steps"
    __table_args__ = (UniqueConstraint("goal_id", "week", name="uq_steps_week"),)

    goal_id: Mapped[int] = kept(DataClass.PLUMBING, ForeignKey("goals.id"))
    week: Mapped[date] = kept(DataClass.RECORD)
    words: Mapped[str] = kept(DataClass.BY_ROW, Sealed("steps.words"))
    outcome: Mapped[str] = kept(DataClass.PARTNER, String(20), default="")
