"""Accounts and members: a person who signs in, and the same person in one group."""

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, relationship

from matcher.errors import StateError
from matcher.models.base import Base, Public, kept, words_of
from matcher.sealing import Sealed
from matcher.states import Consent, DataClass, MemberState, Visibility
from matcher.vocabulary import SupportStyle

if TYPE_CHECKING:
    from matcher.models.goals import Goal
    from matcher.models.groups import Group
    from matcher.models.pairing import Place

REQUIRED_CONSENTS = frozenset({Consent.ADULT, Consent.HOUSE_RULES, Consent.PAIRING})


class Account(Public, Base):
    """A person who may sign in. ``address`` is normalised and None once the account is erased.

    Who opened an account by an invitation has only a ``claimed_address`` until somebody confirms it from its mailbox:
    nobody is told whether it is another account's, and several may claim the same.
    ``address_failed_at`` is when a mail came back for good; no pairing until they confirm again. ``code_seed`` makes
    the codes of the second factor that is on since ``code_confirmed_at``; ``new_code_seed`` those of one that was begun
    and takes its place with its first code; ``code_step`` is the last half minute whose code was used, so that none
    works twice. ``makes_groups`` is given by whoever runs this instance. From
    ``erase_at`` on the account is to be forgotten, as its owner asked a week before.
    """

    __tablename__ = "accounts"

    address: Mapped[str | None] = kept(DataClass.CONTACT, String(320), unique=True)
    claimed_address: Mapped[str | None] = kept(DataClass.CONTACT, String(320), index=True)
    address_confirmed_at: Mapped[datetime | None] = kept(DataClass.RECORD)
    address_failed_at: Mapped[datetime | None] = kept(DataClass.RECORD)
    password_hash: Mapped[str | None] = kept(DataClass.SECRET, String(200))
    code_seed: Mapped[str | None] = kept(DataClass.SECRET, Sealed("accounts.code_seed"))
    code_confirmed_at: Mapped[datetime | None] = kept(DataClass.RECORD)
    new_code_seed: Mapped[str | None] = kept(DataClass.SECRET, Sealed("accounts.new_code_seed"))
    code_step: Mapped[int] = kept(DataClass.PLUMBING, default=0, server_default="0")
    makes_groups: Mapped[bool] = kept(DataClass.RECORD, default=False, server_default=false())
    made_at: Mapped[datetime] = kept(DataClass.RECORD)
    erase_at: Mapped[datetime | None] = kept(DataClass.RECORD)
    erased_at: Mapped[datetime | None] = kept(DataClass.RECORD)

    @property
    def reachable(self) -> bool:
        """Whether this is surely the person, and mail still reaches them."""
        return self.address_confirmed_at is not None and self.takes_mail

    @property
    def takes_mail(self) -> bool:
        """Whether no mail came back for good, and there is somebody to read it."""
        return self.address_failed_at is None and self.erased_at is None


class Member(Public, Base):
    """A person in a group. ``name`` is chosen by them and may differ from group to group.

    ``windows`` are (day 0 to 6, from minute, to minute) in the member's own zone; ``wishes`` are musts, ``preferences``
    nice to have, ``about_me`` is used by wishes of others and by nothing else. ``waiting_since`` is the day from which
    nights alone count. A rest without an end lasts until "I am here again". ``invited_in_person`` stands for a
    confirmed address until one is, in this group alone: somebody of it who knows them handed them the link. No mail of
    a kind in ``mails_off`` is sent, and none between ``quiet_from`` and ``quiet_until`` by the member's own clock.
    ``card`` says in own words how to support them.
    """

    __tablename__ = "members"
    __table_args__ = (
        UniqueConstraint("account_id", "group_id", name="uq_members_account_in_group"),
        CheckConstraint("resting_until IS NULL OR resting_from IS NOT NULL", name="rest_has_a_start"),
    )

    account_id: Mapped[int] = kept(DataClass.PLUMBING, ForeignKey("accounts.id"), index=True)
    group_id: Mapped[int] = kept(DataClass.PLUMBING, ForeignKey("groups.id"), index=True)
    name: Mapped[str] = kept(DataClass.NAME, String(100))
    zone: Mapped[str] = kept(DataClass.ONLY_ME, String(60), default="")
    languages: Mapped[list[str]] = kept(DataClass.PROPOSED, default=list)
    windows: Mapped[list[Any]] = kept(DataClass.FOR_MATCHING, Sealed("members.windows"), default=list)
    writing_is_enough: Mapped[bool] = kept(DataClass.PROPOSED, default=False)
    support_style: Mapped[SupportStyle | None] = kept(DataClass.PARTNER, words_of(SupportStyle))
    channels: Mapped[list[str]] = kept(DataClass.PROPOSED, default=list)
    rhythm: Mapped[str] = kept(DataClass.PROPOSED, String(40), default="")
    welcomes_three: Mapped[bool] = kept(DataClass.ONLY_ME, default=False)
    wishes: Mapped[list[Any]] = kept(DataClass.FOR_MATCHING, Sealed("members.wishes"), default=list)
    preferences: Mapped[list[Any]] = kept(DataClass.FOR_MATCHING, Sealed("members.preferences"), default=list)
    about_me: Mapped[dict[str, str]] = kept(DataClass.FOR_MATCHING, Sealed("members.about_me"), default=dict)
    card: Mapped[str | None] = kept(DataClass.PARTNER, Sealed("members.card"))
    quiet_from: Mapped[time] = kept(DataClass.ONLY_ME, default=time(21), server_default="21:00:00")
    quiet_until: Mapped[time] = kept(DataClass.ONLY_ME, default=time(8), server_default="08:00:00")
    mails_off: Mapped[list[str]] = kept(DataClass.ONLY_ME, default=list, server_default="[]")
    waiting_since: Mapped[date | None] = kept(DataClass.RECORD)
    goes_first: Mapped[bool] = kept(DataClass.RECORD, default=False)
    unanswered_in_a_row: Mapped[int] = kept(DataClass.RECORD, default=0)
    resting_from: Mapped[date | None] = kept(DataClass.RECORD)
    resting_until: Mapped[date | None] = kept(DataClass.RECORD)
    invited_in_person: Mapped[bool] = kept(DataClass.RECORD, default=False)
    joined_at: Mapped[datetime] = kept(DataClass.RECORD)
    left_at: Mapped[datetime | None] = kept(DataClass.RECORD)

    account: Mapped[Account] = relationship()
    group: Mapped["Group"] = relationship()
    goals: Mapped[list["Goal"]] = relationship(order_by="Goal.id", back_populates="member")
    experiences: Mapped[list["Experience"]] = relationship(order_by="Experience.id")
    consents: Mapped[list["ConsentGiven"]] = relationship(order_by="ConsentGiven.id")
    place: Mapped["Place | None"] = relationship(back_populates="member")

    @property
    def state(self) -> MemberState:
        """Where this member is on the way to a partner, worked out from the rows around them."""
        if self.left_at:
            return MemberState.LEFT
        if self.place:
            return MemberState.PARTNERED if self.place.partnership_id else MemberState.PROPOSED
        return MemberState.NOT_READY if self.missing() else MemberState.WAITING

    @property
    def reachable(self) -> bool:
        """Whether this is surely the person, as far as their group knows, and mail still reaches them."""
        return self.account.reachable or (self.invited_in_person and self.account.takes_mail)

    def is_resting(self, on: date) -> bool:
        """Whether a rest holds on this day; its last day is the one before ``resting_until``.

        It holds at once, even where the group's clock still shows the day before ``resting_from``.
        """
        return self.resting_from is not None and (self.resting_until is None or on < self.resting_until)

    def rest(self, today: date, until: date | None) -> None:
        """Rest from today; a rest that is on goes on, with a new end. Raises StateError for who has left."""
        if self.left_at:
            raise StateError("You have left this group. To come back, ask a coordinator for an invitation.", self)
        self.resting_from = self.resting_from if self.is_resting(today) else today
        self.resting_until = until

    def wake(self, today: date) -> timedelta | None:
        """End the rest, and give how long it was, None without one; none of it counts as waiting."""
        if self.resting_from is None:
            return None
        rested = max(timedelta(0), min(today, self.resting_until or today) - self.resting_from)
        self.resting_from = self.resting_until = None
        self.unanswered_in_a_row = 0
        if self.waiting_since:
            self.waiting_since += rested
        return rested

    def agrees_to(self, consent: Consent) -> bool:
        """Whether the member has said yes to this and not taken it back."""
        return any(each.consent is consent and each.withdrawn_at is None for each in self.consents)

    def missing(self) -> list[str]:
        """What still stands between this member and the next pairing, as words after "still missing:"."""
        has = {
            "a confirmed address": self.reachable,
            "the word of being an adult": self.agrees_to(Consent.ADULT),
            "a yes to the house rules": self.agrees_to(Consent.HOUSE_RULES),
            "a yes to being paired": self.agrees_to(Consent.PAIRING),
            "a name": bool(self.name),
            "a zone": bool(self.zone),
            "a language": bool(self.languages),
            "a goal": any(goal.is_open for goal in self.goals),
            "times, or that writing is enough": bool(self.windows) or self.writing_is_enough,
        }
        return [words for words, there in has.items() if not there]


class ConsentGiven(Base):
    """One yes of a member, and when it was taken back. A later yes to the same thing renews the row."""

    __tablename__ = "consents"
    __table_args__ = (UniqueConstraint("member_id", "consent", name="uq_consents_of_member"),)

    member_id: Mapped[int] = kept(DataClass.PLUMBING, ForeignKey("members.id"))
    consent: Mapped[Consent] = kept(DataClass.RECORD, words_of(Consent))
    how: Mapped[str] = kept(DataClass.RECORD, String(200))
    given_at: Mapped[datetime] = kept(DataClass.RECORD)
    withdrawn_at: Mapped[datetime | None] = kept(DataClass.RECORD)


class Experience(Base):
    """Something a member has lived. The word is sealed; its mark, a keyed hash, keeps it from standing there twice."""

    __tablename__ = "experiences"
    __table_args__ = (UniqueConstraint("member_id", "tag_mark", name="uq_experiences_of_member"),)

    member_id: Mapped[int] = kept(DataClass.PLUMBING, ForeignKey("members.id"))
    tag: Mapped[str] = kept(DataClass.FOR_MATCHING, Sealed("experiences.tag"))
    tag_mark: Mapped[str] = kept(DataClass.PLUMBING, String(64))
    stage: Mapped[str | None] = kept(DataClass.FOR_MATCHING, Sealed("experiences.stage"))
    visibility: Mapped[Visibility] = kept(DataClass.ONLY_ME, words_of(Visibility), default=Visibility.FOR_MATCHING)
