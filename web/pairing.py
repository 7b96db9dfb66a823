"""A finished pairing, to be read: who walks with whom and why, who waits and why, and how it was solved."""

from collections.abc import Iterable
from pathlib import Path

from flask import Blueprint, abort, current_app, render_template
from sqlalchemy import select

from matcher.database import closing_engine, reading
from matcher.models import Group
from matcher.schema import open_database
from matcher.settings import read_settings
from web.access import opened_by_key
from web.charts import distribution
from web.last_night import last_night
from web.pairing_file import Pairing, Partnership, read_pairing

pages = Blueprint("pairing", __name__)

PAIRING, NO_NIGHT = "pairing/show.html", "pairing/no_night.html"
FEWEST_FOR_A_PICTURE = 5  # partnerships; fewer are read quicker on their cards

AIMS = {
    "fewest_left_out": "As few as possible are alone; then who waited longest has a partner; then most points.",
    "best_fit": "Most points; then most pairs; then who waited longest.",
}


@pages.get("/pairing/<key>")
@opened_by_key
def show(key: str) -> str:
    """The whole pairing on one page. With neither a file nor a group there is no page, as with a wrong key."""
    if path := current_app.config["PAIRING_FILE"]:
        return render_template(PAIRING, **parts(pairing_in(Path(path))), lines=())
    return last_night_of(current_app.config["PAIRING_GROUP"] or abort(404))


def pairing_in(path: Path) -> Pairing:
    """The pairing of a file."""
    try:
        return read_pairing(path)
    except FileNotFoundError:
        abort(404)


def last_night_of(group_id: str) -> str:
    """The last night of the group with a public id, read anew each time, and the group's own crisis lines."""
    with closing_engine(open_database(read_settings())) as engine, reading(engine) as session:
        group = session.scalar(select(Group).where(Group.public_id == group_id))
        if group is None:
            abort(404)
        pairing = last_night(session, group)
        page, content = (PAIRING, parts(pairing)) if pairing else (NO_NIGHT, {})
        return render_template(page, **content, lines=group.crisis_lines)


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
