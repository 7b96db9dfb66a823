"""What a coordinator says about a sheet beforehand: which column is which, and what holds for everybody."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from matcher.errors import SheetError
from matcher.spreadsheets.cells import CellError, languages_in, zone_in

FIELDS = (
    "id",
    "name",
    "email",
    "zone",
    "languages",
    "goals",
    "availability",
    "writing",
    "experiences",
    "experiences_shown",
    "support_style",
    "channels",
    "rhythm",
    "welcomes_three",
    "age",
    "wishes",
    "requests",
    "goes_first",
    "nights_waited",
    "consent",
)
"""What a column can be; any other column can be a trait."""

SEVERAL = frozenset(
    {"name", "languages", "goals", "availability", "experiences", "experiences_shown", "channels", "wishes", "requests"}
)
"""The fields that may be spread over several columns."""

_SECTIONS = ("columns", "traits", "defaults")


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """Columns by field ("" switches a field off), columns by trait, and a zone and languages where none are written.

    ``at_keyboard`` is whether they were, or can be, said as flags. Who sends a sheet to a page can only mend the sheet.
    """

    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    traits: Mapping[str, str] = field(default_factory=dict)
    zone: str = ""
    languages: frozenset[str] = frozenset()
    at_keyboard: bool = True


def read_choices(toml: Path | None = None, flags: Iterable[str] = ()) -> Choices:
    """Read a TOML file with [columns], [traits] and [defaults], then flags, which win over the file.

    A flag is ``field=column``, ``traits.name=column`` or ``defaults.zone=Europe/London``; one field given twice has
    two columns. Raises SheetError that names the file or the flag.
    """
    sections = _from_file(toml) if toml else {}
    given = {section: dict(sections.get(section, {})) for section in _SECTIONS}
    for section, values in _from_flags(flags).items():
        given[section].update(values)
    return Choices(
        columns={name: _columns(name, value) for name, value in given["columns"].items()},
        traits={name.strip().casefold(): _trait(name, value) for name, value in given["traits"].items()},
        **_defaults(given["defaults"]),  # type: ignore[arg-type]  # each key has its own type
    )


def _from_file(path: Path) -> Mapping[str, Mapping[str, object]]:
    try:
        sections = tomllib.loads(path.read_text("utf-8"))
    except OSError as problem:
        raise SheetError(f"{path.name} cannot be read: {problem.strerror}.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise SheetError(f"{path.name} is no TOML: {problem}.") from None
    for name, section in sections.items():
        if name not in _SECTIONS or not isinstance(section, dict):
            raise SheetError(f"{path.name}: {name} is no section; there are [columns], [traits] and [defaults].")
    return sections


def _from_flags(flags: Iterable[str]) -> Mapping[str, Mapping[str, object]]:
    given: dict[str, dict[str, list[str]]] = {section: {} for section in _SECTIONS}
    for flag in flags:
        name, equals, value = flag.partition("=")
        section, _, key = name.rpartition(".")
        if not equals or (section or "columns") not in _SECTIONS:
            raise SheetError(f'"{flag}" is no choice of a column; write field=column, for example zone="Time zone".')
        given[section or "columns"].setdefault(key.strip(), []).append(value.strip())
    return given


def _columns(name: str, value: object) -> tuple[str, ...]:
    if name not in FIELDS:
        raise SheetError(f"{name} is no field; there are {', '.join(FIELDS)}. Any other column can go under [traits].")
    titles = value if isinstance(value, list) else [value]
    columns = tuple(_text(f"columns.{name}", title) for title in titles)
    if len(columns) > 1 and name not in SEVERAL:
        raise SheetError(f"{name} can only be one column, not {' and '.join(columns)}.")
    return tuple(filter(None, columns))


def _trait(name: str, value: object) -> str:
    if name.strip().casefold() == "age":  # or nobody would look whether people are adults
        raise SheetError("age is a field and no mere trait; write it under [columns], as age=COLUMN.")
    return _text(f"traits.{name}", value)


def _text(name: str, value: object) -> str:
    """A text, or the only text of a flag."""
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if not isinstance(value, str):
        raise SheetError(f"{name} must be one text between quotation marks, not {value!r}.")
    return value


def _defaults(values: Mapping[str, object]) -> Mapping[str, object]:
    for name in values:
        if name not in ("zone", "languages"):
            raise SheetError(f"defaults.{name} is no default; there are defaults.zone and defaults.languages.")
    try:
        zone = zone_in(_text("defaults.zone", values.get("zone", "")))
        texts = values.get("languages", "")
        texts = texts if isinstance(texts, list) else [texts]
        languages = frozenset[str]().union(*(languages_in(_text("defaults.languages", text)) for text in texts))
    except CellError as problem:
        raise SheetError(f"defaults: {problem}.") from None
    return {"zone": zone, "languages": languages}
