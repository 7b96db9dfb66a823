"""Pairing runs and what comes of them: drafts, proposals, answers, who is alone, and the one place a member has."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, relationship

from matcher.errors import StateError
from matcher.models.base import Base, Public, kept, words_of
from matcher.sealing import Sealed
from matcher.states import Closing, DataClass, ProposalState, RunState
from matcher.vocabulary import TERMS_SHOWN

if TYPE_CHECKING:
    from matcher.models.groups import Group
    from matcher.models.partnerships import Partnership
    from matcher.models.people import Member


class PairingRun(Public, Base):
    """One night of one group: its key is the date of the night in the group's zone.

    ``snapshot`` is what the night is decided from, sealed, and gone once the night was published. ``told`` are the
    figures of the assignment, in numbers and without people. A failed run keeps its error and may be opened again.
    """

    __tablename__ = "pairing_runs"
    __table_args__ = (UniqueConstraint("group_id", "night", name="uq_pairing_runs_night"),)

    group_id: Mapped[int] = kept(DataClass.PLUMBING, ForeignKey("groups.id"))
    night: Mapped[date] = kept(DataClass.COORDINATORS)
    state: Mapped[RunState] = kept(DataClass.COORDINATORS, words_of(RunState))
    policy_version: Mapped[int] = kept(DataClass.COORDINATORS, default=1)
    snapshot: Mapped[dict[str, Any] | None] = kept(DataClass.FOR_MATCHING, Sealed("pairing_runs.snapshot"))
    fingerprint: Mapped[str] = kept(DataClass.COORDINATORS, String(64), default="")
    told: Mapped[dict[str, Any]] = kept(DataClass.COORDINATORS, default=dict)
    error: Mapped[str] = kept(DataClass.COORDINATORS, default="")
    gathered_at: Mapped[datetime] = kept(DataClass.RECORD)
    stored_at: Mapped[datetime | None] = kept(DataClass.RECORD)
    published_at: Mapped[datetime | None] = kept(DataClass.RECORD)

    group: Mapped["Group"] = relationship()
    proposals: Mapped[list["Proposal"]] = relationship(order_by="Proposal.id", back_populates="run")
    alone: Mapped[list["LeftAlone"]] = relationship(order_by="LeftAlone.id")

    def move(self, to: RunState) -> None:
        """Go on to a state. Raises StateError where the night has not come that far, or has passed it."""
        if to not in _AFTER[self.state]:
            raise StateError(f"The night of {self.night} is {self.state}; it cannot become {to} any more.", self)
        self.state = to


_AFTER = {
    RunState.GATHERED: {RunState.DRAFTED, RunState.FAILED, RunState.SUPERSEDED},
    RunState.FAILED: {RunState.GATHERED, RunState.SUPERSEDED},
    RunState.DRAFTED: {RunState.HELD, RunState.PUBLISHED, RunState.SUPERSEDED},
    RunState.HELD: {RunState.DRAFTED, RunState.PUBLISHED, RunState.SUPERSEDED},
    RunState.PUBLISHED: set(),
    RunState.SUPERSEDED: set(),
    RunState.QUIET: set(),
}


class Proposal(Public, Base):
    """Two or three members who might become partners: a draft first, then open for answers, then accepted or closed.

    ``reasons`` are sentences that all of them may read; ``points_by_term`` nobody reads as they are. With a
    ``partnership`` it asks an open pair and a newcomer. A closed proposal is told at the first pairing night after the
    time to answer it, whatever closed it: ``told_at``. Until then nothing shows.
    """

    __tablename__ = "proposals"

    run_id: Mapped[int] = kept(DataClass.PLUMBING, ForeignKey("pairing_runs.id"), index=True)
    partnership_id: Mapped[int | None] = kept(DataClass.PLUMBING, ForeignKey("partnerships.id"), index=True)
    state: Mapped[ProposalState] = kept(DataClass.COORDINATORS, words_of(ProposalState), default=ProposalState.DRAFT)
    points: Mapped[int] = kept(DataClass.COORDINATORS)
    points_by_term: Mapped[dict[str, int]] = kept(DataClass.FOR_MATCHING, Sealed("proposals.points_by_term"))
    overlap_minutes: Mapped[int] = kept(DataClass.PROPOSED)
    reasons: Mapped[list[str]] = kept(DataClass.PROPOSED, Sealed("proposals.reasons"))
    opened_at: Mapped[datetime | None] = kept(DataClass.RECORD)
    closed_at: Mapped[datetime | None] = kept(DataClass.RECORD)
    closing: Mapped[Closing | None] = kept(DataClass.NOBODY, words_of(Closing))
    told_at: Mapped[datetime | None] = kept(DataClass.RECORD)

    run: Mapped[PairingRun] = relationship(back_populates="proposals")
    partnership: Mapped["Partnership | None"] = relationship()
    answers: Mapped[list["Answer"]] = relationship(order_by="Answer.member_id", back_populates="proposal")

    @property
    def points_told(self) -> dict[str, int]:
        """The points as coordinators read them: by term for what both show, and in one sum for all the rest.

        A term of its own would tell that somebody asked for the other, or lived the same, and showed it to nobody.
        """
        told = {term: points for term, points in self.points_by_term.items() if term in TERMS_SHOWN}
        rest = sum(self.points_by_term.values()) - sum(told.values())
        return told | ({"what they keep to themselves": rest} if rest else {})

    def open(self, now: datetime) -> None:
        """Let a draft go out."""
        if self.state is not ProposalState.DRAFT:
            raise StateError("This proposal has gone out already.", self)
        self.state = ProposalState.OPEN
        self.opened_at = now

    def accept(self, now: datetime) -> None:
        """Everybody who counts said yes."""
        if self.state is not ProposalState.OPEN:
            raise StateError("This proposal is not open.", self)
        self.state = ProposalState.ACCEPTED
        self.closed_at = now

    def close(self, closing: Closing, now: datetime) -> None:
        """Let it come to nothing; told to nobody before the time to answer is over."""
        if self.state not in (ProposalState.DRAFT, ProposalState.OPEN):
            raise StateError("This proposal has found its end already.", self)
        self.state = ProposalState.CLOSED
        self.closing = closing
        self.closed_at = now


_WHILE_NOT_DROPPED: dict[str, Any] = {"sqlite_where": text("NOT dropped"), "postgresql_where": text("NOT dropped")}


class Answer(Base):
    """What one member said to one proposal; nobody else sees it before all have said yes.

    ``yes`` is None until they answer. ``answer_by`` is the last minute of the last day in their own zone. Who
    ``withdrew`` closed it by resting, leaving, changing or blocking, and is told nothing more of it. ``dropped``
    belongs to a draft that never went out; without those a member is in one proposal a night.
    """

    __tablename__ = "answers"
    __table_args__ = (
        UniqueConstraint("proposal_id", "member_id", name="uq_answers_member"),
        Index("uq_answers_one_in_a_night", "run_id", "member_id", unique=True, **_WHILE_NOT_DROPPED),
    )

    proposal_id: Mapped[int] = kept(DataClass.PLUMBING, ForeignKey("proposals.id"))
    run_id: Mapped[int] = kept(DataClass.PLUMBING, ForeignKey("pairing_runs.id"))
    member_id: Mapped[int] = kept(DataClass.PLUMBING, ForeignKey("members.id"), index=True)
    joins: Mapped[bool] = kept(DataClass.PROPOSED, default=False)
    yes: Mapped[bool | None] = kept(DataClass.ONLY_ME)
    reason: Mapped[str] = kept(DataClass.COORDINATORS, String(60), default="")
    answer_by: Mapped[datetime | None] = kept(DataClass.RECORD)
    answered_at: Mapped[datetime | None] = kept(DataClass.RECORD)
    withdrew: Mapped[bool] = kept(DataClass.RECORD, default=False)
    dropped: Mapped[bool] = kept(DataClass.RECORD, default=False)

    proposal: Mapped[Proposal] = relationship(back_populates="answers")
    member: Mapped["Member"] = relationship()


class LeftAlone(Base):
    """A member for whom the night had nobody: why, and the one change that could help."""

    __tablename__ = "left_alone"
    __table_args__ = (UniqueConstraint("run_id", "member_id", name="uq_left_alone_member"),)

    run_id: Mapped[int] = kept(DataClass.PLUMBING, ForeignKey("pairing_runs.id"))
    member_id: Mapped[int] = kept(DataClass.PLUMBING, ForeignKey("members.id"), index=True)
    cause: Mapped[str] = kept(DataClass.COORDINATORS, String(60))
    could_help: Mapped[str] = kept(DataClass.ONLY_ME, Sealed("left_alone.could_help"), default="")
    possible_partners: Mapped[int] = kept(DataClass.COORDINATORS)
    barriers: Mapped[dict[str, int]] = kept(DataClass.FOR_MATCHING, Sealed("left_alone.barriers"))

    member: Mapped["Member"] = relationship()


class Place(Base):
    """Where a member is busy: in a proposal or in a partnership, never in two. The database sees to it."""

    __tablename__ = "places"
    __table_args__ = (
        UniqueConstraint("member_id", name="uq_places_one_per_member"),
        CheckConstraint("(proposal_id IS NULL) <> (partnership_id IS NULL)", name="one_thing"),
    )

    member_id: Mapped[int] = kept(DataClass.PLUMBING, ForeignKey("members.id"))
    proposal_id: Mapped[int | None] = kept(DataClass.PLUMBING, ForeignKey("proposals.id"), index=True)
    partnership_id: Mapped[int | None] = kept(DataClass.PLUMBING, ForeignKey("partnerships.id"), index=True)

    member: Mapped["Member"] = relationship(back_populates="place")
