"""What others see of somebody, shown to themselves: three looks, one for each reader."""

from flask import Blueprint, render_template, request

from matcher.disclosure import Reader, shown_to
from web.memberships import membership

pages = Blueprint("preview", __name__)

READERS = {"proposed": Reader.PROPOSED, "partner": Reader.PARTNER, "coordinator": Reader.COORDINATOR}


@pages.get("/members/<member_id>/preview")
def show(member_id: str) -> str:
    """One look; the others are links, as tabs without a script."""
    member = membership(member_id)
    chosen = request.args.get("as", "")
    chosen = chosen if chosen in READERS else "proposed"
    shown = shown_to(member, READERS[chosen])
    return render_template("joining/preview.html", member=member, shown=shown, chosen=chosen, readers=READERS)
