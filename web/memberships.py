"""Whose pages these are: the memberships of whoever is signed in, and nobody else's."""

from collections.abc import Sequence

from flask import abort, redirect, url_for
from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload
from werkzeug.wrappers import Response

from matcher.models import Goal, Member
from matcher.sealing import Unreadable
from web.access import me
from web.database import db

STEPS = ("rules", "name", "goals", "hours")
"""The steps into the next pairing, in their order, and the page of each."""
PAGES = {"rules": "joining.rules", "name": "joining.name", "goals": "joining.goals", "hours": "hours.show"}
_STEP_OF = {
    "the word of being an adult": "rules",
    "a yes to the house rules": "rules",
    "a yes to being paired": "rules",
    "a name": "name",
    "a zone": "name",
    "a language": "name",
    "a goal": "goals",
    "times, or that writing is enough": "hours",
}
"""Where to tell what :meth:`matcher.models.Member.missing` misses."""


def mine() -> Sequence[Member]:
    """The memberships of whoever is signed in, with what every page of a member reads."""
    return db().scalars(_whole().order_by(Member.id)).all()


def membership(member_id: str) -> Member:
    """One of them. Another's is as one that never was."""
    return db().scalar(_whole().where(Member.public_id == member_id)) or abort(404)


def next_step(member: Member) -> str | None:
    """The first step that is still to do."""
    missing = {_STEP_OF[words] for words in member.missing() if words in _STEP_OF}
    return next((step for step in STEPS if step in missing), None)


def onward(member: Member, from_step: str = "") -> Response:
    """To the next step that is to do, else home."""
    step = next_step(member)
    later = STEPS[STEPS.index(from_step) + 1 :] if from_step in STEPS else STEPS
    if step and (step in later or from_step not in STEPS):
        return redirect(url_for(PAGES[step], member_id=member.public_id), 303)
    return redirect(url_for("today.show"), 303)


def _whole():
    mine = select(Member).where(Member.account_id == me().account.id, Member.left_at.is_(None))
    return mine.options(
        joinedload(Member.group),
        joinedload(Member.account),
        joinedload(Member.place),
        selectinload(Member.consents),
        selectinload(Member.goals).selectinload(Goal.milestones),
    )


def readable(value, otherwise):
    """A sealed value, or another where it was spoilt."""
    return otherwise if isinstance(value, Unreadable) else value
