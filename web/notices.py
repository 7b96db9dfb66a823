"""About what a mail comes, and in which hours none does."""

from datetime import time

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response
from wtforms import SelectField

from matcher import notices
from matcher.errors import ToldError
from matcher.vocabulary import Topic
from web.clock import now
from web.database import db
from web.forms import ManyField, PageForm, options, sent, slipped
from web.memberships import membership

pages = Blueprint("notices", __name__)

_CLOCK = [f"{minute // 60:02d}:{minute % 60:02d}" for minute in range(0, 24 * 60, 15)]


class NoticesForm(PageForm):
    """Topics by mail, and quiet hours."""

    topics = ManyField("Send me a mail about", choices=options((topic, topic.words) for topic in Topic))
    quiet_from = SelectField("No mail from", choices=options((clock, clock) for clock in _CLOCK))
    quiet_until = SelectField("until", choices=options((clock, clock) for clock in _CLOCK))


@pages.get("/members/<member_id>/notices")
def show(member_id: str) -> str:
    """As it is set."""
    member = membership(member_id)
    told = {
        "topics": [topic for topic in Topic if topic not in member.mails_off],
        "quiet_from": f"{member.quiet_from:%H:%M}",
        "quiet_until": f"{member.quiet_until:%H:%M}",
    }
    return render_template("notices/show.html", form=NoticesForm(data=told), member=member)


@pages.post("/members/<member_id>/notices")
def set_notices(member_id: str) -> Response | tuple[str, int]:
    """Keep it."""
    member, form = membership(member_id), NoticesForm(sent())
    if not form.validate():
        return slipped("notices/show.html", form, member=member)
    try:
        notices.set_mails(
            db(),
            member,
            now(),
            quiet_from=time.fromisoformat(form.quiet_from.data),
            quiet_until=time.fromisoformat(form.quiet_until.data),
            mails_off=[topic for topic in Topic if topic not in (form.topics.data or [])],
        )
    except ToldError as problem:
        form.refuse(problem)
        return slipped("notices/show.html", form, member=member)
    db().commit()
    flash("Saved.")
    return redirect(url_for("settings.member", member_id=member.public_id), 303)
