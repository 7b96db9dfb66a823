"""A list of addresses -> whom to invite, and a sentence for every row that names nobody."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from matcher.addresses import is_address, normalised
from matcher.errors import SheetError
from matcher.spreadsheets.cells import quoted
from matcher.spreadsheets.files import Row, Uploaded, read_rows
from matcher.spreadsheets.headers import ALIASES, plain
from matcher.spreadsheets.person import SetAside
from matcher.wording import counted

MOST_ROWS = 500
MOST_BYTES = 200_000

_TITLES = frozenset({*ALIASES["email"], "emails", "e mails", "mails", "mail address", "address", "addresses"})
_NO_ADDRESS = "no address; write one such as name@example.org, or take the row out"
_TWO = "more than one address; write one in a row"


@dataclass(frozen=True, slots=True)
class Invitee:
    """Somebody to invite: their address as it is kept, and the row it stands in."""

    address: str
    row: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitees:
    """A list that was read. ``stated`` are sentences on how it was read and what was left out of it.

    Whether an address is known here was not asked.
    """

    file_name: str
    invitees: tuple[Invitee, ...]
    set_aside: tuple[SetAside, ...]
    stated: tuple[str, ...]


def read_invitees(content: bytes | str, name: str = "This list") -> Invitees:
    """Read a list of at most 500 addresses: a CSV file as it was sent, or text as it was typed, one in a row.

    A column is found by its header; without a header each row holds one address, anywhere in it. Raises SheetError
    where it cannot be read as a whole; a row that cannot is set aside with its reason. ``name`` only stands in
    sentences.
    """
    upload = Uploaded.called(name, content if isinstance(content, bytes) else _typed(content))
    if len(upload.content) > MOST_BYTES:
        raise SheetError(
            f"{upload.name} is larger than {MOST_BYTES // 1000} kB. Send only the addresses, or two lists."
        )
    rows, notes = read_rows(upload)
    column, width = _column(rows[0]), max(len(row.cells) for row in rows)
    rows = rows if column is None else rows[1:]
    if len(rows) > MOST_ROWS:
        raise SheetError(f"{upload.name} has {len(rows):,} rows; at most {MOST_ROWS} are read at once. Send two lists.")

    invitees, set_aside = _sorted_out(rows, column)
    return Invitees(
        file_name=upload.name,
        invitees=tuple(invitees),
        set_aside=tuple(set_aside),
        stated=(*notes, *_stated(upload, column, width)),
    )


def _typed(text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError:
        raise SheetError("There are signs among the addresses that are no text; type them again.") from None


def _column(first: Row) -> int | None:
    """The place of the addresses as row 1 says it; None where row 1 is no header."""
    titles = (place for place, title in enumerate(first.cells) if plain(title) in _TITLES)
    return next(titles, None)


def _sorted_out(rows: Sequence[Row], column: int | None) -> tuple[list[Invitee], list[SetAside]]:
    first_rows: dict[str, int] = {}
    set_aside = []
    for row in rows:
        found = _addresses(row.cells if column is None else row.cells[column : column + 1])
        reason = _amiss(found, first_rows)
        if reason:
            set_aside.append(SetAside(row.number, f"row-{row.number}", reason))
        else:
            first_rows[normalised(found[0])] = row.number
    return [Invitee(address, number) for address, number in first_rows.items()], set_aside


def _addresses(cells: Sequence[str]) -> list[str]:
    """What may be meant as an address, whether or not it is one."""
    return [part for cell in cells for part in re.split(r"[\s,;]+", cell) if "@" in part]


def _amiss(found: Sequence[str], first_rows: dict[str, int]) -> str:
    if not found:
        return _NO_ADDRESS
    if len(found) > 1:
        return _TWO
    address = normalised(found[0])
    if not is_address(address):
        return f"{quoted(found[0])} is no mail address; write one such as name@example.org"
    if address in first_rows:
        return f"the same address as in row {first_rows[address]}, which counts; this row is not needed"
    return ""


def _stated(upload: Uploaded, column: int | None, width: int) -> Iterator[str]:
    if column is not None:
        yield f"The addresses are those of column {column + 1}, as row 1 says."
    elif width > 1:
        yield f"Row 1 of {upload.name} is no header that is known here, so the address was looked for in all of a row."
    others = width - 1
    if others > 0:
        yield f"{counted(others, 'other column')} {'was' if others == 1 else 'were'} not read; nothing of it is kept."
