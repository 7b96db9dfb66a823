"""How to support somebody: style, ways to be in touch, rhythm, a third person, and a card in own words."""

from flask import Blueprint
from werkzeug.wrappers import Response
from wtforms import BooleanField, RadioField, SelectField, TextAreaField

from matcher import support
from matcher.models import Member
from matcher.support import CHANNELS, LONGEST_CARD, RHYTHMS
from matcher.vocabulary import SupportStyle
from web.clock import now
from web.database import db
from web.forms import ManyField, PageForm, anyway, options, sent
from web.joining import keep, opened
from web.memberships import membership, readable

pages = Blueprint("support", __name__)

_STYLES = [
    ("", "I do not mind"),
    (SupportStyle.GENTLE, "Gently: ask me how it went, and let me tell"),
    (SupportStyle.FIRM, "Firmly: remind me of what I said I would do"),
]


class SupportForm(PageForm):
    """Everything about it; what is left empty is not said."""

    support_style = RadioField("How do you like to be supported?", choices=options(_STYLES), default="")
    channels = ManyField("How would you like to be in touch?")
    rhythm = SelectField("How often would you like to talk?")
    welcomes_three = BooleanField("A third person may join us")
    card = TextAreaField("How to support me, in my own words")

    def __init__(self, *arguments, **filled):
        """Offer the usual words, and those that this member has already."""
        there = filled.pop("there", None)
        super().__init__(*arguments, **filled)
        ways = list(dict.fromkeys([*CHANNELS, *(there.channels if there else [])]))
        rhythms = list(dict.fromkeys([*RHYTHMS, *([there.rhythm] if there and there.rhythm else [])]))
        self.channels.choices = options((way, way) for way in ways)
        self.rhythm.choices = options([("", "I do not mind"), *((each, each) for each in rhythms)])


@pages.get("/members/<member_id>/support")
def show(member_id: str) -> str:
    """What was told."""
    member = membership(member_id)
    return opened(member, "support", SupportForm(data=told_by(member), there=member), longest=LONGEST_CARD)


@pages.post("/members/<member_id>/support")
def set_support(member_id: str) -> Response | tuple[str, int]:
    """Keep it."""
    member = membership(member_id)
    form = SupportForm(sent(), there=member)
    return keep(
        form,
        member,
        "support",
        lambda: support.set_support(
            db(),
            member,
            now(),
            support_style=SupportStyle(form.support_style.data) if form.support_style.data else None,
            channels=form.channels.data or [],
            rhythm=form.rhythm.data or "",
            welcomes_three=form.welcomes_three.data,
            card=form.card.data.replace("\r\n", "\n"),
            anyway=anyway(),
        ),
        there=SupportForm(data=told_by(member), there=member),
        longest=LONGEST_CARD,
    )


def told_by(member: Member) -> dict[str, object]:
    """What a member told, as the fields hold it."""
    return {
        "support_style": member.support_style or "",
        "channels": member.channels,
        "rhythm": member.rhythm,
        "welcomes_three": member.welcomes_three,
        "card": readable(member.card, "") or "",
    }
