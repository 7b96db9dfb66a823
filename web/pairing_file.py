"""The pairing that `alongside pair --json` wrote: read with care, refused with a sentence that names the place."""

import json
import math
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from matcher.errors import AlongsideError

SOMETHING_IS_WRONG = "Something is wrong in the file with the pairing:"
MOST_BYTES = 32 * 1024 * 1024
NOT_TEXT = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]+")  # what no page may hold


class PairingFileError(AlongsideError):
    """A file that holds no pairing; the sentence names the place and never what stands there."""


@dataclass(frozen=True, slots=True)
class Partnership:
    """Two or three people, by the names a coordinator reads, and why."""

    names: tuple[str, ...]
    points: int
    terms: Mapping[str, int]
    overlap_minutes: int
    reasons: tuple[str, ...]
    joined_by: str


@dataclass(frozen=True, slots=True)
class Alone:
    """Somebody who waits, and why."""

    name: str
    reasons: tuple[str, ...]
    possible_partners: int
    could_help: str
    nights_waited: int


@dataclass(frozen=True, slots=True)
class SetAside:
    """A row of the sheet that could not take part."""

    row: int
    id: str
    reason: str


@dataclass(frozen=True, slots=True)
class Pairing:
    """A finished pairing, ready to be shown.

    ``standing`` says how far a group's own night has come, whose pairs are proposals that people answer; a sheet's
    pairing has none.
    """

    on: date
    group: str
    pairs: tuple[Partnership, ...]
    trios: tuple[Partnership, ...]
    alone: tuple[Alone, ...]
    set_aside: tuple[SetAside, ...]
    waiting: int
    total_points: int
    mode: str
    policy_version: int
    possible_pairs: int
    weighed_pairs: int
    proof: str
    engine: str
    fingerprint: str
    seconds: Mapping[str, float]
    standing: str = ""


class Entry:
    """One JSON object and where it stands, so that whatever is wrong with it can be named."""

    def __init__(self, place: str, values: object) -> None:
        """Anything but an object is refused here."""
        if not isinstance(values, dict):
            raise PairingFileError(f"{SOMETHING_IS_WRONG} {place} is not an object.")
        self.place = place
        self.values = values

    def take(self, key: str, kind: type, called: str, default: Any = None) -> Any:
        """The value of a key, or `default` where the key may be absent."""
        if key not in self.values and default is not None:
            return default
        if key not in self.values:
            raise PairingFileError(f"{SOMETHING_IS_WRONG} {self.place} has no “{key}”.")
        value = self.values[key]
        if not isinstance(value, kind) or isinstance(value, bool):
            raise PairingFileError(f"{SOMETHING_IS_WRONG} {self.inside(key)} is not {called}.")
        return value

    def inside(self, key: str) -> str:
        """How to name one of its values."""
        return f"“{key}”" if self.place == "it" else f"“{key}” of {self.place}"

    def text(self, key: str, default: str | None = None) -> str:
        """Words that a page may hold."""
        return clean(self.take(key, str, "text", default))

    def number(self, key: str) -> int:
        """A whole number."""
        return int(self.take(key, int, "a whole number"))

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of words."""
        words = self.take(key, list, "a list")
        return tuple(Entry(self.inside(key), {"entry": word}).text("entry") for word in words)

    def entry(self, key: str, default: dict[str, Any] | None = None) -> "Entry":
        """An object inside this one."""
        return Entry(self.inside(key), self.take(key, dict, "an object", default))

    def entries(self, key: str) -> list["Entry"]:
        """A list of objects inside this one."""
        found = self.take(key, list, "a list")
        return [Entry(f"“{key}” {place}", values) for place, values in enumerate(found, 1)]


def clean(words: str) -> str:
    """Leave out control signs and halves of letters: they have no look, and some break a page."""
    return NOT_TEXT.sub(" ", words).strip()


def read_pairing(path: Path) -> Pairing:
    """Read a whole pairing. Raises FileNotFoundError, or PairingFileError with a sentence for the page."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise PairingFileError("The file with the pairing is too large for one page.")
        values = json.loads(path.read_bytes(), parse_constant=refuse_constant)  # UTF-16 is understood too
    except FileNotFoundError:
        raise
    except OSError:
        raise PairingFileError("The file with the pairing cannot be read.") from None
    except (ValueError, RecursionError):
        raise PairingFileError("The file with the pairing is not JSON, or only half of it.") from None
    return pairing_from(Entry("it", values))


def refuse_constant(name: str) -> float:
    """NaN and Infinity are no JSON, though Python reads them."""
    raise ValueError(name)


def pairing_from(top: Entry) -> Pairing:
    """Check every part that a page shows; what else the file holds is left alone."""
    names = Names(top)
    return Pairing(
        on=day(top),
        group=top.text("group", ""),
        pairs=tuple(partnership(each, names, 2) for each in top.entries("pairs")),
        trios=tuple(partnership(each, names, 3) for each in top.entries("trios")),
        alone=tuple(alone(each, names) for each in top.entries("alone")),
        set_aside=tuple(
            SetAside(each.number("row"), each.text("id"), each.text("reason")) for each in top.entries("set_aside")
        ),
        waiting=top.number("waiting"),
        total_points=top.number("total_points"),
        mode=top.text("mode"),
        policy_version=top.number("policy_version"),
        possible_pairs=top.number("possible_pairs"),
        weighed_pairs=top.number("weighed_pairs"),
        proof=top.text("proof"),
        engine=top.text("engine"),
        fingerprint=top.text("fingerprint"),
        seconds={clean(phase): time_taken(top.entry("seconds"), phase) for phase in top.entry("seconds").values},
    )


class Names:
    """What to call people: by name, by id where there is no name, by both where two have the same name."""

    def __init__(self, top: Entry) -> None:
        """The file may have no names at all."""
        named = top.entry("names", {})
        self.by_id = {id: named.text(id) for id in named.values}
        how_often = Counter(name.casefold() for name in self.by_id.values())
        self.shared = {name for name, times in how_often.items() if times > 1}

    def call(self, id: str) -> str:
        """Never an empty word."""
        name = self.by_id.get(id, "")
        if name.casefold() in self.shared:
            return f"{name} ({clean(id)})"
        return name or clean(id) or "somebody without an id"


def partnership(entry: Entry, names: Names, size: int) -> Partnership:
    """Two or three people, one of whom may have joined the others."""
    ids = entry.take("ids", list, "a list")
    joined_by = entry.take("joined_by", str, "text", "")
    if len(ids) != size or not all(isinstance(id, str) for id in ids) or (joined_by and joined_by not in ids):
        raise PairingFileError(f"{SOMETHING_IS_WRONG} the ids of {entry.place} do not name {size} people.")
    terms = entry.entry("terms")
    return Partnership(
        names=tuple(names.call(id) for id in ids),
        points=entry.number("points"),
        terms={clean(term): terms.number(term) for term in terms.values},
        overlap_minutes=entry.number("overlap_minutes"),
        reasons=entry.texts("reasons"),
        joined_by=names.call(joined_by) if joined_by else "",
    )


def alone(entry: Entry, names: Names) -> Alone:
    """Somebody who waits."""
    return Alone(
        name=names.call(entry.take("id", str, "text")),
        reasons=entry.texts("reasons"),
        possible_partners=entry.number("possible_partners"),
        could_help=entry.text("could_help"),
        nights_waited=entry.number("nights_waited"),
    )


def day(top: Entry) -> date:
    """The day of the pairing, written as 2026-01-12."""
    try:
        return date.fromisoformat(top.text("on"))
    except ValueError:
        raise PairingFileError(f"{SOMETHING_IS_WRONG} “on” is not a date.") from None


def time_taken(seconds: Entry, phase: str) -> float:
    """Seconds, whole or not."""
    value = seconds.take(phase, int | float, "a number")  # type: ignore[arg-type]  # isinstance takes a union
    if not math.isfinite(value):
        raise PairingFileError(f"{SOMETHING_IS_WRONG} the seconds of “{clean(phase)}” are not a number.")
    return float(value)
