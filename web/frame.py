"""What stands around every page: who is here, whom to call, and the way out."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from flask import Flask
from sqlalchemy import or_, select
from sqlalchemy.exc import SQLAlchemyError

from matcher.errors import AlongsideError
from matcher.models import Account, Coordinator, CrisisLine, Group, Member
from web.access import Visitor, visitor
from web.database import db
from web.security import NEUTRAL_PLACE

Lines = Sequence[tuple[str, Sequence[CrisisLine]]]
"""The name of a group, and whom its members can call."""


def set_up(app: Flask) -> None:
    """Give every template its frame."""
    app.context_processor(frame)


def frame() -> dict[str, Any]:
    """What the layout needs. A page about trouble must not run into the same trouble again."""
    try:
        here = visitor()
        lines = lines_of(here.account) if here else []
    except (AlongsideError, SQLAlchemyError):
        here, lines = None, []
    return {"here": here, "help_lines": lines, "neutral_place": NEUTRAL_PLACE, "named": named}


def lines_of(account: Account) -> Lines:
    """The crisis lines of all groups that somebody is in, or looks after."""
    joined = select(Member.group_id).where(Member.account_id == account.id, Member.left_at.is_(None))
    looked_after = select(Coordinator.group_id).where(Coordinator.account_id == account.id)
    found = (
        select(Group.name, CrisisLine)
        .join(CrisisLine, CrisisLine.group_id == Group.id)
        .where(or_(Group.id.in_(joined), Group.id.in_(looked_after)))
        .order_by(Group.name, Group.id, CrisisLine.place)
    )
    rows = db().execute(found).all()
    return [(name, [line for _, line in each]) for name, each in groupby(rows, key=lambda row: row[0])]


def named(here: Visitor | None) -> str:
    """Whose browser this is, for themselves alone; an address that is not confirmed yet names them, too."""
    return (here.account.address or here.account.claimed_address or "") if here else ""
