"""Numbers, dates and lists as a person reads them; in English for now."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask
from markupsafe import Markup, escape

from matcher.spreadsheets.languages import TITLES
from matcher.wording import counted


def set_up(app: Flask) -> None:
    """Give the templates these words."""
    app.jinja_env.filters.update(
        {
            each.__name__: each
            for each in (
                number,
                counted,
                day,
                hours,
                seconds,
                listed,
                sentence,
                person,
                people,
                moment,
                languages,
                words_of_slip,
                safe_picture,
            )
        }
    )


def number(value: int) -> str:
    """23295 is "23,295"."""
    return f"{value:,}"


def day(value: date) -> str:
    """Without leading zeros, the month as a word."""
    return f"{value.day} {value:%B} {value.year}"


def hours(minutes: int) -> str:
    """90 is "1 h 30 min"."""
    whole, rest = divmod(minutes, 60)
    return " ".join(
        part for part in (f"{whole} h" if whole else "", f"{rest} min" if rest or not whole else "") if part
    )


def seconds(value: float) -> str:
    """Tenths are enough."""
    return f"{value:,.1f} s" if value >= 0.1 else "under 0.1 s"


def listed(words: Sequence[str]) -> Markup:
    """Words in a sentence: a, b and c. Takes plain text as well as text that is markup already."""
    *most, last = [escape(word) for word in words]
    return Markup(" and ").join((Markup(", ").join(most), last)) if most else last


def sentence(words: str) -> str:
    """A reason such as "no zone" as a sentence; the rest of it stays as it is."""
    return f"{words[:1].upper()}{words[1:]}{'' if words.endswith(('.', '?', '!')) else '.'}"


def person(name: str) -> Markup:
    """A name keeps its own direction of writing and leaves that of the sentence alone."""
    return Markup("<bdi>{}</bdi>").format(name)


def people(names: Sequence[str]) -> Markup:
    """Names in a sentence: Ada, Bo and Cy."""
    return listed([person(name) for name in names])


def languages(codes: Sequence[str]) -> str:
    """Codes of languages by their names."""
    return ", ".join(TITLES.get(code, code) for code in codes)


def moment(value: datetime, zone: str) -> str:
    """A moment by the reader's clock, with the zone's name once: "Sunday 18 January at 03:30 (Europe/London)"."""
    local = value.astimezone(ZoneInfo(zone))
    return f"on {local:%A} {local.day} {local:%B} at {local:%H:%M} ({zone})"


def words_of_slip(slips: Sequence[Any]) -> str:
    """The first sentence about a field; a field of several parts has lists and dicts of them."""
    found: Any = slips
    while isinstance(found, (list, tuple, dict)) and found:
        found = next(iter(found.values())) if isinstance(found, dict) else next(filter(None, found), "")
    return str(found or "")


def safe_picture(svg: str) -> Markup:
    """A picture that we drew ourselves, as markup. Nobody else's text ever comes here."""
    return Markup(svg)  # noqa: S704  # drawn by second_factor.picture_of
