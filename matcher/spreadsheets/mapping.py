"""Which column of a sheet is which field, and the sentences that say so."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from matcher.errors import SheetError
from matcher.spreadsheets.cells import known_zones, quoted
from matcher.spreadsheets.choices import FIELDS, Choices
from matcher.spreadsheets.files import Table
from matcher.spreadsheets.headers import (
    ABOUT_AGE,
    HOME_LANGUAGE,
    SURVEY_LANGUAGES,
    day_in_header,
    plain,
    recognise,
    recognise_traits,
)

_NEEDED = {
    "zone": 'zone=COLUMN, or one for everybody with defaults.zone="Europe/London"',
    "languages": "languages=COLUMN, or one for everybody with defaults.languages=English",
    "goals": "goals=COLUMN",
    "availability": "availability=COLUMN, or writing=COLUMN where everybody writes",
}
_IN_ROW_1 = {"availability": "call it availability in row 1, or call one writing where everybody writes"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnMap:
    """Columns of one sheet by field and by trait, as places in its header.

    ``instead_of_languages`` is read where a row's languages are empty; ``grid`` are a form's columns with one day each.
    ``at_keyboard`` is that of :class:`Choices`.
    """

    header: tuple[str, ...]
    fields: Mapping[str, tuple[int, ...]]
    traits: Mapping[str, int]
    grid: Mapping[int, int] = field(default_factory=dict)
    instead_of_languages: tuple[int, ...] = ()
    at_keyboard: bool = True

    @property
    def stated(self) -> tuple[str, ...]:
        """Which column was taken for what, and which are not read, one sentence each."""
        return tuple(self._sentences())

    def title(self, place: int) -> str:
        """A column's header as a sentence can bear it: between quotation marks unless it is a single word."""
        return self.header[place] if re.fullmatch(r"\w{1,60}", self.header[place]) else quoted(self.header[place])

    def _sentences(self) -> Iterator[str]:
        yield f"Columns: {', '.join(self._columns())}."
        if self.instead_of_languages:
            home, other = self._titles(self.fields["languages"]), self._titles(self.instead_of_languages)
            flag = f"; with --column languages={other} everybody has English" if self.at_keyboard else ""
            yield f"Languages are from {home}, and from {other} where that is empty{flag}."
        if not self.fields.get("age"):
            yield "No column says how old people are: you vouch that all are adults."
        unused = self._unused()
        if unused:
            yield f"Not read: {', '.join(unused)}."

    def _unused(self) -> list[str]:
        used = {*self.traits.values(), *self.instead_of_languages}.union(*self.fields.values())
        unused = (place for place in range(len(self.header)) if place not in used)
        return [self.title(place) if self.header[place] else f"column {place + 1} (no name)" for place in unused]

    def _columns(self) -> Iterator[str]:
        """Each field and trait, with its column where that has another name."""
        named = {name: columns for name in FIELDS if (columns := self.fields.get(name, ()))}
        named |= {trait: (column,) for trait, column in self.traits.items() if trait != "age"}
        for name, columns in named.items():
            titles = self._titles(columns)
            yield name if titles.casefold() == name else f"{name} from {titles}"

    def _titles(self, columns: tuple[int, ...]) -> str:
        return " and ".join(map(self.title, columns))


def map_columns(table: Table, choices: Choices) -> ColumnMap:
    """Find the columns of a sheet, those chosen first and the rest by their headers.

    Raises SheetError when row 1 is no header, a chosen column does not exist, or a needed field has no column.
    """
    chosen = {name: tuple(place_of(table, title) for title in titles) for name, titles in choices.columns.items()}
    recognised = recognise(table.header, taken=(place for places in chosen.values() for place in places))
    fields = recognised | chosen
    _refuse_no_header(table, fields)
    traits = recognise_traits(table.header) | {name: place_of(table, title) for name, title in choices.traits.items()}
    if fields["age"]:
        traits["age"] = fields["age"][0]
    elif "age" not in chosen:
        _refuse_unsaid_age(table, choices.at_keyboard)
    _refuse_gaps(table, fields, choices)
    days = {place: day_in_header(table.header[place]) for place in fields["availability"]}
    return ColumnMap(
        header=table.header,
        fields=fields,
        traits=traits,
        grid={place: day for place, day in days.items() if day is not None},
        instead_of_languages=() if "languages" in chosen else _instead_of_home(table, fields["languages"]),
        at_keyboard=choices.at_keyboard,
    )


def place_of(table: Table, title: str) -> int:
    """The place of a column in the header, case aside; SheetError names the columns there are."""
    titles = [known.casefold() for known in table.header]
    try:
        return titles.index(title.strip().casefold())
    except ValueError:
        raise SheetError(f'{table.name} has no column "{title}". {_columns_there_are(table)}') from None


def _columns_there_are(table: Table) -> str:
    return f"Its columns are: {', '.join(filter(None, table.header))}."


def _instead_of_home(table: Table, columns: tuple[int, ...]) -> tuple[int, ...]:
    """The survey's other column of languages, where the language of the home is read."""
    titles = [plain(title) for title in table.header]
    from_home = [titles[column] for column in columns] == [HOME_LANGUAGE]
    return (titles.index(SURVEY_LANGUAGES),) if from_home and SURVEY_LANGUAGES in titles else ()


def _refuse_unsaid_age(table: Table, at_keyboard: bool) -> None:
    """A sheet that may say how old people are, in a way nobody here understands, must not pass as one of adults."""
    about = [title for title in table.header if ABOUT_AGE.search(plain(title))]
    if about:
        say = (
            "Say which column is their age with --column age=COLUMN, or with --column age= that none is;"
            if at_keyboard
            else "Call the column of their age just age in row 1, or take these out where none is;"
        )
        told = " or ".join(map(quoted, about))
        raise SheetError(f"{table.name} may tell ages in {told}. {say} then you vouch that all are adults.")


def _refuse_no_header(table: Table, fields: Mapping[str, tuple[int, ...]]) -> None:
    """Never list the cells of row 1 here: they may be a person's."""
    if not any(fields.values()) or any(map(_is_an_answer, table.header)):
        raise SheetError(
            f"Row 1 of {table.name} is no header that is known here; "
            "write names such as name, zone, languages, goals and availability into row 1."
        )


def _is_an_answer(title: str) -> bool:
    return title.casefold() in known_zones() or bool(re.fullmatch(r"\S+@\S+\.\S+", title))


def _refuse_gaps(table: Table, fields: Mapping[str, tuple[int, ...]], choices: Choices) -> None:
    """A needed field that nobody on the sheet has is said once, and not once for every row."""
    told = {"zone": bool(choices.zone), "languages": bool(choices.languages), "availability": bool(fields["writing"])}
    for name, flag in _NEEDED.items():
        if not fields[name] and not told.get(name):
            say = f"say {flag}" if choices.at_keyboard else _IN_ROW_1.get(name, f"call it {name} in row 1")
            raise SheetError(f"No column of {table.name} is known as {name}; {say}. {_columns_there_are(table)}")
