"""From a message of the outbox to a mail: a template, a few days in words, headers that tell nothing.

Nothing that a member wrote or is called ever reaches a mail: templates get days and the address of the pages.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from pathlib import Path
from string import Template
from typing import Any

from matcher.errors import AlongsideError
from matcher.models import Message
from matcher.outbox import day_of
from matcher.settings import Settings

TEMPLATES = Path(__file__).parent / "templates"

KINDS: dict[str, tuple[str, ...]] = {
    "proposal": ("answer_by",),
    "reminder": ("answer_by",),
    "third": ("answer_by",),
    "alone": ("next_pairing",),
    "closed": ("next_pairing",),
    "unanswered": ("next_pairing",),
    "started": (),
    "ended": ("next_pairing",),
    "term_over": (),
    "partner_rests": (),
    "quiet_stayed": ("next_pairing",),
    "resting": (),
    "rest_over": (),
    "silence": (),
    "soft_note": (),
    "quiet_pair": (),
    "promise_due": (),
    "failed_night": (),
    "erasure_asked": ("erase_at",),
    "password_changed": (),
    "second_factor_changed": (),
    "address_changed": (),
    "link_confirm": ("link",),
    "link_reset": ("link",),
    "link_change": ("link",),
    "link_take_back": ("link",),
    "invitation": ("link", "last_day"),
}
"""Every kind of message, and what its template may name: days, or a link that is made on the way out."""

_IN_WORDS = {
    "answer_by": ("by the end of {day}", "within the next days"),
    "next_pairing": ("in the pairing on {day}", "in the next pairing"),
    "last_day": ("to the end of {day}", "for two weeks"),
    "erase_at": ("on {day}", "within the next days"),
}
"""How a day stands in a sentence, and what stands there without it."""


class LetterError(AlongsideError):
    """A message that no mail can be made of; the sentence names no person and no value."""


@dataclass(frozen=True)
class Letter:
    """A mail ready to go, to one address, and a name for it that is the same whenever it is made again."""

    mail: EmailMessage
    to: str
    name: str


def compose(message: Message, to: str, zone: str, settings: Settings, now: datetime, token: str = "") -> Letter:
    """Make the mail of a message for a reader in a zone. Raises LetterError where that is not possible.

    A mail with a link holds its ``token``, which is nowhere else.
    """
    link = {"link": f"/{_place_of(message.kind)}/{token}"} if token else {}
    subject, body = render(message.kind, message.values | link, zone, settings.address)
    mark = hashlib.sha256(message.key.encode()).hexdigest()[:32]  # keys hold a random public id: nobody can guess them
    mail = EmailMessage()
    mail["From"] = settings.mail_from
    mail["To"] = _one_address(to)
    mail["Subject"] = subject
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = f"<{mark}@{_domain_of(settings.mail_from)}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(body)
    return Letter(mail, to, f"{message.made_at:%Y-%m-%d}-{message.kind}-{mark}")


def render(kind: str, values: Mapping[str, Any], zone: str, address: str) -> tuple[str, str]:
    """Subject and body of a kind of message, its days in words. Raises LetterError."""
    if kind not in KINDS:
        raise LetterError("There is no template for this kind of message.")
    words = {name: _in_words(name, values.get(name), zone) for name in KINDS[kind] if name != "link"}
    template = Template((TEMPLATES / f"{kind}.txt").read_text("utf-8"))
    filled = template.substitute(words, address=address.rstrip("/"), link=values.get("link", ""))
    subject, _, body = filled.partition("\n")
    return subject, body.lstrip("\n")


def _place_of(kind: str) -> str:
    """The page that a mailed link opens."""
    return "invitations" if kind == "invitation" else kind.removeprefix("link_").replace("_", "-")


def day_in_words(day: date) -> str:
    """A day as one says it: "Thursday 15 January"."""
    return f"{day:%A} {day.day} {day:%B}"


def _in_words(name: str, iso: Any, zone: str) -> str:
    with_day, without = _IN_WORDS[name]
    if not iso:
        return without
    try:
        return with_day.format(day=day_in_words(day_of(iso, zone)))
    except (TypeError, ValueError):
        raise LetterError(f"Its {name} is no date.") from None


def _one_address(to: str) -> str:
    """Nothing but one address goes into the header: no second reader, no second line."""
    name, found = parseaddr(to)
    if name or found != to or to.count("@") != 1 or any(sign.isspace() or sign in ",;:<>" for sign in to):
        raise LetterError("Its address is not one mail address.")
    return to


def _domain_of(mail_from: str) -> str:
    return parseaddr(mail_from)[1].rpartition("@")[2] or "localhost"
