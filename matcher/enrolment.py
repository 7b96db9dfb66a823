"""From a sheet that was read to members of a group. What a member has told us themselves is never written over."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.addresses import is_address, normalised
from matcher.audit_trail import record
from matcher.constraints import unless_broken
from matcher.errors import GroupError
from matcher.groups import COMMAND_LINE
from matcher.models import Account, ConsentGiven, Experience, Goal, Group, Member, Request
from matcher.pairing.candidate import Experience as Told
from matcher.profile import windows_to_json, wishes_to_json
from matcher.sealing import Keyring, keyring_of
from matcher.spreadsheets.cells import quoted
from matcher.spreadsheets.person import Person, SetAside, Sheet, named_rows
from matcher.states import Consent, Visibility

LONGEST = {"name": 100, "goal area": 100, "rhythm": 40}
"""How many signs a row has room for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolment:
    """What became of a sheet: how many joined, how many were there already, and who was set aside and why.

    It never tells who had an account before, since that would tell of other groups.
    """

    joined: int
    already_there: int
    set_aside: tuple[SetAside, ...]
    notes: tuple[str, ...]


def enrol(session: Session, group: Group, sheet: Sheet, now: datetime, agreed: bool) -> Enrolment:
    """Make members of the people on a sheet; whoever is one already stays exactly as they are.

    ``agreed`` is the coordinator's word that everybody on the sheet said yes to being an adult, to the house rules, to
    being paired, and to the use of the experiences they wrote. Without it they join and are not ready. Raises
    GroupError where somebody else imports the same people at this moment.
    """
    able, set_aside = _sorted_out(sheet)
    accounts, there = _known(session, group, able)

    keyring = keyring_of(session.get_bind().dialect)
    joined = {
        address: _member(group, person, accounts.get(address) or Account(address=address, made_at=now), now, keyring)
        for address, person in able.items()
        if address not in there
    }
    for address, member in joined.items():
        member.invited_in_person = agreed
        member.consents = [
            ConsentGiven(consent=consent, how=f"{how}, imported on {_today(group, now)}", given_at=now)
            for consent, how in _consents(sheet, able[address], agreed).items()
        ]
        member.waiting_since = None if member.missing() else _today(group, now)

    _store(session, group, joined.values(), now)
    asked_in_vain = _ask(session, able, joined, there | joined, now)
    return Enrolment(
        joined=len(joined),
        already_there=len(there),
        set_aside=tuple(sorted([*sheet.set_aside, *set_aside], key=lambda each: each.row)),
        notes=(*sheet.notes, *_notes([able[address] for address in joined], asked_in_vain)),
    )


def _sorted_out(sheet: Sheet) -> tuple[dict[str, Person], list[SetAside]]:
    """The people whom a row can hold, by their address, and those whom it cannot, with the reason.

    An address stands in no two rows: reading the sheet has set those aside.
    """
    able: dict[str, Person] = {}
    set_aside = []
    for person in sheet.people:
        address = normalised(person.email)
        reason = _amiss(person, address)
        if reason:
            set_aside.append(SetAside(person.row, person.candidate.id, reason))
        else:
            able[address] = person
    return able, set_aside


def _amiss(person: Person, address: str) -> str:
    """What keeps a person from joining, or ""; see :func:`matcher.spreadsheets.people.read_people` for the rest."""
    if not address:
        return "no email; a member of a group needs one, to sign in and to be told of their partner"
    if not is_address(address):
        return f"{quoted(person.email)} is no email; write one such as name@example.org"
    if not person.name:
        return "no name; write what this person would like to be called"
    texts = [("name", person.name), ("rhythm", person.candidate.rhythm)]
    texts += [("goal area", goal.area) for goal in sorted(person.candidate.goals)]
    for what, text in texts:
        if len(text) > LONGEST[what]:
            return f"the {what} {quoted(text)} has {len(text)} signs; write at most {LONGEST[what]}"
    return ""


def _known(session: Session, group: Group, addresses: Iterable[str]) -> tuple[dict[str, Account], dict[str, Member]]:
    """The accounts there are for these addresses, and the members of this group among them, both by address."""
    accounts = session.scalars(select(Account).where(Account.address.in_(list(addresses))))
    by_id = {account.id: account for account in accounts}
    members = session.scalars(select(Member).where(Member.group_id == group.id, Member.account_id.in_(list(by_id))))
    return (
        {str(account.address): account for account in by_id.values()},
        {str(by_id[member.account_id].address): member for member in members},
    )


def _member(group: Group, person: Person, account: Account, now: datetime, keyring: Keyring) -> Member:
    told = person.candidate
    return Member(
        account=account,
        group=group,
        name=person.name,
        zone=told.zone,
        languages=sorted(told.languages),
        goals=[Goal(area=goal.area, tag=goal.tag) for goal in sorted(told.goals)],
        windows=windows_to_json(told.windows),
        writing_is_enough=told.writing_is_enough,
        experiences=[_experience(each, keyring) for each in told.experiences],
        support_style=told.support_style,
        channels=sorted(told.channels),
        rhythm=told.rhythm,
        welcomes_three=told.welcomes_three,
        wishes=wishes_to_json(told.wishes),
        about_me=dict(told.traits),
        goes_first=told.goes_first,
        joined_at=now,
    )


def _experience(told: Told, keyring: Keyring) -> Experience:
    return Experience(
        tag=told.tag,
        tag_mark=keyring.mark(told.tag, "experiences.tag"),
        stage=told.stage,
        visibility=Visibility.PROPOSED if told.shown else Visibility.FOR_MATCHING,
    )


def _consents(sheet: Sheet, person: Person, agreed: bool) -> dict[Consent, str]:
    """What somebody has said yes to, and how we know. A yes on the sheet itself is one to being paired and no more."""
    given = {Consent.PAIRING: "said yes on the sheet"} if sheet.asks_consent else {}
    if agreed:
        vouched = [Consent.ADULT, Consent.HOUSE_RULES, Consent.PAIRING]
        vouched += [Consent.EXPERIENCES] if person.candidate.experiences else []
        given |= dict.fromkeys(vouched, "told the coordinator")
    return given


def _store(session: Session, group: Group, members: Iterable[Member], now: datetime) -> None:
    at_once = GroupError(
        "Somebody else is importing some of these people at this moment. Wait a little, and try again."
    )
    account_made, member_made = (
        unless_broken(name, at_once) for name in ("uq_accounts_address", "uq_members_account_in_group")
    )
    with account_made, member_made, session.begin_nested():
        session.add_all(members)
    for member in members:
        record(session, now, COMMAND_LINE, "member imported", member, group)


def _ask(
    session: Session, able: Mapping[str, Person], joined: Iterable[str], members: Mapping[str, Member], now: datetime
) -> list[int]:
    """Keep whom the new members ask for, now that all have rows; gives the rows that ask for who was set aside."""
    by_id = {person.candidate.id: members[address] for address, person in able.items()}
    in_vain = []
    for address in joined:
        person, member = able[address], members[address]
        for asked in sorted(person.candidate.requests & by_id.keys()):
            session.add(Request(member_id=member.id, asked_id=by_id[asked].id, made_at=now))
        if person.candidate.requests - by_id.keys():
            in_vain.append(person.row)
    return in_vain


def _notes(joined: Sequence[Person], asked_in_vain: Sequence[int]) -> Iterator[str]:
    if asked_in_vain:
        yield f"{named_rows(asked_in_vain)}: somebody they ask for was set aside, so that request was not kept."
    waited = [person.row for person in joined if person.candidate.nights_waited]
    if waited:
        yield f"{named_rows(waited)}: nights waited are counted anew from today; who goes first still does."


def _today(group: Group, now: datetime) -> date:
    return now.astimezone(ZoneInfo(group.zone)).date()
