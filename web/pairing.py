"""A finished pairing, to be read: who walks with whom and why, who waits and why, and how it was solved."""

from collections.abc import Iterable
from pathlib import Path

from flask import Blueprint, abort, current_app, render_template

from web.access import opened_by_key
from web.charts import distribution
from web.pairing_file import Alone, Pairing, Partnership, read_pairing

pages = Blueprint("pairing", __name__)

FEWEST_FOR_A_PICTURE = 5  # partnerships; fewer are read quicker on their cards

AIMS = {
    "fewest_left_out": "As few people as possible wait; among all ways to do that, the one that fits best.",
    "best_fit": "The pairs that fit best, even if somebody waits who could have had a partner.",
}


@pages.get("/pairing/<key>")
@opened_by_key
def show(key: str) -> str:
    """The whole pairing on one page. Without a file there is no page, as with a wrong key."""
    path = current_app.config["PAIRING_FILE"]
    if not path:
        abort(404)
    try:
        pairing = read_pairing(Path(path))
    except FileNotFoundError:
        abort(404)
    return render_template("pairing/show.html", **parts(pairing))


def parts(pairing: Pairing) -> dict[str, object]:
    """What the page shows, people in the order of their names."""
    made = pairing.pairs + pairing.trios
    return {
        "pairing": pairing,
        "pairs": by_name(pairing.pairs),
        "trios": by_name(pairing.trios),
        "alone": sorted(pairing.alone, key=lambda each: each.name.casefold()),
        "partnered": pairing.waiting - len(pairing.alone),
        "points": distribution([each.points for each in made]) if len(made) >= FEWEST_FOR_A_PICTURE else None,
        "aim": AIMS.get(pairing.mode, pairing.mode),
        "in_words": in_words,
        "others": others,
        "why_alone": why_alone,
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


def why_alone(waiting: Alone) -> str:
    """The person's hours and wishes, or the shape of the group: said without blame."""
    competition = f"{waiting.sides} people, or circles of people, had only the same {waiting.sought} possible partners."
    return {
        "no possible partner": "Nobody here was a possible partner this time.",
        "odd circle": "The people who fit each other here are an odd number, so one of them waits.",
        "competition": competition,
        "others fit better": "There were possible partners. In what was best for everybody, they walk with others.",
    }.get(waiting.cause, waiting.cause)
