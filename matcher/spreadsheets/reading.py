"""One row of a sheet -> one person, or everything that is wrong with the row."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar

from matcher.pairing.candidate import Candidate, Experience, Wish
from matcher.pairing.week import Window
from matcher.spreadsheets import cells
from matcher.spreadsheets.cells import CellError, quoted
from matcher.spreadsheets.choices import Choices
from matcher.spreadsheets.files import Row
from matcher.spreadsheets.hours import availability_in, merged
from matcher.spreadsheets.mapping import ColumnMap
from matcher.spreadsheets.person import Person

Value = TypeVar("Value")

_NO_SUMMER_TIME = frozenset({"EST", "MST", "HST", "GMT"})


@dataclass(slots=True)
class Reading:
    """One row while it is read: what is wrong with it so far, and what deserves a look."""

    row: Row
    columns: ColumnMap
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    failed: set[str] = field(default_factory=set)

    def all(self, name: str, read: Callable[[str], Value]) -> list[Value]:
        """What each column of a field holds. A cell that is not understood is a problem of the row."""
        return [value for column in self.columns.fields[name] for value in self.at(column, name, read)]

    def one(self, name: str, read: Callable[[str], Value], otherwise: Value) -> Value:
        """What the only column of a field holds, or something else where there is no such column."""
        return next(iter(self.all(name, read)), otherwise)

    def at(self, column: int, name: str, read: Callable[[str], Value]) -> list[Value]:
        """What one cell holds: a list of one value, or of none where it is not understood."""
        try:
            return [read(self.row.cells[column])]
        except CellError as problem:
            self.problems.append(f"column {self.columns.title(column)}: {problem}")
            self.failed.add(name)
            return []

    def title(self, name: str) -> str:
        """The header of a field's first column, or the field's own name where it has none."""
        columns = self.columns.fields[name]
        return self.columns.title(columns[0]) if columns else name


def id_in(reading: Reading) -> str:
    """The id of a row: as written, or its email, or its name, or else its number."""
    written = reading.one("id", cells.text_in, "") or reading.one("email", cells.word_in, "")
    return written or _name(reading) or f"row-{reading.row.number}"


def address_in(reading: Reading) -> str:
    """The email of a row, or "" where it has none."""
    return reading.one("email", cells.text_in, "")


def read_person(reading: Reading, id_: str, choices: Choices) -> Person | None:
    """Read a whole row; None where it has problems, which are then in the reading. Requests are for later."""
    _look_for_consent_and_age(reading)
    windows, writing = _availability(reading)
    traits = {name: cells.word_in(reading.row.cells[column]) for name, column in reading.columns.traits.items()}
    candidate = Candidate(
        id=id_,
        zone=_zone(reading, choices),
        languages=_languages(reading, choices),
        goals=frozenset().union(*reading.all("goals", cells.goals_in)),
        windows=windows,
        writing_is_enough=writing,
        experiences=_experiences(reading),
        support_style=reading.one("support_style", cells.support_style_in, None),
        channels=frozenset().union(*reading.all("channels", cells.words_in)),
        rhythm=reading.one("rhythm", cells.word_in, ""),
        welcomes_three=reading.one("welcomes_three", cells.yes_in, False),
        traits=traits,
        wishes=_wishes(reading, traits),
        goes_first=reading.one("goes_first", cells.yes_in, False),
        nights_waited=reading.one("nights_waited", cells.whole_number_in, 0),
    )
    _look_whether_ready(reading, candidate)
    if reading.problems:
        return None
    return Person(candidate, _name(reading), reading.row.number, address_in(reading))


def _name(reading: Reading) -> str:
    return " ".join(filter(None, reading.all("name", cells.text_in)))


def _look_for_consent_and_age(reading: Reading) -> None:
    for age in reading.all("age", str):
        if not cells.is_surely_adult(age):
            told = age.casefold().startswith("under") or cells.ages_in(age) is not None
            help_ = "" if told else f'; write an age such as 34 or "25-29" into column {reading.title("age")}'
            reading.problems.append(f"not surely an adult (age {quoted(age)}){help_}")
    for consent in reading.all("consent", str):
        if not cells.consent_in(consent):
            column = reading.title("consent")
            reading.problems.append(f'no consent; column {column} is {quoted(consent)}, write "yes" once it is given')


def _availability(reading: Reading) -> tuple[tuple[Window, ...], bool]:
    found = [
        each
        for column in reading.columns.fields["availability"]
        for each in reading.at(column, "availability", partial(availability_in, day=reading.columns.grid.get(column)))
    ]
    writing = reading.one("writing", cells.yes_in, False)
    return merged(window for windows, _ in found for window in windows), writing or any(told for _, told in found)


def _zone(reading: Reading, choices: Choices) -> str:
    zone = reading.one("zone", cells.zone_in, "") or choices.zone
    if zone in _NO_SUMMER_TIME:
        column = reading.title("zone")
        reading.notes.append(
            f'column {column}: "{zone}" has no summer time; where clocks change, write a place such as "Europe/London"'
        )
    return zone


def _languages(reading: Reading, choices: Choices) -> frozenset[str]:
    spoken = frozenset[str]().union(*reading.all("languages", cells.languages_in))
    for column in reading.columns.instead_of_languages if not spoken else ():
        spoken = spoken.union(*reading.at(column, "languages", cells.languages_in))
    return spoken or choices.languages


def _experiences(reading: Reading) -> tuple[Experience, ...]:
    """One entry for each tag: shown if one of its columns shows it, with the stage that any of them tells."""
    shown = partial(cells.experiences_in, shown=True)
    by_tag: dict[str, Experience] = {}
    for column in (*reading.all("experiences", cells.experiences_in), *reading.all("experiences_shown", shown)):
        for each in column:
            known = by_tag.get(each.tag, each)
            if known.stage and each.stage and known.stage is not each.stage:
                told = f'{quoted(each.tag)} is both "{known.stage}" and "{each.stage}"; keep one of the two'
                reading.problems.append(f"column {reading.title('experiences')}: {told}")
            by_tag[each.tag] = Experience(each.tag, known.stage or each.stage, known.shown or each.shown)
    return tuple(by_tag.values())


def _wishes(reading: Reading, traits: dict[str, str]) -> tuple[Wish, ...]:
    return tuple(wish for wishes in reading.all("wishes", partial(cells.wishes_in, own=traits)) for wish in wishes)


def _look_whether_ready(reading: Reading, candidate: Candidate) -> None:
    for field_name, missing, is_there, example in (
        ("zone", "zone", bool(candidate.zone), '"Europe/London"'),
        ("languages", "language", bool(candidate.languages), '"English"'),
        ("goals", "goal", bool(candidate.goals), '"health: running"'),
        ("availability", "hours", bool(candidate.windows) or candidate.writing_is_enough, '"Mon 18:00-20:30"'),
    ):
        if not is_there and field_name not in reading.failed:
            column = reading.title(field_name)
            reading.problems.append(f"not ready: no {missing}; write for example {example} into column {column}")
