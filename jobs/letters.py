"""One short letter for each pair, trio and member who stays over, as text ready to send; the subject is on line one."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

from matcher.errors import SheetError
from matcher.pairing import Alone, Assignment, Candidates, Partnership, Policy
from matcher.pairing.explanation import common_hours
from matcher.wording import listed

Letters = Iterator[tuple[str, str]]

_PARTNERS = """\
Subject: Your partner for the next weeks

Dear {names},

if you would {both} like that, you are partners for {weeks} weeks, from {monday} on. Tell your coordinator whether you
would, and how the {others} may reach you; nothing is passed on before you have {both} said yes.

Why the {number} of you:
{reasons}

{hours}

{starter}, would you write the first hello, once you can? It need not be long: your name, and {offer}.

Once a week, tell each other three things: what you did, what you will do next, and what would help. A week without
a word happens to everybody; nothing is lost, and the next week is a new one.

If this is not the right time or the right person, say so. You need not say why, and nobody is told more than "no match
this time".

If you are in danger, or need help now, call your local emergency number. A partner is no crisis service.
"""

_ALONE = """\
Subject: The pairing this time

Dear {name},

{first}
{could_help}
You need not do anything. If you would like to change something on your form, do; if you would like to talk about it,
write to your coordinator.

If you are in danger, or need help now, call your local emergency number.
"""

_FIRST_TIME = (
    "there was nobody for you in this pairing. That is about hours and numbers, not about you. You go first next time."
)
_AGAIN = """\
once more there was nobody for you, and we know that this is hard to read twice. It is about hours and numbers, not
about you. You stay first in line. Please write to your coordinator, if you like: two people looking at it together may
find what a pairing does not."""

_WRITING = "Writing is enough for you, whenever it suits; there is no hour you must keep."
_NO_HOUR_STAYS = "Your common hours move when the clocks change: look for them together, week by week."


def letters(assignment: Assignment, candidates: Candidates, policy: Policy, names: Mapping[str, str]) -> Letters:
    """File names and texts: pairs and trios first, then who stays over. Names what both may know and nothing else."""
    monday = candidates.mondays[0]
    for number, found in enumerate(assignment.partnerships, start=1):
        text = _to_partners(found, candidates, policy, monday, names)
        yield _file_name(number, [_called(each, names) for each in found.ids]), text
    for number, each in enumerate(assignment.alone, start=len(assignment.partnerships) + 1):
        name = _called(each.id, names)
        yield _file_name(number, ["alone", name]), _to_alone(each, name)


def write_letters(folder: Path, texts: Letters) -> int:
    """Write letters into a folder, which is made if need be; returns how many.

    Raises SheetError where letters of another pairing lie there: somebody might send those too.
    """
    written = dict(texts)
    folder.mkdir(parents=True, exist_ok=True)
    others = sorted(path.name for path in folder.glob("[0-9][0-9]*-*.txt") if path.name not in written)
    if others:
        raise SheetError(
            f"{folder} holds letters of another pairing, such as {others[0]}; name another folder, or empty this one."
        )
    for name, text in written.items():
        (folder / name).write_text(text, "utf-8")
    return len(written)


def _called(member_id: str, names: Mapping[str, str]) -> str:
    """What to call somebody; never by an address, which is theirs to give away."""
    name = names.get(member_id, member_id)
    if "@" in name:
        raise SheetError("Letters need a column with names: some people are known by their address only.")
    return name


def _to_partners(
    found: Partnership, candidates: Candidates, policy: Policy, monday: date, names: Mapping[str, str]
) -> str:
    called = [_called(each, names) for each in found.ids]
    three = len(called) > 2
    return _PARTNERS.format(
        names=listed(called),
        both="all" if three else "both",
        others="others" if three else "other",
        number="three" if three else "two",
        weeks=policy.term_weeks,
        monday=f"{monday:%A} {monday.day} {monday:%B %Y}",
        reasons="\n".join(f"- {reason}" for reason in found.reasons or ("That is for you to find out.",)),
        hours="\n".join(_hours(found, candidates, names)),
        starter=called[0],
        offer="which of these hours suits you" if found.overlap_minutes else "one thing you look forward to",
    )


def _to_alone(each: Alone, name: str) -> str:
    first = _AGAIN if each.nights_waited else _FIRST_TIME
    return _ALONE.format(name=name, first=first, could_help=_could_help(each))


def _hours(found: Partnership, candidates: Candidates, names: Mapping[str, str]) -> Iterator[str]:
    """When all could talk, once if their clocks agree, else on the clock of each."""
    rows = [candidates.ids.index(each) for each in found.ids]
    zones = {candidates.people[row].zone: row for row in reversed(rows)}
    hours = {zone: common_hours(candidates, rows, row) for zone, row in zones.items()}
    if not any(hours.values()):
        yield _NO_HOUR_STAYS if found.overlap_minutes else _WRITING
        return
    yield "When you could talk, in every week of the term:"
    for zone in sorted(zones):
        there = [candidates.ids[row] for row in rows if candidates.people[row].zone == zone]
        readers = f", for {listed([_called(each, names) for each in there])}" if len(zones) > 1 else ""
        free = ", ".join(map(str, hours[zone])) or "the hour moves when the clocks change"
        yield f"- {free} ({zone}{readers})"


def _could_help(each: Alone) -> str:
    return f"\nOne thing we noticed: {each.could_help[0].lower()}{each.could_help[1:]}\n" if each.could_help else ""


def _file_name(number: int, names: Sequence[str]) -> str:
    """A name that every file system takes, such as 01-ada-bob.txt."""
    plain = (re.sub(r"[^\w]+", "-", name.casefold()).strip("-")[:40] for name in names)
    return f"{number:02d}-{'-'.join(filter(None, plain))}.txt"
