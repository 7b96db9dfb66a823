"""A night from a sheet: gather people and lists, decide, and keep both for whoever writes or shows the result."""

import time
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import click

from jobs.progress import Progress
from matcher.errors import PolicyError
from matcher.pairing import Policy, plan
from matcher.rehearsal import Rehearsal, prepare
from matcher.spreadsheets.choices import Choices

_MANY = 1_500
"""Members from whom on a run takes minutes, and a person wants to be told before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What a coordinator asked for: the sheet, how to read it, the rules, and the lists beside it."""

    people: Path
    on: date
    choices: Choices = field(default_factory=Choices)
    where: Sequence[str] = ()
    policy: Path | None = None
    past: Sequence[Path] = ()
    apart: Sequence[Path] = ()
    together: Sequence[Path] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Night(Rehearsal):
    """A decided night with all that it was decided from, and how long each phase took."""

    seconds: dict[str, float]


def decide(order: Order) -> Night:
    """Read, pair and audit. Raises SheetError where nobody is left to pair, with the rows that were set aside."""
    started = time.perf_counter()
    policy = read_policy(order.policy) if order.policy else Policy()
    lists = {"past": order.past, "apart": order.apart, "together": order.together}
    ready = prepare(order.people, order.on, policy, order.choices, order.where, **lists)
    reading = time.perf_counter() - started

    members = len(ready.candidates)
    if members >= _MANY:
        click.echo(f"{members:,} members: this takes minutes. --where pairs a part of the sheet.", err=True)
    progress = Progress(members)
    try:
        assignment = plan(ready.candidates, policy, progress)
    finally:
        progress.close()

    return Night(
        sheet=ready.sheet,
        candidates=ready.candidates,
        policy=policy,
        names=ready.names,
        notes=ready.notes,
        assignment=assignment,
        seconds={"read": reading} | progress.seconds,
    )


def read_policy(path: Path) -> Policy:
    """Read a policy from a TOML file; PolicyError names the file and the field."""
    try:
        return Policy.from_mapping(tomllib.loads(path.read_text("utf-8")))
    except OSError as problem:
        raise PolicyError(f"{path.name} cannot be read: {problem.strerror}.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise PolicyError(f"{path.name} is no TOML: {problem}.") from None
    except PolicyError as problem:
        raise PolicyError(f"{path.name}: {problem}") from None
