"""Today: where somebody stands in each of their groups, and the one next thing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from matcher import left_alone, nights, open_groups, people, rests
from matcher.models import Group, Member
from matcher.states import MemberState
from matcher.zones import zone_of
from web.access import me
from web.clock import now
from web.database import db
from web.memberships import PAGES, STEPS, membership, mine, next_step, readable

pages = Blueprint("today", __name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One membership, as its page says it. ``until`` is the last day of a rest, None for one without an end.

    ``alone`` is what the last night had to say to somebody for whom it had nobody.
    """

    member: Member
    state: MemberState
    rests: bool
    until: date | None
    step: str | None
    steps_done: int
    pairing: datetime | None
    zone: str
    alone: Sequence[str]


@pages.get("/today")
def show() -> str:
    """Every group of theirs, one after the other; for who has none, those that are open to all."""
    standings = [standing(member) for member in mine()]
    to_join: Sequence[Group] = open_groups.listed(db()) if not standings else ()
    account = me().account
    unsure = account.address_confirmed_at is None or account.address_failed_at is not None
    return render_template(
        "today/show.html",
        standings=standings,
        groups=to_join,
        steps=STEPS,
        pages=PAGES,
        unsure=unsure,
        failed=account.address_failed_at,
        leaves_on=account.erase_at,
    )


def standing(member: Member) -> Standing:
    """Where this member stands now."""
    step = next_step(member)
    return Standing(
        member=member,
        state=member.state,
        rests=people.rests_at(member, now()),
        until=member.resting_until,
        step=step,
        steps_done=STEPS.index(step) if step else len(STEPS),
        pairing=next_pairing(member.group),
        zone=zone_of(member.zone, member.group.zone).key,
        alone=alone(member) if member.state is MemberState.WAITING else (),
    )


def alone(member: Member) -> Sequence[str]:
    """Sentences for who stayed alone in the last night; none for who did not, or came after it."""
    row = left_alone.of_last_night(db(), member)
    return [readable(each, "") for each in left_alone.told_to_member(row)] if row else ()


def next_pairing(group: Group) -> datetime | None:
    """When the group pairs people next; None while it does not."""
    if group.opened_at is None:
        return None
    night = nights.next_pairing_night(group, nights.night_at(group, now()))
    return nights.begin_of(group, night) if night else None


@pages.post("/groups/<group_id>/join")
def join(group_id: str) -> Response:
    """Into a group that is open to all. Raises LinkError for who is in it, or has not confirmed an address."""
    joined = open_groups.join(db(), group_id, me().account, now()) or abort(404)
    db().commit()
    return redirect(url_for("joining.rules", member_id=joined.public_id), 303)


@pages.post("/members/<member_id>/here-again")
def here_again(member_id: str) -> Response:
    """End a rest."""
    rests.come_back(db(), membership(member_id), now())
    db().commit()
    flash("Good to see you. Your rest is over.")
    return redirect(url_for("today.show"), 303)
