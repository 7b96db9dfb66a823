"""Accounts: opened by an invitation or an address, and kept by whoever reads the mail of that address.

No answer here tells whether an address is known: what differs goes to its mailbox, and the work is the same.
"""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from matcher import codes, links, outbox, passwords, sign_ins
from matcher.addresses import is_address, normalised
from matcher.audit_trail import record
from matcher.constraints import unless_broken
from matcher.errors import AddressError, LinkError, PasswordError
from matcher.models import Account, Group, Link, Member, SignIn
from matcher.states import LinkUse

_OF_ANOTHER = LinkError("This link is for another account than the one you are signed in with. Sign out, then open it.")
_TAKEN = AddressError(
    "You have another account with this address already, so nothing was changed. Sign in with that one, or ask for "
    "a new password for it; an invitation that is still good can be opened there."
)
_CLAIMS = 2
"""How many of the accounts that claim an address are looked at when somebody signs in with it."""


def address_in(text: str) -> str:
    """An address as it is kept. Raises AddressError where no mail could go there."""
    address = normalised(text)
    if not is_address(address):
        raise AddressError("This is no mail address. Write one such as name@example.org.")
    return address


def of_address(session: Session, address: str) -> Account | None:
    """The account of an address, if there is one."""
    return session.scalar(select(Account).where(Account.address == normalised(address)))


# Opening


def sign_up(session: Session, address: str, now: datetime) -> None:
    """Mail a link with which this address opens an account, or finds the one it has. Raises AddressError.

    Nothing is set before somebody who reads that mailbox has come back, so nobody can open an account for another.
    """
    wanted = address_in(address)
    account = of_address(session, wanted) or _new_unless_there(session, wanted, now)
    links.send(session, account, _link_for(account), wanted, now)


def open_by_invitation(
    session: Session,
    address: str,
    password: str,
    own_words: Collection[str],
    now: datetime,
    *,
    fewest: int = passwords.FEWEST,
) -> Account:
    """Open an account for somebody who holds an invitation, before the address is confirmed. Raises AddressError.

    Also PasswordError. Until then the account only claims the address, whoever else has it, so that nobody learns here
    whether it is known. Whoever confirms it, from its mailbox and not from here, sets a new password and ends this one:
    a wrong address never keeps its owner out.
    """
    wanted = address_in(address)
    passwords.require_strong(password, [wanted, *own_words], fewest)
    account = _new(session, None, now)
    account.claimed_address, account.password_hash = wanted, passwords.hash_of(password)
    links.send(session, account, LinkUse.CONFIRM, wanted, now)
    return account


def _new_unless_there(session: Session, address: str, now: datetime) -> Account:
    """Of two at the same moment the second finds what the first has made."""
    try:
        with session.begin_nested():
            return _new(session, address, now)
    except IntegrityError:
        return session.scalars(select(Account).where(Account.address == address)).one()


def _new(session: Session, address: str | None, now: datetime) -> Account:
    account = Account(address=address, made_at=now)
    session.add(account)
    record(session, now, "account", "account opened", account)
    return account


# Coming in


def with_password(session: Session, address: str, password: str) -> Account | None:
    """The account of an address and its password, or None. For an unknown address the work is the same."""
    found = None
    for account in (*_claiming(session, address), of_address(session, address)):  # all, so that the time tells nothing
        if passwords.fits(password, account.password_hash if account else None):
            found = account
    if found and found.password_hash and passwords.is_outdated(found.password_hash):
        found.password_hash = passwords.hash_of(password)
    return found


def _claiming(session: Session, address: str) -> list[Account | None]:
    """The newest accounts that claim an address and have not confirmed it; as many as are looked at, or None."""
    claims = select(Account).where(Account.claimed_address == normalised(address)).order_by(Account.id.desc())
    found = session.scalars(claims.limit(_CLAIMS)).all()
    return [*found, *[None] * (_CLAIMS - len(found))]


def _is_empty(session: Session, account: Account) -> bool:
    """Whether nobody has ever come into this account."""
    is_member = session.scalar(select(Member.id).where(Member.account_id == account.id).limit(1))
    unused = account.password_hash is None and account.address_confirmed_at is None
    return unused and is_member is None and not sign_ins.is_staff(session, account)


# What only the mailbox can do


def ask_for_reset(session: Session, address: str, now: datetime) -> None:
    """Mail a link that sets a new password, if the address is known; the answer is the same."""
    account = of_address(session, address) or _claiming(session, address)[0]
    if account:
        links.send(session, account, _link_for(account), normalised(address), now)


def ask_to_confirm(session: Session, account: Account, now: datetime) -> None:
    """Mail the link once more with which an account confirms its own address; nothing where that is done."""
    address = account.address or account.claimed_address
    if address and (account.address_confirmed_at is None or account.address_failed_at):
        links.send(session, account, LinkUse.CONFIRM, address, now)


def _link_for(account: Account) -> LinkUse:
    return LinkUse.RESET if account.address_confirmed_at else LinkUse.CONFIRM


def require_free(session: Session, link: Link) -> None:
    """Raise AddressError where another account has the address that a link is about, before a password is chosen.

    Only whoever reads that mailbox has the link, so nobody else learns of it.
    """
    holder = of_address(session, link.address)
    if holder and holder is not link.account and not _is_empty(session, holder):
        raise _TAKEN


def confirm_here(session: Session, token: str, account: Account, now: datetime) -> None:
    """Confirm the address of the account that is signed in here. Raises LinkError for a link of another.

    Also AddressError where another account has the address, of which nobody learns but its mailbox.
    """
    link = links.look(session, LinkUse.CONFIRM, token, now)
    if link.account_id != account.id:
        raise _OF_ANOTHER
    _require_its_address(link)
    links.take(session, LinkUse.CONFIRM, token, now)
    _confirm(session, account, link.address, now)


def set_password(session: Session, use: LinkUse, token: str, password: str, now: datetime) -> Account:
    """Set a new password by a link that was mailed; it confirms the address, and ends every sign-in there was.

    One that went to the old address takes that back, too. Raises LinkError, AddressError where it is somebody else's by
    now, and PasswordError, after which the link still works.
    """
    link = links.look(session, use, token, now)
    if use is not LinkUse.TAKE_BACK:
        _require_its_address(link)
    require_strong(session, link.account, password)
    links.take(session, use, token, now)
    if use is LinkUse.TAKE_BACK:
        _take_address(session, link.account, link.address, now)
    elif link.account.address_confirmed_at is None and codes.is_on(link.account):
        codes.turn_off(session, link.account, now)  # it is of whoever claimed the address, not of who reads its mail
    links.end_all(session, link.account, now)
    link.account.new_code_seed = None  # whoever began it may have been somebody else
    link.account.password_hash = passwords.hash_of(password)
    sign_ins.end_all(session, link.account)
    _confirm(session, link.account, link.address, now)
    record(session, now, "account", "password set", link.account)
    outbox.tell(session, link.account, "password_changed", f"password:{link.id}", now)
    return link.account


def _require_its_address(link: Link) -> None:
    """Raise LinkError for a link that went to an address which is not the account's any more: it is somebody else's."""
    if link.address not in (link.account.address, link.account.claimed_address):
        raise LinkError("This link went to an address that the account does not have any more. Nothing was changed.")


def require_strong(session: Session, account: Account, password: str) -> None:
    """Raise PasswordError where this password is weak for this account, by its own words and by what it may see."""
    fewest = passwords.FEWEST_FOR_STAFF if sign_ins.is_staff(session, account) else passwords.FEWEST
    own = select(Member.name, Group.name).join(Group).where(Member.account_id == account.id)
    words = [word for names in session.execute(own) for word in names]
    passwords.require_strong(password, [account.address or account.claimed_address or "", *words], fewest)


def _confirm(session: Session, account: Account, address: str, now: datetime) -> None:
    if account.claimed_address == address:
        _take_address(session, account, address, now)
    if account.address_confirmed_at is None or account.address_failed_at:
        account.address_confirmed_at, account.address_failed_at = now, None
        record(session, now, "account", "address confirmed", account)


# What takes the password again


def change_password(session: Session, here: SignIn, old: str, new: str, now: datetime) -> None:
    """Change the password, and sign every other browser out. Raises PasswordError for a wrong old or a weak new one."""
    account = here.account
    if not passwords.fits(old, account.password_hash):
        raise PasswordError("The old password is another one. Nothing was changed.")
    require_strong(session, account, new)
    account.password_hash, account.new_code_seed = passwords.hash_of(new), None
    here.password_at = now
    sign_ins.end_all(session, account, but=here)
    record(session, now, "account", "password set", account)
    outbox.tell(session, account, "password_changed", f"password:{here.public_id}:{now.isoformat()}", now)


def ask_for_address(session: Session, account: Account, address: str, now: datetime) -> None:
    """Mail a link to a new address; until it is used nothing changes. Also where that address has an account already:
    then the link finds it taken, which only the owner of the mailbox reads. Raises AddressError."""
    links.send(session, account, LinkUse.CHANGE, address_in(address), now)


def change_address(session: Session, here: SignIn, token: str, now: datetime) -> None:
    """Take the new address, which its link proves. Raises LinkError, and AddressError where it is taken by now.

    The old address gets a link that takes it back, and every other browser is signed out.
    """
    account = here.account
    link = links.look(session, LinkUse.CHANGE, token, now)
    if link.account_id != account.id:
        raise _OF_ANOTHER
    links.take(session, LinkUse.CHANGE, token, now)
    if account.address and account.address_confirmed_at and not links.is_open(session, account, LinkUse.TAKE_BACK, now):
        links.send(session, account, LinkUse.TAKE_BACK, account.address, now)  # a second change leaves it
    _take_address(session, account, link.address, now)
    account.address_confirmed_at, account.address_failed_at = now, None
    sign_ins.end_all(session, account, but=here)
    record(session, now, "account", "address changed", account)
    outbox.tell(session, account, "address_changed", f"address:{link.id}", now)


def _take_address(session: Session, account: Account, address: str, now: datetime) -> None:
    """Raises AddressError where it is another's; one that was only typed into the page for signing up gives way."""
    holder = of_address(session, address)
    if holder and holder is not account and _is_empty(session, holder):
        holder.address, holder.erased_at = None, now
        links.end_all(session, holder, now)
        session.flush()
    with unless_broken("uq_accounts_address", _TAKEN), session.begin_nested():
        account.address = address
    account.claimed_address = None
