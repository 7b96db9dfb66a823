"""The result of a night as a sheet: who is with whom and why, and who stays over. The next round reads it as its past.

Rows for somebody alone name one person, so that the next round knows who goes first.
"""

import csv
import io
from collections.abc import Iterator, Mapping

from matcher.pairing.advice import told
from matcher.pairing.assignment import Assignment, Partnership
from matcher.spreadsheets.lists import AT_MOST, GUARD

HEADER = (
    "kind",
    *(f"id_{number}" for number in range(1, AT_MOST + 1)),
    *(f"name_{number}" for number in range(1, AT_MOST + 1)),
    "points",
    "overlap_minutes",
    "reasons",
)
_FORMULA = ("=", "+", "-", "@", "\t")


def pairs_sheet(assignment: Assignment, names: Mapping[str, str]) -> str:
    """The text of pairs.csv, the same for the same assignment. Cells that look like a formula get a quotation mark."""
    text = io.StringIO()
    sheet = csv.writer(text, lineterminator="\n")
    sheet.writerow(HEADER)
    sheet.writerows([_guarded(cell) for cell in row] for row in _rows(assignment, names))
    return text.getvalue()


def _rows(assignment: Assignment, names: Mapping[str, str]) -> Iterator[tuple[str, ...]]:
    for kind, partnerships in (("pair", assignment.pairs), ("trio", assignment.trios)):
        for found in partnerships:
            yield (kind, *_people(found.ids, names), str(found.points), str(found.overlap_minutes), _reasons(found))
    for alone in assignment.alone:
        yield ("alone", *_people((alone.id,), names), "", "", " ".join([*told(alone), alone.could_help]).strip())


def _people(ids: tuple[str, ...], names: Mapping[str, str]) -> tuple[str, ...]:
    empty = ("",) * (AT_MOST - len(ids))
    return (*ids, *empty, *(names.get(each, "") for each in ids), *empty)


def _reasons(found: Partnership) -> str:
    return " ".join(found.reasons)


def _guarded(cell: str) -> str:
    return GUARD + cell if cell.startswith(_FORMULA) else cell
