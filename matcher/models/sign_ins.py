"""How somebody comes in: browsers that are signed in, links that work once, codes for a lost phone, and counters."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, relationship

from matcher.models.base import Base, Public, kept, words_of
from matcher.models.people import Account
from matcher.states import DataClass, LinkUse


class SignIn(Public, Base):
    """A browser in which an account is signed in. The browser holds a random token, and here is only its hash.

    ``password_at`` is when the password was last typed in it, and ``code_at`` the code of a second factor: what is
    most delicate asks for them anew. Whoever ends a sign-in deletes the row.
    """

    __tablename__ = "sign_ins"

    account_id: Mapped[int] = kept(DataClass.PLUMBING, ForeignKey("accounts.id"), index=True)
    token_hash: Mapped[str] = kept(DataClass.SECRET, String(64), unique=True)
    device: Mapped[str] = kept(DataClass.ONLY_ME, String(100), default="")
    is_own_device: Mapped[bool] = kept(DataClass.ONLY_ME, default=False)
    begun_at: Mapped[datetime] = kept(DataClass.RECORD)
    seen_at: Mapped[datetime] = kept(DataClass.RECORD)
    password_at: Mapped[datetime] = kept(DataClass.RECORD)
    code_at: Mapped[datetime | None] = kept(DataClass.RECORD)

    account: Mapped[Account] = relationship()


class Link(Base):
    """A link that was mailed for one use, once, for a while. ``address`` is the one it was mailed to."""

    __tablename__ = "links"

    account_id: Mapped[int] = kept(DataClass.PLUMBING, ForeignKey("accounts.id"), index=True)
    use: Mapped[LinkUse] = kept(DataClass.RECORD, words_of(LinkUse))
    token_hash: Mapped[str] = kept(DataClass.SECRET, String(64), unique=True)
    address: Mapped[str] = kept(DataClass.CONTACT, String(320))
    made_at: Mapped[datetime] = kept(DataClass.RECORD)
    expires_at: Mapped[datetime] = kept(DataClass.RECORD)
    used_at: Mapped[datetime | None] = kept(DataClass.RECORD)

    account: Mapped[Account] = relationship()


class RecoveryCode(Base):
    """A code that stands in for a lost second factor, once."""

    __tablename__ = "recovery_codes"
    __table_args__ = (UniqueConstraint("account_id", "code_hash", name="uq_recovery_codes_of_account"),)

    account_id: Mapped[int] = kept(DataClass.PLUMBING, ForeignKey("accounts.id"))
    code_hash: Mapped[str] = kept(DataClass.SECRET, String(64))
    used_at: Mapped[datetime | None] = kept(DataClass.RECORD)


class Counter(Base):
    """How often something was tried lately, for all workers together. What was tried, and by whom, is only a hash."""

    __tablename__ = "counters"

    key_hash: Mapped[str] = kept(DataClass.SECRET, String(64), unique=True)
    count: Mapped[int] = kept(DataClass.PLUMBING)
    expires_at: Mapped[datetime] = kept(DataClass.PLUMBING)
