"""The second factor: a must for who looks after a group, offered to everybody else."""

import io

import segno
from flask import Blueprint, abort, flash, redirect, render_template, session, url_for
from werkzeug.wrappers import Response
from wtforms import StringField
from wtforms.validators import InputRequired

from matcher import codes, sign_ins
from matcher.errors import LinkError
from web.access import me
from web.clock import now
from web.database import db
from web.forms import PageForm, sent, slipped

pages = Blueprint("second_factor", __name__)


class CodeForm(PageForm):
    """The first code that the phone shows."""

    code = StringField("The six digits your phone shows now", [InputRequired("Write the six digits.")])


@pages.get("/settings/second-factor")
def show() -> str:
    """Whether it is on, and how to set it up or move it. Once begun, the picture for the phone."""
    return render_template("second_factor/show.html", form=CodeForm(), **standing())


@pages.post("/settings/second-factor")
def begin() -> Response:
    """Make a new seed. It counts once a code of it was typed; until then the phone before does."""
    codes.begin(db(), me().account, now())
    db().commit()
    return redirect(url_for("second_factor.show"), 303)


@pages.post("/settings/second-factor/confirm")
def confirm() -> Response | tuple[str, int] | str:
    """Turn it on, and show the recovery codes, this once."""
    form = CodeForm(sent())
    if not form.validate():
        return slipped("second_factor/show.html", form, **standing())
    try:
        recovery = codes.confirm(db(), me().account, form.code.data, now())
    except LinkError as problem:
        form.code.errors = [str(problem)]
        return slipped("second_factor/show.html", form, **standing())
    me().here.code_at = now()
    sign_ins.end_all(db(), me().account, but=me().here)
    return shown_once("The second factor is on", recovery)


@pages.post("/settings/second-factor/recovery-codes")
def renew_recovery_codes() -> str:
    """Make new recovery codes, and show them, this once. Those before work no more."""
    if not codes.is_on(me().account):
        abort(404)
    return shown_once("New recovery codes", codes.new_recovery_codes(db(), me().account, now()))


def shown_once(heading: str, recovery: list[str]) -> str:
    """Commit, and show the recovery codes, of which only hashes are kept."""
    db().commit()
    session.pop("_flashes", None)
    return render_template("second_factor/recovery.html", heading=heading, codes=recovery)


@pages.post("/settings/second-factor/off")
def turn_off() -> Response:
    """Ask for no code any more. Who looks after a group needs one, and may only use another phone."""
    if me().is_staff or not codes.is_on(me().account):
        abort(404)
    codes.turn_off(db(), me().account, now())
    me().here.code_at = None
    sign_ins.end_all(db(), me().account, but=me().here)
    db().commit()
    flash("The second factor is off.")
    return redirect(url_for("settings.show"), 303)


def standing() -> dict[str, object]:
    """What the page shows. A seed is shown until it is confirmed, and never again."""
    account = me().account
    seed = account.new_code_seed
    return {
        "is_on": codes.is_on(account),
        "seed": seed,
        "picture": picture_of(codes.address_of(seed)) if seed else "",
        "must": me().is_staff,
        "left": codes.recovery_codes_left(db(), account),
    }


def picture_of(address: str) -> str:
    """The address as a picture for the camera: SVG without inline style, its colours from our own sheet."""
    out = io.BytesIO()
    segno.make(address, error="m").save(
        out, kind="svg", xmldecl=False, svgns=False, svgclass="qr", lineclass="", omitsize=True, border=4, nl=False
    )
    return out.getvalue().decode()
