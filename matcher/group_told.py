"""What somebody tells of a group, as its row keeps it; a slip is a sentence with the field it belongs to."""

from collections.abc import Sequence
from datetime import date, time, timedelta

from matcher.errors import GroupToldError
from matcher.names import one_line
from matcher.spreadsheets.cells import CellError, text_in, zone_in
from matcher.spreadsheets.hours import day_of
from matcher.vocabulary import DAYS

TERM_KINDS = ("area", "experience", "trait")
MOST_TERMS, LONGEST_TERM = 100, 100
LONGEST_LINE, LONGEST_RULES = 200, 4000
FARTHEST_START = timedelta(days=366)


def line_in(field: str, text: str, what: str) -> str:
    """A text on one line, as long as a column may hold it. Raises GroupToldError, as all of these do."""
    line = one_line(text)
    if not line or len(line) > LONGEST_LINE:
        raise GroupToldError(field, f"Write {what} in 1 to {LONGEST_LINE} signs; this one has {len(line)}.")
    return line


def zone_told(zone: str) -> str:
    """The name of a zone."""
    try:
        known = zone_in(zone)
    except CellError as problem:
        raise GroupToldError("zone", f"The zone {problem}.") from None
    if not known:
        raise GroupToldError("zone", 'A group needs a zone; write one such as "Europe/London".')
    return known


def days_in(days: Sequence[str]) -> list[str]:
    """Days of the week, in their order, each once."""
    places = {day: day_of(day) for day in days}
    for day, place in places.items():
        if place is None:
            raise GroupToldError("pairing_days", f'"{day}" is no day of the week; write {", ".join(DAYS)}.')
    if not places:
        raise GroupToldError("pairing_days", "A group pairs on at least one day of the week; write one, such as Sun.")
    return [DAYS[place] for place in range(len(DAYS)) if place in places.values()]


def hour_in(hour: time) -> time:
    """A time of day by the group's own clock."""
    if hour.second or hour.microsecond or hour.tzinfo:
        raise GroupToldError("pairing_hour", "Write the hour in whole minutes of the group's own clock, such as 03:30.")
    return hour


def start_in(start: date | None, before: date | None, today: date) -> date | None:
    """The day from which on a group pairs: none, a day from today on and not too far, or what it was before."""
    if start is None or start == before:
        return start
    if start < today:
        raise GroupToldError(
            "first_pairing_on", f"{start} has passed. Choose today or a day to come, or leave it empty."
        )
    if start > today + FARTHEST_START:
        raise GroupToldError("first_pairing_on", f"{start} is far away. Choose a day within a year, or leave it empty.")
    return start


def whole_in(field: str, number: int, most: int, what: str) -> int:
    """A number from 1 on."""
    if not 1 <= number <= most:
        raise GroupToldError(field, f"Choose 1 to {most} {what}, not {number}.")
    return number


def rules_in(text: str) -> str:
    """House rules, in lines. Signs that no page can show go, as do spaces at the ends."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = "\n".join(map(one_line, lines.split("\n"))).strip()
    if len(kept) > LONGEST_RULES:
        told = f"The house rules have {len(kept):,} signs; write at most {LONGEST_RULES:,}."
        raise GroupToldError("house_rules", f"{told} Members read them before they join.")
    return kept


def terms_in(kind: str, words: Sequence[str]) -> list[str]:
    """A group's own words of a kind, as they were written; of those that differ in capitals alone the first."""
    if kind not in TERM_KINDS:
        raise GroupToldError("kind", f"There are no words of the kind {kind}; there are {', '.join(TERM_KINDS)}.")
    written = {word.casefold(): word for word in reversed([text_in(each) for each in words]) if word}
    if len(written) > MOST_TERMS:
        raise GroupToldError(kind, f"Write at most {MOST_TERMS} words of a kind; these are {len(written)}.")
    for word in written.values():
        if len(word) > LONGEST_TERM:
            raise GroupToldError(kind, f"Write each word in at most {LONGEST_TERM} signs; one has {len(word)}.")
    return list(reversed(written.values()))
