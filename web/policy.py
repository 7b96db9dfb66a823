"""Who may do what: every route and method, who it opens to, and how often. What is not listed does not exist."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class Who(StrEnum):
    """Whom a route opens to. Whose things they see there is asked where the things are looked up."""

    ANYBODY = "anybody"
    SIGNED_IN = "whoever is signed in"
    FRESH = "whoever is signed in and typed the password a few minutes ago"
    STAFF = "whoever looks after a group, or may make one, and came in with a second factor"


class Of(StrEnum):
    """Whose tries are counted together."""

    PLACE = "place"  # one network address
    ADDRESS = "address"  # the mail address that was typed
    BROWSER = "browser"  # one that is signed in
    LINK = "link"  # one that was mailed or handed over
    EVERYBODY = "everybody"


@dataclass(frozen=True, slots=True)
class Limit:
    """How many tries within how long, counted for whom. Workers share the counts, and they survive a restart."""

    most: int
    within: timedelta
    of: Of


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of the policy."""

    who: Who
    limits: tuple[Limit, ...] = ()


_MINUTES, _HOUR, _DAY = timedelta(minutes=5), timedelta(hours=1), timedelta(days=1)
PASSWORD_TRIES = (
    Limit(30, _MINUTES, Of.PLACE),  # a clinic may be behind one
    Limit(10, _MINUTES, Of.ADDRESS),
    Limit(1000, _MINUTES, Of.EVERYBODY),
)
MAIL_TRIES = (Limit(30, _HOUR, Of.PLACE), Limit(5, _HOUR, Of.ADDRESS), Limit(1000, _HOUR, Of.EVERYBODY))
LINK_TRIES = (Limit(30, _MINUTES, Of.PLACE), Limit(1000, _MINUTES, Of.EVERYBODY))
LINK_AND_PASSWORD_TRIES = (*LINK_TRIES, Limit(10, _MINUTES, Of.LINK))
AGAIN_TRIES = (Limit(5, _HOUR, Of.BROWSER),)
STEP_UP_TRIES = (Limit(10, _MINUTES, Of.BROWSER),)
SHEETS = (Limit(30, _HOUR, Of.BROWSER),)
COPIES = (Limit(10, _DAY, Of.BROWSER),)

OPEN, MINE, DELICATE = Rule(Who.ANYBODY), Rule(Who.SIGNED_IN), Rule(Who.FRESH)
STAFF = Rule(Who.STAFF)


POLICY: Mapping[str, tuple[str, Rule]] = {
    "static": ("GET", OPEN),
    "health.show": ("GET", OPEN),
    "welcome.show": ("GET", OPEN),
    "welcome.help_now": ("GET", OPEN),
    "welcome.house_rules": ("GET", OPEN),
    "welcome.privacy": ("GET", OPEN),
    "sign_in.show": ("GET", OPEN),
    "sign_in.come_in": ("POST", Rule(Who.ANYBODY, PASSWORD_TRIES)),
    "sign_in.sign_out": ("POST", OPEN),
    "sign_in.leave_now": ("POST", OPEN),
    "sign_in.step_up": ("GET", MINE),
    "sign_in.prove": ("POST", Rule(Who.SIGNED_IN, STEP_UP_TRIES)),
    "sign_up.show": ("GET", OPEN),
    "sign_up.ask": ("POST", Rule(Who.ANYBODY, MAIL_TRIES)),
    "sign_up.asked": ("GET", OPEN),
    "sign_up.forgotten": ("GET", OPEN),
    "sign_up.ask_for_reset": ("POST", Rule(Who.ANYBODY, MAIL_TRIES)),
    "sign_up.open_link": ("GET", Rule(Who.ANYBODY, LINK_TRIES)),
    "sign_up.use_link": ("POST", Rule(Who.ANYBODY, LINK_AND_PASSWORD_TRIES)),
    "sign_up.send_again": ("POST", Rule(Who.SIGNED_IN, AGAIN_TRIES)),
    "invitations.show": ("GET", Rule(Who.ANYBODY, LINK_TRIES)),
    "invitations.accept": ("POST", Rule(Who.ANYBODY, LINK_AND_PASSWORD_TRIES)),
    "today.show": ("GET", MINE),
    "today.join": ("POST", MINE),
    "today.here_again": ("POST", MINE),
    "joining.rules": ("GET", MINE),
    "joining.agree": ("POST", MINE),
    "joining.name": ("GET", MINE),
    "joining.introduce": ("POST", MINE),
    "joining.goals": ("GET", MINE),
    "joining.set_goals": ("POST", MINE),
    "hours.show": ("GET", MINE),
    "hours.set_hours": ("POST", MINE),
    "experiences.show": ("GET", MINE),
    "experiences.set_experiences": ("POST", MINE),
    "preview.show": ("GET", MINE),
    "settings.show": ("GET", MINE),
    "settings.member": ("GET", MINE),
    "settings.address": ("GET", DELICATE),
    "settings.ask_for_address": ("POST", Rule(Who.FRESH, MAIL_TRIES)),
    "settings.password": ("GET", DELICATE),
    "settings.change_password": ("POST", Rule(Who.FRESH, STEP_UP_TRIES)),
    "settings.devices": ("GET", MINE),
    "settings.end_device": ("POST", MINE),
    "settings.end_others": ("POST", MINE),
    "settings.join": ("POST", Rule(Who.SIGNED_IN, LINK_TRIES)),
    "second_factor.show": ("GET", DELICATE),
    "second_factor.begin": ("POST", DELICATE),
    "second_factor.confirm": ("POST", Rule(Who.FRESH, STEP_UP_TRIES)),
    "second_factor.renew_recovery_codes": ("POST", Rule(Who.FRESH, STEP_UP_TRIES)),
    "second_factor.turn_off": ("POST", DELICATE),
    "support.show": ("GET", MINE),
    "support.set_support": ("POST", MINE),
    "wishes.show": ("GET", MINE),
    "wishes.set_wishes": ("POST", MINE),
    "notices.show": ("GET", MINE),
    "notices.set_notices": ("POST", MINE),
    "pause.show": ("GET", MINE),
    "pause.rest": ("POST", MINE),
    "pause.leave_page": ("GET", DELICATE),
    "pause.leave": ("POST", DELICATE),
    "own_copy.show": ("GET", DELICATE),
    "own_copy.as_json": ("POST", Rule(Who.FRESH, COPIES)),
    "own_copy.as_page": ("POST", Rule(Who.FRESH, COPIES)),
    "farewell.show": ("GET", DELICATE),
    "farewell.ask": ("POST", DELICATE),
    "farewell.keep": ("POST", MINE),
    "desk.show": ("GET", STAFF),
    "desk.new": ("GET", STAFF),
    "desk.found": ("POST", STAFF),
    "desk.group": ("GET", STAFF),
    "desk.people": ("GET", STAFF),
    "desk.night": ("GET", STAFF),
    "group_settings.show": ("GET", STAFF),
    "group_settings.settle": ("POST", STAFF),
    "group_settings.lines": ("GET", STAFF),
    "group_settings.set_lines": ("POST", STAFF),
    "group_settings.words": ("GET", STAFF),
    "group_settings.set_words": ("POST", STAFF),
    "group_settings.open_up": ("POST", STAFF),
    "desk_invitations.show": ("GET", STAFF),
    "desk_invitations.make_link": ("POST", STAFF),
    "desk_invitations.look": ("POST", STAFF),
    "desk_invitations.send": ("POST", STAFF),
    "desk_invitations.withdraw": ("POST", STAFF),
    "desk_sheet.show": ("GET", STAFF),
    "desk_sheet.example": ("GET", STAFF),
    "desk_sheet.preview": ("POST", Rule(Who.STAFF, SHEETS)),
}
"""By endpoint: its one method, and its rule. HEAD and OPTIONS follow GET."""


def rule_for(endpoint: str, method: str) -> Rule | None:
    """The rule of a route and a method, or None: then it does not exist for anybody."""
    listed, rule = POLICY.get(endpoint, ("", None))
    return rule if listed == ("GET" if method in ("HEAD", "OPTIONS") else method) else None
