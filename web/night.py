"""A finished pairing as a page shows it: a group's own night, or a sheet's before anybody is invited."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from web.charts import distribution

NOT_TEXT = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]+")  # what no page may hold
FEWEST_FOR_A_PICTURE = 5  # partnerships; fewer are read quicker on their cards

AIMS = {
    "fewest_left_out": "As few as possible are alone; then who waited longest has a partner; then most points.",
    "best_fit": "Most points; then most pairs; then who waited longest.",
}


@dataclass(frozen=True, slots=True)
class Partnership:
    """Two or three people, by the names a coordinator reads, and why."""

    names: tuple[str, ...]
    points: int | None
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


def parts(pairing: Pairing) -> dict[str, object]:
    """What the page shows, people in the order of their names."""
    points = [each.points for each in pairing.pairs + pairing.trios if each.points is not None]
    return {
        "pairing": pairing,
        "pairs": by_name(pairing.pairs),
        "trios": by_name(pairing.trios),
        "alone": sorted(pairing.alone, key=lambda each: each.name.casefold()),
        "partnered": pairing.waiting - len(pairing.alone),
        "points": distribution(points) if len(points) >= FEWEST_FOR_A_PICTURE else None,
        "aim": AIMS.get(pairing.mode, pairing.mode),
        "in_words": in_words,
        "others": others,
    }


def by_name(partnerships: Iterable[Partnership]) -> list[Partnership]:
    """As in a list of names, so that people are found."""
    return sorted(partnerships, key=lambda each: [name.casefold() for name in each.names])


def others(trio: Partnership) -> list[str]:
    """The pair that somebody joined."""
    return [name for name in trio.names if name != trio.joined_by]


def in_words(term: str) -> str:
    """A term such as common_time, for a person."""
    return term.replace("_", " ")


def clean(words: str) -> str:
    """Leave out control signs and halves of letters: they have no look, and some break a page."""
    return NOT_TEXT.sub(" ", words).strip()
