"""What somebody wishes for in a partner, as far as their group has words for it; and about themselves the same."""

from collections.abc import Iterator
from typing import Any

from flask import Blueprint
from werkzeug.wrappers import Response
from wtforms import BooleanField, Form, FormField, HiddenField, RadioField, SelectField

from matcher import support
from matcher.errors import ToldError
from matcher.groups import terms_of
from matcher.models import Member
from matcher.spreadsheets.cells import text_in, word_in
from matcher.support import WishTold
from web.clock import now
from web.database import db
from web.forms import ManyField, PageForm, Rows, anyway, options, sent
from web.joining import keep, opened
from web.memberships import membership, readable

pages = Blueprint("wishes", __name__)

MUST, NICE, ANY = "must", "nice", ""
_HOW_MUCH = [
    (ANY, "It does not matter to me"),
    (NICE, "It would be nice"),
    (MUST, "It must be so; else I would rather wait"),
]


class WishForm(PageForm):
    """One trait: what I am, and what a partner should be."""

    trait = HiddenField()
    own = SelectField("I am")
    accepted = ManyField("My partner is")
    how_much = RadioField("How much does it matter?", choices=options(_HOW_MUCH), default=ANY)
    may_ask = BooleanField("You may ask me about this, if I stay alone because of it")


class WishesForm(PageForm):
    """One for each trait that the group has words for."""

    traits = Rows(FormField(WishForm))


@pages.get("/members/<member_id>/wishes")
def show(member_id: str) -> str:
    """What was told."""
    member = membership(member_id)
    return opened(member, "wishes", wishes_of(member))


def wishes_of(member: Member) -> WishesForm:
    """The form with what was told."""
    offered = traits_of(member)
    return with_choices(WishesForm(data={"traits": list(told_by(member, offered))}), offered)


@pages.post("/members/<member_id>/wishes")
def set_wishes(member_id: str) -> Response | tuple[str, int]:
    """Keep it. Nobody reads it, and advice touches a wish only where that was allowed."""
    member = membership(member_id)
    form = with_choices(WishesForm(sent()), traits_of(member))
    return keep(form, member, "wishes", lambda: save(member, form), there=wishes_of(member))


def save(member: Member, form: WishesForm) -> None:
    """Keep what the form holds; what was told of other traits, as on a sheet, stays."""
    rows = [row.form for row in form.traits]
    offered = {row.trait.data for row in rows}
    for row in rows:
        if row.accepted.data and not row.how_much.data:
            raise ToldError("traits", f"Say how much “{row.trait.data}” matters, or take away what is ticked.")
    chosen = [row for row in rows if row.how_much.data]
    kept = [WishTold(each["trait"], each["accepted"], each["may_ask"]) for each in others(member.wishes, offered)]
    nice = [WishTold(each["trait"], each["accepted"]) for each in others(member.preferences, offered)]
    support.set_wishes(
        db(),
        member,
        now(),
        kept + [wish(row) for row in chosen if row.how_much.data == MUST],
        nice + [wish(row) for row in chosen if row.how_much.data == NICE],
        {trait: value for trait, value in readable(member.about_me, {}).items() if trait not in offered}
        | {row.trait.data: row.own.data or "" for row in rows},
        anyway=anyway(),
    )


def wish(row: Form) -> WishTold:
    """One of them as it was chosen."""
    return WishTold(row.trait.data, row.accepted.data or [], row.may_ask.data)


Offered = dict[str, dict[str, str]]
"""By trait: what may be chosen, as it is kept, and how it is called."""


def traits_of(member: Member) -> Offered:
    """The traits that the group has words for, each written as "gender: woman, man, another", and what was told."""
    found: Offered = {}
    for line in terms_of(db(), member.group, "trait"):
        trait, _, values = line.partition(":")
        for value in filter(None, map(text_in, values.replace(";", ",").split(","))):
            found.setdefault(word_in(trait), {}).setdefault(word_in(value), value)
    for row in told_by(member, found):
        for value in filter(None, [row["own"], *row["accepted"]]):
            found[row["trait"]].setdefault(value, value)
    return found


def told_by(member: Member, offered: Offered) -> Iterator[dict[str, Any]]:
    """What a member told about each of these traits, as the fields hold it."""
    musts = {each["trait"]: each for each in readable(member.wishes, [])}
    nice = {each["trait"]: each for each in readable(member.preferences, [])}
    own = readable(member.about_me, {})
    for trait in offered:
        wish = musts.get(trait) or nice.get(trait) or {}
        yield {
            "trait": trait,
            "own": own.get(trait, ""),
            "accepted": wish.get("accepted", []),
            "how_much": MUST if trait in musts else NICE if trait in nice else ANY,
            "may_ask": wish.get("may_ask", False),
        }


def with_choices(form: WishesForm, offered: Offered) -> WishesForm:
    """Each row with the words of its trait; one of no trait of this group has none to choose from."""
    for row in form.traits:
        words = offered.get(row.form.trait.data or "", {}).items()
        row.form.own.choices = options([("", "I would rather not say"), *words])
        row.form.accepted.choices = options(words)
    return form


def others(wishes: list[dict], offered: set[str | None]) -> list[dict]:
    """Those about traits that this page does not show."""
    return [each for each in readable(wishes, []) if each["trait"] not in offered]
