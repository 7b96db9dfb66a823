"""A pairing from a sheet, looked at before anybody is invited: nothing is stored, and nothing is sent.

Whoever pairs from the command line goes the same way, so both come to the same partners.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from matcher.errors import SheetError
from matcher.pairing import Assignment, Candidates, Policy, plan
from matcher.result import names_of
from matcher.spreadsheets.choices import Choices
from matcher.spreadsheets.files import Source, Uploaded, read_rows
from matcher.spreadsheets.gather import Lists, gather
from matcher.spreadsheets.lists import read_apart, read_list, read_together
from matcher.spreadsheets.people import read_people
from matcher.spreadsheets.person import Sheet

MOST_BYTES, MOST_PEOPLE, MOST_COLUMNS = 1_000_000, 1_000, 200
"""How large a sheet may be that is paired while somebody waits in front of a page."""
_AT_A_KEYBOARD = "For a larger group, whoever runs this server can use: alongside pair"


class NobodyError(SheetError):
    """A sheet of whose people nobody can be paired; ``sheet`` says why, row by row."""

    def __init__(self, sheet: Sheet) -> None:
        """Keep the sheet; the sentence lists its rows."""
        super().__init__(_nobody(sheet))
        self.sheet = sheet


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """The people of a sheet as a pool, and all there is to say about how it was read; ``names`` are by id."""

    sheet: Sheet
    candidates: Candidates
    policy: Policy
    names: dict[str, str]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsal(Prepared):
    """A sheet and the pairing it comes to."""

    assignment: Assignment


def prepare(
    people: Source,
    on: date,
    policy: Policy,
    choices: Choices,
    where: Sequence[str] = (),
    *,
    past: Sequence[Source] = (),
    apart: Sequence[Source] = (),
    together: Sequence[Source] = (),
) -> Prepared:
    """Read a sheet and the lists beside it, for a pairing on a day.

    Raises SheetError for what cannot be read, and NobodyError where nobody is left to pair.
    """
    sheet = read_people(people, choices, where)
    if not sheet.people:
        raise NobodyError(sheet)
    before = [read_list(each, sheet.people) for each in past]
    held = [read_apart(each, sheet.people, (row.id for row in sheet.set_aside)) for each in apart]
    kept = [read_together(each, sheet.people) for each in together]
    return Prepared(
        sheet=sheet,
        candidates=gather(sheet, Lists(past=before, apart=held, together=kept), policy, on),
        policy=policy,
        names=names_of(sheet),
        notes=(*sheet.stated, *sheet.notes, *(note for each in (*before, *held, *kept) for note in each.notes)),
    )


def rehearse(
    content: bytes, name: str, on: date, *, policy: Policy | None = None, choices: Choices | None = None
) -> Rehearsal:
    """Pair the people of a sheet that a visitor sent, as it would be on a day.

    ``name`` is what the visitor calls it, and stands in sentences alone. Raises SheetError for a sheet that is larger
    than a page can wait for, and for whatever :func:`prepare` refuses. It takes up to half a minute.
    """
    sent = Uploaded.called(name, content)
    _refuse_large(sent)
    ready = prepare(sent, on, policy or Policy(), choices or Choices(at_keyboard=False))
    return Rehearsal(
        sheet=ready.sheet,
        candidates=ready.candidates,
        policy=ready.policy,
        names=ready.names,
        notes=ready.notes,
        assignment=plan(ready.candidates, ready.policy),
    )


def _refuse_large(sent: Uploaded) -> None:
    """Before a single cell is understood: what a slip in each of a million cells should be would take hours to say."""
    if len(sent.content) > MOST_BYTES:
        raise SheetError(f"{sent.name} is larger than {MOST_BYTES // 1_000_000} MB. {_AT_A_KEYBOARD}")
    rows, _ = read_rows(sent)
    columns = max(len(row.cells) for row in rows)
    if columns > MOST_COLUMNS:
        raise SheetError(f"{sent.name} has {columns:,} columns; at most {MOST_COLUMNS} are read. Send fewer of them.")
    if len(rows) - 1 > MOST_PEOPLE:
        raise SheetError(
            f"{sent.name} has {len(rows) - 1:,} people; at most {MOST_PEOPLE:,} are paired on a page. {_AT_A_KEYBOARD}"
        )


def _nobody(sheet: Sheet) -> str:
    rows = "\n".join(f"  {row}" for row in sheet.set_aside)
    told = "\n".join((*(f"  {sentence}" for sentence in (*sheet.stated, *sheet.notes)), *([rows] if rows else [])))
    return f"Nobody on {sheet.file_name} can be paired.\n{told}".rstrip()
