"""What somebody has lived, where they are with it, who may see it, and the one sentence of consent."""

from collections.abc import Sequence

from flask import Blueprint
from werkzeug.wrappers import Response
from wtforms import BooleanField, FormField, SelectField, StringField

from matcher import experiences
from matcher.experiences import MOST, ExperienceTold
from matcher.groups import terms_of
from matcher.models import Member
from matcher.sealing import Unreadable
from matcher.states import Consent, Visibility
from matcher.vocabulary import Stage
from web.clock import now
from web.database import db
from web.forms import PageForm, Rows, options, sent
from web.joining import keep, opened
from web.memberships import membership, readable

pages = Blueprint("experiences", __name__)

AGREES = "Use these experiences to find me a partner. I can take this back at any time."
MOST_ROWS = 100
"""More than may be kept, since a sheet may have brought them; how many are kept is asked in the domain."""
_SPARE = 3
_STAGES = [("", "I would rather not say"), *((stage, stage.capitalize()) for stage in Stage)]
_SEEN_BY = [
    (Visibility.FOR_MATCHING, "nobody, it only helps to find my partner"),
    (Visibility.PROPOSED, "people proposed to me, my partner, and coordinators"),
    (Visibility.ONLY_ME, "only me; it is not used"),
]


class ExperienceForm(PageForm):
    """One experience."""

    word = StringField("An experience, in a word or two")
    stage = SelectField("Where are you with it?", choices=options(_STAGES))
    visibility = SelectField("Who may see it?", choices=options(_SEEN_BY), default=Visibility.FOR_MATCHING)


class ExperiencesForm(PageForm):
    """Up to ten of them."""

    experiences = Rows(FormField(ExperienceForm), min_entries=_SPARE, max_entries=MOST_ROWS)
    agrees = BooleanField(AGREES)


@pages.get("/members/<member_id>/experiences")
def show(member_id: str) -> str:
    """What was told, and room for more."""
    member = membership(member_id)
    return opened(member, "experiences", told_by(member), words=words_of(member))


def told_by(member: Member) -> ExperiencesForm:
    """The form with what was told."""
    there = [
        {"word": each.tag, "stage": readable(each.stage, "") or "", "visibility": each.visibility}
        for each in member.experiences
        if not isinstance(each.tag, Unreadable)
    ]
    rows = there + [{} for _ in range(min(_SPARE, MOST - len(there)))]
    return ExperiencesForm(data={"experiences": rows, "agrees": member.agrees_to(Consent.EXPERIENCES)})


@pages.post("/members/<member_id>/experiences")
def set_experiences(member_id: str) -> Response | tuple[str, int]:
    """Keep them; one that is left empty is forgotten."""
    member, form = membership(member_id), ExperiencesForm(sent())
    return keep(
        form,
        member,
        "experiences",
        lambda: experiences.set_experiences(
            db(), member, now(), [told(each.data) for each in form.experiences], agrees=form.agrees.data, how=AGREES
        ),
        there=told_by(member),
        words=words_of(member),
    )


def told(typed: dict[str, str | None]) -> ExperienceTold:
    """An experience as it was typed."""
    return ExperienceTold(
        word=typed["word"] or "",
        stage=Stage(typed["stage"]) if typed["stage"] else None,
        visibility=Visibility(typed["visibility"] or Visibility.FOR_MATCHING),
    )


def words_of(member: Member) -> Sequence[str]:
    """The group's own words for experiences."""
    return terms_of(db(), member.group, "experience")
