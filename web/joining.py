"""The steps into the next pairing. Each is saved by itself; the same pages change what was told later."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms import BooleanField, FormField, HiddenField, RadioField, StringField, TextAreaField

from matcher import joining
from matcher.errors import ToldError, WouldCloseError
from matcher.joining import MOST_GOALS, GoalTold
from matcher.models import Goal, Member
from matcher.spreadsheets.languages import TITLES
from matcher.states import Consent, Visibility
from matcher.vocabulary import DAYS
from web import overtaken
from web.clock import now
from web.database import db
from web.forms import PageForm, Rows, ZoneField, anyway, options, sent, slipped
from web.memberships import STEPS, membership, onward, readable

pages = Blueprint("joining", __name__)

SHOWS_WORDS = [
    (Visibility.ONLY_ME, "only me"),
    (Visibility.PARTNER, "my partner, once we all said yes"),
    (Visibility.PROPOSED, "people proposed to me, too, and coordinators"),
]
MOST_ROWS = 30
"""More goals than anybody may have, since a sheet may have brought them; how many are kept is asked in the domain."""
AREAS = (
    "health",
    "moving more",
    "sleep",
    "learning",
    "work",
    "creative work",
    "money",
    "home and everyday life",
    "relationships",
    "recovery",
    "finding out what I want",
)
"""Offered to who does not know what an area may be; any other word does as well."""


class RulesForm(PageForm):
    """Three separate yeses."""

    is_adult = BooleanField("I am 18 or older")
    to_rules = BooleanField("I say yes to the house rules")
    to_pairing = BooleanField("Use my hours, languages and goals to find me a partner")


class NameForm(PageForm):
    """Who somebody is here."""

    name = StringField("What would you like to be called?")
    zone = ZoneField("Where is your clock?")
    languages = StringField("Which languages could you talk in?")


class GoalForm(PageForm):
    """One goal."""

    id = HiddenField()
    area = StringField("Its area, in a word or two")
    words = TextAreaField("In your own words")
    visibility = RadioField("Who may read your words?", choices=options(SHOWS_WORDS), default=Visibility.PARTNER)
    milestones = TextAreaField("Milestones on the way, one on each line")
    if_this = StringField("If …")
    then_that = StringField("then I will …")


class GoalsForm(PageForm):
    """One to three of them."""

    goals = Rows(FormField(GoalForm), min_entries=MOST_GOALS, max_entries=MOST_ROWS)


@pages.get("/members/<member_id>/rules")
def rules(member_id: str) -> str:
    """The house rules, ours and the group's, and what somebody says yes to."""
    member = membership(member_id)
    agreed = {name: member.agrees_to(consent) for name, consent in _CONSENTS.items()}
    return render_template("joining/rules.html", form=RulesForm(data=agreed), **place(member, "rules"))


_CONSENTS = {"is_adult": Consent.ADULT, "to_rules": Consent.HOUSE_RULES, "to_pairing": Consent.PAIRING}


@pages.post("/members/<member_id>/rules")
def agree(member_id: str) -> Response | tuple[str, int]:
    """Keep what they say yes to; a yes to being paired may be taken back here."""
    member, form = membership(member_id), RulesForm(sent())
    told = {name: form[name].data for name in _CONSENTS}
    return keep(form, member, "rules", lambda: joining.agree_to_rules(db(), member, now(), **told))


@pages.get("/members/<member_id>/name")
def name(member_id: str) -> str:
    """Name, zone and languages; zone and language are guessed."""
    member = membership(member_id)
    return opened(member, "name", names_of(member))


def names_of(member: Member) -> NameForm:
    """What was told, or what may be guessed."""
    return NameForm(
        data={
            "name": member.name,
            "zone": member.zone or member.group.zone,
            "languages": "; ".join(TITLES.get(each, each) for each in member.languages) or guessed_language(),
        }
    )


@pages.post("/members/<member_id>/name")
def introduce(member_id: str) -> Response | tuple[str, int]:
    """Keep them."""
    member, form = membership(member_id), NameForm(sent())
    return keep(
        form,
        member,
        "name",
        lambda: joining.introduce(
            db(),
            member,
            now(),
            name=form.name.data or "",
            zone=form.zone.data or "",
            languages=[form.languages.data or ""],
            anyway=anyway(),
        ),
        there=names_of(member),
    )


@pages.get("/members/<member_id>/goals")
def goals(member_id: str) -> str:
    """One to three goals."""
    member = membership(member_id)
    return opened(member, "goals", goals_of(member))


def goals_of(member: Member) -> GoalsForm:
    """Those that are open."""
    return GoalsForm(data={"goals": [goal_fields(goal) for goal in member.goals if goal.is_open]})


@pages.post("/members/<member_id>/goals")
def set_goals(member_id: str) -> Response | tuple[str, int]:
    """Keep them; one that is left empty is put down."""
    member, form = membership(member_id), GoalsForm(sent())
    return keep(
        form,
        member,
        "goals",
        lambda: joining.set_goals(db(), member, now(), [goal_told(each.data) for each in form.goals], anyway=anyway()),
        there=goals_of(member),
    )


def keep(
    form: PageForm, member: Member, step: str, act, there: PageForm | None = None, **around: object
) -> Response | tuple[str, int]:
    """Do it and go on; or show the page again, with every word and what to mend. ``there`` is the page as of now."""
    shown = place(member, step) | around | {"seen": request.form.get("seen", "")}
    if not form.validate():
        return slipped(f"joining/{step}.html", form, **shown)
    if there and overtaken.is_overtaken(form, there):
        return overtaken.both(f"joining/{step}.html", form, there, **place(member, step) | around)
    was_ready = not member.missing()
    try:
        act()
    except ToldError as problem:
        form.refuse(problem)
    except WouldCloseError as problem:
        form.ask_anyway(problem)
    else:
        db().commit()
        flash("Saved.")
        if was_ready:
            return redirect(url_for("settings.member", member_id=member.public_id), 303)
        return onward(member, step)
    return slipped(f"joining/{step}.html", form, **shown)


def opened(member: Member, step: str, form: PageForm, **around: object) -> str:
    """The page of a step, with what was told."""
    shown = place(member, step) | around
    return render_template(f"joining/{step}.html", form=form, seen=overtaken.seen(form), **shown)


def place(member: Member, step: str) -> dict[str, object]:
    """What every step shows: whose it is, and how far they have come."""
    return {
        "member": member,
        "step": step,
        "number": STEPS.index(step) if step in STEPS else 0,
        "is_ready": not member.missing(),
        "areas": AREAS,
        "days": DAYS,
    }


def guessed_language() -> str:
    """The first language that the browser asks for, if we know its name."""
    codes = (code.partition("-")[0].lower() for code, _ in request.accept_languages)
    return next((TITLES[code] for code in codes if code in TITLES), "")


def goal_fields(goal: Goal) -> dict[str, object]:
    """A goal as its fields hold it."""
    return {
        "id": goal.public_id,
        "area": goal.area,
        "words": readable(goal.words, ""),
        "visibility": goal.visibility,
        "milestones": "\n".join(readable(each.words, "") for each in goal.milestones),
        "if_this": readable(goal.if_this, ""),
        "then_that": readable(goal.then_that, ""),
    }


def goal_told(typed: dict[str, str | None]) -> GoalTold:
    """A goal as it was typed."""
    return GoalTold(
        id=typed["id"] or "",
        area=typed["area"] or "",
        words=(typed["words"] or "").replace("\r\n", "\n"),
        visibility=Visibility(typed["visibility"] or Visibility.PARTNER),
        milestones=(typed["milestones"] or "").splitlines(),
        if_this=typed["if_this"] or "",
        then_that=typed["then_that"] or "",
    )
