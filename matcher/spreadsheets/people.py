"""A sheet of people -> candidates for the pairing, and a sentence for every row that takes no part."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from matcher.errors import SheetError
from matcher.pairing.candidate import Wish
from matcher.spreadsheets.cells import items_in, quoted, wish_among
from matcher.spreadsheets.choices import Choices
from matcher.spreadsheets.directory import Directory, key
from matcher.spreadsheets.files import Row, Source, Table, read_table
from matcher.spreadsheets.mapping import map_columns, place_of
from matcher.spreadsheets.person import Person, SetAside, Sheet, named_rows
from matcher.spreadsheets.reading import Reading, address_in, id_in, read_person

_Read = list[tuple[Person, Reading]]


def read_people(source: Source, choices: Choices | None = None, where: Sequence[str] = ()) -> Sheet:
    """Read the people of a CSV file, gzipped or not.

    ``where`` keeps the rows in which every ``column=value`` holds, case aside; one value of a ``;``-list is enough.
    Raises SheetError when the sheet as a whole cannot be read; a row that cannot is set aside with its reason.
    """
    choices = choices or Choices()
    table = read_table(source)
    columns = map_columns(table, choices)
    rows = _rows_where(table, where)

    read, set_aside = _read_rows((Reading(row, columns) for row in rows), choices)
    people = _with_the_others(read)

    outside = len(table.rows) - len(rows)
    told = f"{outside} of {len(table.rows)} rows are outside of {' and '.join(where)} and were not read."
    return Sheet(
        file_name=table.name,
        people=people,
        set_aside=tuple(sorted([*set_aside, *_too_long(table)], key=lambda each: each.row)),
        stated=columns.stated,
        notes=(*table.notes, *([told] if where else []), *_nameless(people), *_by_sentence(read)),
        asks_consent=bool(columns.fields["consent"]),
    )


def _rows_where(table: Table, where: Sequence[str]) -> list[Row]:
    conditions = [_condition(table, each) for each in where]
    return [row for row in table.rows if all(_holds(row.cells[column], value) for column, value in conditions)]


def _condition(table: Table, condition: str) -> tuple[int, str]:
    title, equals, value = condition.partition("=")
    if not equals:
        raise SheetError(f'"{condition}" is no condition; write column=value, for example country=GB.')
    return place_of(table, title), key(value)


def _holds(cell: str, value: str) -> bool:
    return value in (key(cell), *map(key, cell.split(";")))


def _read_rows(readings: Iterable[Reading], choices: Choices) -> tuple[_Read, list[SetAside]]:
    """Read every row by itself. Of an id in several rows none is taken: one of them may take a consent back."""
    read: _Read = []
    set_aside: list[SetAside] = []
    named = [(id_in(reading), reading) for reading in readings]
    ids = Counter(key(id_) for id_, _ in named)
    addresses = Counter(key(address_in(reading)) for _, reading in named)
    for id_, reading in named:
        number, address = reading.row.number, address_in(reading)
        if ids[key(id_)] > 1:
            twice = f"the id {quoted(id_)} stands in several rows; keep the one that holds, or write different ids"
            set_aside.append(SetAside(number, id_, twice))
        elif address and addresses[key(address)] > 1:
            twice = "the email stands in several rows; keep the one that holds"
            set_aside.append(SetAside(number, id_, twice))
        elif person := read_person(reading, id_, choices):
            read.append((person, reading))
        else:
            set_aside.append(SetAside(number, id_, "; ".join(reading.problems)))
    return read, set_aside


def _too_long(table: Table) -> Iterator[SetAside]:
    for row in table.too_long:
        reason = f"{len(row.cells)} cells for {len(table.header)} columns; put a cell with commas in quotation marks"
        yield SetAside(row.number, f"row-{row.number}", reason)


def _with_the_others(read: _Read) -> tuple[Person, ...]:
    """The people, now that all of them are known: whom they ask for, and which ages on the sheet a wish means."""
    directory = Directory(person for person, _ in read)
    traits: defaultdict[str, set[str]] = defaultdict(set)
    for person, _ in read:
        for trait, value in person.candidate.traits.items():
            traits[trait].add(value)
    return tuple(
        replace(
            person,
            candidate=replace(
                person.candidate,
                requests=_requests(person.candidate.id, reading, directory),
                wishes=tuple(_on_this_sheet(wish, reading, traits[wish.trait]) for wish in person.candidate.wishes),
            ),
        )
        for person, reading in read
    )


def _requests(own_id: str, reading: Reading, directory: Directory) -> frozenset[str]:
    """The ids of those whom somebody asks for; who does not take part, or cannot be told apart, is noted."""
    requests: set[str] = set()
    for asked in (asked for column in reading.all("requests", items_in) for asked in column):
        others = directory.ids_of(asked) - {own_id}
        if len(others) == 1:
            requests |= others
        else:
            what = "the name of several people; write the id" if others else "no other person who takes part"
            reading.notes.append(f"column {reading.title('requests')}: {quoted(asked)} is {what}")
    return frozenset(requests)


def _on_this_sheet(wish: Wish, reading: Reading, values: Iterable[str]) -> Wish:
    """The wish among the people of this sheet. A value nobody has may be a slip of the pen, and is noted."""
    wish = wish_among(wish, values)
    if not wish.accepted & set(values):
        reading.notes.append(f"column {reading.title('wishes')}: nobody who takes part has such a {wish.trait}")
    return wish


def _nameless(people: Sequence[Person]) -> Iterator[str]:
    count = sum(person.candidate.id == f"row-{person.row}" for person in people)
    if count:
        yield (
            f"{count} people have no id, email or name and are called after their row; "
            "give them one, or the next round cannot know who was with whom."
        )


def _by_sentence(read: _Read) -> Iterator[str]:
    """The notes on single rows, one line for each sentence with the rows it is about."""
    rows: dict[str, list[int]] = {}
    for _, reading in read:
        for note in dict.fromkeys(reading.notes):
            rows.setdefault(note, []).append(reading.row.number)
    for note, numbers in rows.items():
        yield f"{named_rows(numbers)}, {note}."
