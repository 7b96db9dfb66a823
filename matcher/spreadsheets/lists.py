"""Lists of people by twos and threes: who was together before, who is held apart, who is kept together.

A list has one row for each two or three people, by id, email or name. Row 1 is a header unless it names somebody on
the sheet. What ``alongside pair`` wrote last time is such a list.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from matcher.errors import SheetError
from matcher.spreadsheets.cells import quoted
from matcher.spreadsheets.directory import Directory, key
from matcher.spreadsheets.files import Row, Source, read_rows
from matcher.spreadsheets.headers import plain
from matcher.spreadsheets.person import Person, named_rows

GUARD = "'"
"""What our own lists put before a cell that a spreadsheet would take for a formula."""

AT_MOST = 3
"""How many people a row can name: a pair or a trio."""

_PERSON_COLUMN = re.compile(
    r"(?:(?:person|partner|member|participant|name|id|email)( [123abc]| one| two| three)?|first|second|third|[abc123])"
)

_Places = tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleList:
    """The ids a row names, as far as they take part, and notes on the others.

    ``alone`` are those whom a list of our own names by themselves: they stayed over last time.
    """

    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...]
    alone: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Body:
    """The rows below the header, for each person of a row the places of their id or name, best first, and notes."""

    rows: Sequence[Row]
    columns: Sequence[_Places]
    notes: tuple[str, ...]
    ours: bool = False


def read_list(source: Source, people: Iterable[Person]) -> PeopleList:
    """Read who was together before, or who is held apart; people who do not take part are left out with a note.

    Raises SheetError for a name that several people have, because nobody else should be held apart instead.
    """
    directory = Directory(people)
    body = _body(source, directory)
    read: list[tuple[str, ...]] = []
    alone: list[str] = []
    amiss: list[int] = []
    for row in body.rows:
        ids = _ids(source.name, row, body.columns, directory)
        here = tuple(dict.fromkeys(filter(None, ids)))
        if body.ours and len(_texts(row, body.columns)) == 1:
            alone += here
            continue
        if _is_amiss(ids):
            amiss.append(row.number)
        if here:  # of one, too: who had a partner then did not stay over, even if that partner has left
            read.append(here)
    notes = body.notes
    if amiss:
        told = "somebody there does not take part, or is named twice, and was left out"
        notes = (*notes, f"{source.name}, {named_rows(amiss)}: {told}.")
    return PeopleList(rows=tuple(read), notes=notes, alone=tuple(alone))


def read_apart(source: Source, people: Iterable[Person], elsewhere: Iterable[str] = ()) -> PeopleList:
    """Read who is held apart, as :func:`read_list` does, but never let a slip of the pen bring two people together.

    ``elsewhere`` are ids on the sheet that take no part. Raises SheetError with the row for a text that is like
    somebody on the sheet and is nobody.
    """
    directory = Directory(people)
    known = {key(each) for each in elsewhere}
    for row in read_rows(source)[0]:
        for text in filter(None, row.cells):
            alike = [] if directory.ids_of(text) or key(text) in known else directory.like(text)
            if alike:
                raise SheetError(
                    f"{source.name}, row {row.number}: {quoted(text)} is nobody on the sheet. "
                    f"Is it {quoted(alike[0])}? Write it just as it is there, or take the row out."
                )
    return read_list(source, people)


def read_together(source: Source, people: Iterable[Person]) -> PeopleList:
    """Read who is kept together. Raises SheetError with the row where a person is missing, or kept with two others."""
    directory = Directory(people)
    body = _body(source, directory)
    rows = {row.number: _ids(source.name, row, body.columns, directory) for row in body.rows}
    first_rows: dict[str, int] = {}
    for number, ids in rows.items():
        if _is_amiss(ids):
            raise SheetError(
                f"{source.name}, row {number}: somebody there does not take part, or is named twice. "
                "Write two or three ids or names just as they are on the sheet, or take the row out."
            )
        for id_ in filter(None, ids):
            if first_rows.setdefault(id_, number) != number:
                raise SheetError(
                    f"{source.name}, row {number}: one of them is in row {first_rows[id_]} too; keep one row."
                )
    return PeopleList(rows=tuple(tuple(filter(None, ids)) for ids in rows.values()), notes=body.notes)


def _body(source: Source, directory: Directory) -> _Body:
    """Find the header, and the columns that hold people."""
    rows, notes = read_rows(source)
    first, *rest = rows
    titles = [plain(title) for title in first.cells]
    if "id 1" in titles:
        return _Body(rest, _own_columns(titles), notes, ours=True)
    every: list[_Places] = [(place,) for place in range(max(len(row.cells) for row in rows))]
    if any(directory.ids_of(cell) for cell in first.cells if cell):
        return _Body(rows, _at_most_three(source, every), notes)
    header = f"Row 1 of {source.name} was taken as its header, because it names nobody who takes part."
    named: list[_Places] = [(place,) for place, title in enumerate(titles) if _PERSON_COLUMN.fullmatch(title)]
    return _Body(rest, _at_most_three(source, named if len(every) > AT_MOST else every), (*notes, header))


def _own_columns(titles: Sequence[str]) -> list[_Places]:
    """The columns of our own lists: the id, and the name for a row that somebody wrote by hand."""
    numbered = ([f"id {number}", f"name {number}"] for number in range(1, AT_MOST + 1))
    people = (tuple(titles.index(title) for title in both if title in titles) for both in numbered)
    return list(filter(None, people))


def _at_most_three(source: Source, columns: list[_Places]) -> list[_Places]:
    if not 2 <= len(columns) <= AT_MOST:
        raise SheetError(
            f"{source.name} needs two or three columns with one person each; name them id_1, id_2 and id_3 in row 1."
        )
    return columns


def _ids(name: str, row: Row, columns: Iterable[_Places], directory: Directory) -> tuple[str | None, ...]:
    """The ids of a row's people, None for each who does not take part, and at least two."""
    ids = tuple(_id(name, row, text, directory) for text in _texts(row, columns))
    return ids if len(ids) > 1 else (*ids, None)


def _texts(row: Row, columns: Iterable[_Places]) -> list[str]:
    """What names each person of a row. A name is asked only where no id stands: another may bear it today."""
    written = ([row.cells[place] for place in places if place < len(row.cells)] for places in columns)
    return [next(filter(None, texts)) for texts in written if any(texts)]


def _is_amiss(ids: Sequence[str | None]) -> bool:
    return None in ids or len(set(ids)) < len(ids)


def _id(name: str, row: Row, text: str, directory: Directory) -> str | None:
    ids = directory.ids_of(text) or directory.ids_of(text.removeprefix(GUARD))
    if len(ids) > 1:
        raise SheetError(f"{name}, row {row.number}: {quoted(text)} is the name of several people; write the id.")
    return next(iter(ids), None)
