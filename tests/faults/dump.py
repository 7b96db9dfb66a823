"""All rows of a database in words that do not depend on chance: two databases that say the same are equal.

Numbers and random ids are replaced by names that come from what a row holds. Left out is only what tells of the
attempts to send a mail: a killed run makes one more.
"""

import json
import re
from typing import Any

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from matcher.database import reading
from matcher.models import Account, Answer, Base, Goal, Group, Member, PairingRun, Partner, Partnership, Proposal

_OF_CHANCE = {"id", "public_id", "messages.attempt", "messages.attempts", "messages.done_at"}
Names = dict[tuple[str, int], str]


def dump(engine: Engine) -> dict[str, list[str]]:
    """The rows of each table, a line each, in the order of their lines."""
    with reading(engine) as session:
        names, public = _names(session), {}
        for mapper in Base.registry.mappers:
            if hasattr(mapper.class_, "public_id"):
                for row in session.scalars(select(mapper.class_)):
                    public[row.public_id] = names[row.__tablename__, row.id]
        return {
            mapper.class_.__tablename__: sorted(_line(row, names, public) for row in session.scalars(select(mapper)))
            for mapper in Base.registry.mappers
        }


def difference(one: dict[str, list[str]], other: dict[str, list[str]]) -> list[str]:
    """The lines that only one of two dumps has."""
    found = []
    for table in one:
        only_here, only_there = _less(one[table], other[table]), _less(other[table], one[table])
        found += [f"- {table}: {line}" for line in only_here] + [f"+ {table}: {line}" for line in only_there]
    return found


def _less(lines: list[str], others: list[str]) -> list[str]:
    rest = list(others)
    return [line for line in lines if line not in rest or rest.remove(line)]


def _names(session: Session) -> Names:
    """A name for each row that others point to, from what is unique about it."""
    names: Names = {}

    def name(row: Base, words: str) -> None:
        assert words not in names.values(), f"two rows are called {words}"
        names[row.__tablename__, row.id] = words

    for account in session.scalars(select(Account)):
        name(account, f"account {account.address}")
    for group in session.scalars(select(Group)):
        name(group, f"group {group.name}")
    for member in session.scalars(select(Member)):
        name(member, f"member {names['accounts', member.account_id]} of {names['groups', member.group_id]}")
    for goal in session.scalars(select(Goal)):
        name(goal, f"goal {goal.area} of {names['members', goal.member_id]}")
    for run in session.scalars(select(PairingRun)):
        name(run, f"night {run.night} of {names['groups', run.group_id]}")
    for kind, part in ((Partnership, Partner.partnership_id), (Proposal, Answer.proposal_id)):
        for row in session.scalars(select(kind)):
            seated = session.scalars(select(Member.id).join(part.class_).where(part == row.id)).unique()
            seats = sorted(names["members", id_] for id_ in seated)
            since = row.started_at if kind is Partnership else f"{names['pairing_runs', row.run_id]} {row.state}"
            name(row, f"{kind.__name__.lower()} of {', '.join(seats)}, {since}")
    return names


def _line(row: Any, names: Names, public: dict[str, str]) -> str:
    values = {}
    for column in row.__table__.columns:
        if not {column.name, f"{row.__tablename__}.{column.name}"} & _OF_CHANCE:
            value = getattr(row, column.key)
            for reference in column.foreign_keys if value is not None else ():
                value = names[reference.column.table.name, value]
            values[column.name] = value
    text = json.dumps(values, default=str, sort_keys=True)
    known = sorted(map(re.escape, public), key=len, reverse=True)
    return re.sub("|".join(known), lambda found: public[found[0]], text)
