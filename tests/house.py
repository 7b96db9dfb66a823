"""A house full of people, each in another state and signed in in a browser: what the pages are tried on.

Everybody has one password and, where they look after a group, one seed for codes.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyotp
from sqlalchemy.orm import Session, sessionmaker

from matcher import accounts, codes, groups, invitations, links, passwords, people, rests, sign_ins
from matcher.models import Account, Coordinator, Experience, Group, Member, Milestone
from matcher.sealing import keyring_of
from matcher.settings import Settings
from matcher.states import Consent, LinkUse, Visibility
from tests.databases import KEY_LINE
from tests.invented_night import invented_night
from tests.rows import NOW, make_account, make_group, make_member, make_partnership, make_proposal, make_run

PASSWORD = "seven herons over the weir"
SHEET = Path(__file__).parents[1] / "matcher/spreadsheets/template.py"


@dataclass
class House:
    """Who lives here: the token of a browser by whose it is, and the ids that addresses are made of."""

    tokens: dict[str, str] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)
    seed: str = ""

    def path(self, pattern: str) -> str:
        """An address with its ids filled in: "/members/{waiting}/hours"."""
        return pattern.format_map(self.ids)


def settings_of(folder: Path, database_url: str) -> Settings:
    """The settings of pages on a database of the tests."""
    key_file = folder / "alongside.key"
    if not key_file.exists():
        key_file.touch(mode=0o600)
        key_file.write_text(KEY_LINE)
    return Settings(database_url=database_url, key_file=key_file, mail_folder=folder / "mails", smtp_host="")


def furnish(sessions: sessionmaker[Session]) -> House:
    """Let everybody move in, at NOW."""
    house = House()
    with sessions.begin() as session:
        kept = passwords.hash_of(PASSWORD)
        group, night = invented_night(session)
        other = make_group(session, name="Another Group", open_to_all=True)
        house.ids |= {"group": group.public_id, "other_group": other.public_id}
        _words(session, group)
        for name, member in {**_members(session, group, other, kept), "alone": night.alone[1].member}.items():
            house.ids[name] = member.public_id
            house.tokens[name] = sign_ins.begin(session, member.account, NOW, device="Firefox, Linux")
        _staff(session, house, group, other, kept)
        _open_doors(session, house, group)
    return house


def _members(session: Session, group: Group, other: Group, kept: str) -> Mapping[str, Member]:
    def moved_in(who: str, of: Group = group, **changes: Any) -> Member:
        account = make_account(session, address=f"{who}@example.org", password_hash=kept)
        return make_member(session, of, account=account, **{"name": who.capitalize()} | changes)

    empty = {"name": "", "zone": "", "languages": [], "windows": [], "goals": [], "consents": [], "waiting_since": None}
    there = {
        name: moved_in(name) for name in ("waiting", "proposed", "proposed_too", "partner", "partner_too", "resting")
    }
    there["newcomer"] = moved_in("newcomer", **empty)
    there["elsewhere"] = moved_in("elsewhere", other)
    there["leaving"] = moved_in("leaving")
    there["leaving"].account.erase_at = NOW + timedelta(days=7)
    there["unsure"] = moved_in("unsure", invited_in_person=True)
    there["unsure"].account.address = None
    there["unsure"].account.claimed_address = "unsure@example.org"
    there["unsure"].account.address_confirmed_at = None
    run = make_run(session, other, NOW.date() - timedelta(days=3))
    run.group = group
    make_proposal(session, run, [there["proposed"], there["proposed_too"]])
    make_partnership(session, [there["partner"], there["partner_too"]])
    rests.rest(session, there["resting"], NOW)
    _tell(session, there["waiting"])
    return there


def _tell(session: Session, member: Member) -> None:
    """One who has told everything there is to tell."""
    keyring = keyring_of(session.get_bind().dialect)
    goal = member.goals[0]
    goal.area, goal.visibility = "sleep", Visibility.PARTNER
    goal.words = "I would like to sleep through the night again, most nights."
    goal.if_this, goal.then_that = "I lie awake", "get up and read for a while"
    goal.milestones = [Milestone(place=0, words="No phone in bed for a week")]
    member.windows = [[0, 360, 720], [2, 1110, 1200], [4, 18 * 60, 22 * 60]]
    member.card = "Ask me twice. Please do not tell me to cheer up."
    member.channels, member.rhythm = ["phone", "text"], "weekly"
    member.experiences = [
        Experience(tag=tag, tag_mark=keyring.mark(tag, "experiences.tag"), stage=stage, visibility=visibility)
        for tag, stage, visibility in (
            ("a new city", "looking back", Visibility.PROPOSED),
            ("burnout", "steadier", Visibility.FOR_MATCHING),
        )
    ]
    people.agree(session, member, Consent.EXPERIENCES, "in a test", NOW)


def _words(session: Session, group: Group) -> None:
    groups.set_terms(session, group, "experience", ["a new city", "burnout", "grief"], NOW)
    groups.set_terms(session, group, "trait", ["gender: woman, man, another"], NOW)


def _staff(session: Session, house: House, group: Group, other: Group, kept: str) -> None:
    def signed_in(name: str, **changes: Any) -> Account:
        account = make_account(session, address=f"{name}@example.org", password_hash=kept, **changes)
        house.tokens[name] = sign_ins.begin(session, account, NOW, with_code=True)
        return account

    coordinator, founder = signed_in("coordinator"), signed_in("founder", makes_groups=True)
    elsewhere, without = signed_in("coordinator_elsewhere"), signed_in("coordinator_without_code")
    nobody = signed_in("nobody")
    for account in (coordinator, founder, elsewhere):
        house.seed = codes.begin(session, account, NOW)
        codes.confirm(session, account, pyotp.TOTP(house.seed).at(NOW - timedelta(seconds=30)), NOW)
    session.add_all(Coordinator(group_id=group.id, account=each) for each in (coordinator, without))
    session.add(Coordinator(group_id=other.id, account=elsewhere))
    _ = nobody
    codes.begin(session, founder, NOW)  # and has not typed the code of the new phone yet
    new = groups.found(session, founder, NOW, name="Harbour", zone="Europe/Berlin")
    house.ids["new_group"] = new.public_id


def _open_doors(session: Session, house: House, group: Group) -> None:
    house.ids["invitation"] = invitations.invite(session, group, NOW)
    house.ids["coordinators_invitation"] = invitations.invite(session, group, NOW, to_coordinate=True)
    house.ids["founders_invitation"] = invitations.invite_founder(session, NOW)
    invitations.send(session, group, NOW, "invited@example.org", "a test")
    account = accounts.of_address(session, "waiting@example.org")
    assert account
    for use in LinkUse:
        links.send(session, account, use, "waiting@example.org", NOW)
        session.flush()
        newest = session.query(links.Link).order_by(links.Link.id.desc()).first()
        house.ids[use.name.lower()] = links.renew(session, newest.id, NOW)[1]
    accounts.ask_for_reset(session, "coordinator@example.org", NOW)
    session.flush()
    newest = session.query(links.Link).order_by(links.Link.id.desc()).first()
    house.ids["coordinators_reset"] = links.renew(session, newest.id, NOW)[1]
    house.ids["a_day"] = date(2027, 5, 1).isoformat()


PAGES: dict[str, tuple[str, str]] = {
    "welcome": ("", "/"),
    "help": ("", "/help"),
    "house-rules": ("", "/house-rules"),
    "privacy": ("", "/privacy"),
    "sign-in": ("", "/sign-in"),
    "sign-up": ("", "/sign-up"),
    "look-into-your-mail": ("", "/look-into-your-mail"),
    "forgotten": ("", "/forgotten"),
    "invitation": ("", "/invitations/{invitation}"),
    "invitation-to-coordinate": ("", "/invitations/{coordinators_invitation}"),
    "invitation-to-found": ("", "/invitations/{founders_invitation}"),
    "invitation-signed-in": ("elsewhere", "/invitations/{invitation}"),
    "invitation-to-coordinate-signed-in": ("waiting", "/invitations/{coordinators_invitation}"),
    "link-confirm": ("", "/confirm/{confirm}"),
    "link-confirm-here": ("waiting", "/confirm/{confirm}"),
    "link-reset": ("", "/reset/{reset}"),
    "link-reset-with-code": ("", "/reset/{coordinators_reset}"),
    "link-take-back": ("", "/take-back/{take_back}"),
    "link-change": ("waiting", "/change/{change}"),
    "link-over": ("", "/reset/never-was"),
    "not-found": ("", "/nowhere"),
    "today-newcomer": ("newcomer", "/today"),
    "today-waiting": ("waiting", "/today"),
    "today-alone": ("alone", "/today"),
    "today-unsure": ("unsure", "/today"),
    "today-proposed": ("proposed", "/today"),
    "today-partner": ("partner", "/today"),
    "today-resting": ("resting", "/today"),
    "today-leaving": ("leaving", "/today"),
    "today-nobody": ("nobody", "/today"),
    "today-coordinator": ("coordinator", "/today"),
    "rules": ("newcomer", "/members/{newcomer}/rules"),
    "name": ("newcomer", "/members/{newcomer}/name"),
    "goals": ("newcomer", "/members/{newcomer}/goals"),
    "hours": ("newcomer", "/members/{newcomer}/hours"),
    "name-proposed": ("proposed", "/members/{proposed}/name"),
    "goals-told": ("waiting", "/members/{waiting}/goals"),
    "hours-told": ("waiting", "/members/{waiting}/hours"),
    "experiences": ("waiting", "/members/{waiting}/experiences"),
    "support": ("waiting", "/members/{waiting}/support"),
    "wishes": ("waiting", "/members/{waiting}/wishes"),
    "wishes-none": ("elsewhere", "/members/{elsewhere}/wishes"),
    "preview": ("waiting", "/members/{waiting}/preview"),
    "preview-partner": ("waiting", "/members/{waiting}/preview?as=partner"),
    "preview-coordinator": ("waiting", "/members/{waiting}/preview?as=coordinator"),
    "settings": ("waiting", "/settings"),
    "settings-member": ("waiting", "/members/{waiting}/settings"),
    "address": ("waiting", "/settings/address"),
    "password": ("waiting", "/settings/password"),
    "devices": ("waiting", "/settings/devices"),
    "second-factor": ("waiting", "/settings/second-factor"),
    "second-factor-must": ("coordinator_without_code", "/settings/second-factor"),
    "second-factor-on": ("coordinator", "/settings/second-factor"),
    "second-factor-begun": ("founder", "/settings/second-factor"),
    "step-up": ("waiting", "/step-up"),
    "notices": ("waiting", "/members/{waiting}/notices"),
    "rest": ("waiting", "/members/{waiting}/rest"),
    "leave": ("waiting", "/members/{waiting}/leave"),
    "copy": ("waiting", "/settings/copy"),
    "delete": ("waiting", "/settings/delete"),
    "delete-asked": ("leaving", "/settings/delete"),
    "desk": ("coordinator", "/desk"),
    "desk-founder": ("founder", "/desk"),
    "new-group": ("founder", "/desk/new"),
    "group": ("coordinator", "/desk/{group}"),
    "group-not-open": ("founder", "/desk/{new_group}"),
    "people": ("coordinator", "/desk/{group}/people"),
    "people-nobody": ("founder", "/desk/{new_group}/people"),
    "last-night": ("coordinator", "/desk/{group}/night"),
    "last-night-none": ("founder", "/desk/{new_group}/night"),
    "group-settings": ("coordinator", "/desk/{group}/settings"),
    "crisis-lines": ("coordinator", "/desk/{group}/lines"),
    "words": ("coordinator", "/desk/{group}/words"),
    "invitations": ("coordinator", "/desk/{group}/invitations"),
    "invitations-none": ("founder", "/desk/{new_group}/invitations"),
    "sheet": ("coordinator", "/desk/{group}/sheet"),
}
"""Every page in every state that GET shows: whose browser looks, and where."""
