"""The headers we know without being told: those of forms, of spreadsheets and of the survey files."""

import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from matcher.spreadsheets.hours import day_of

ALIASES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "id": ("id", "member id", "participant id", "person id", "response id"),
        "name": (
            "chosen name",
            "preferred name",
            "display name",
            "name",
            "your name",
            "full name",
            "your full name",
            "what is your name",
            "what should we call you",
            "first name",
            "member",
        ),
        "email": ("email", "e mail", "email address", "e mail address", "your email", "your email address", "mail"),
        "zone": ("zone", "time zone", "timezone", "d timezone", "your time zone", "tz"),
        "languages": (
            "languages",
            "language",
            "home language",
            "d languages",
            "languages spoken",
            "spoken languages",
            "which languages do you speak",
            "what languages do you speak",
        ),
        "goals": ("d goals", "goals", "goal", "your goals", "your goal", "what are your goals", "what is your goal"),
        "availability": (
            "availability",
            "d availability",
            "free",
            "free times",
            "times",
            "when are you free",
            "when are you available",
            "when could you talk",
        ),
        "writing": (
            "writing",
            "writing is enough",
            "writing is enough for me",
            "is writing enough",
            "is writing enough for you",
        ),
        "experiences": ("experiences", "experience", "lived experience", "lived experiences"),
        "experiences_shown": (
            "experiences shown",
            "shown experiences",
            "experiences to show",
            "experiences you may show",
        ),
        "support_style": ("support style", "how do you like to be supported", "how would you like to be supported"),
        "channels": (
            "channels",
            "channel",
            "how would you like to talk",
            "ways to talk",
            "how would you like to keep in touch",
        ),
        "rhythm": ("rhythm", "how often", "how often would you like to talk"),
        "welcomes_three": (
            "welcomes three",
            "three is fine",
            "open to three",
            "would you welcome a third",
            "would you welcome a third person",
        ),
        "age": ("age", "your age", "age group", "age range", "age bracket", "how old are you", "what is your age"),
        "wishes": ("wishes", "wish", "your wishes"),
        "requests": (
            "requests",
            "request",
            "requested partner",
            "requested partners",
            "who would you like as a partner",
        ),
        "goes_first": ("goes first", "first in line", "priority"),
        "nights_waited": ("nights waited", "waited", "waiting nights"),
        "consent": ("consent", "do you consent", "i consent", "i agree", "do you agree"),
    }
)
"""Headers by field as :func:`plain` writes them; the first one that a sheet has is taken."""

TRAITS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "gender": ("gender", "your gender", "gender identity", "what is your gender"),
        "country": ("country", "your country", "country of residence"),
        "place": ("place", "city", "town", "region", "location", "where do you live"),
    }
)
"""Headers of what wishes may ask about, besides age."""

TOLD_BY = MappingProxyType(
    {
        "zone": re.compile(r"\b(?:time ?zone)\b"),
        "languages": re.compile(r"\blanguages?\b"),
        "goals": re.compile(r"\bgoals?\b"),
        "availability": re.compile(r"\b(?:availab(?:le|ility)|free)\b"),
        "writing": re.compile(r"\bwriting (?:is enough|only)\b"),
        "age": re.compile(r"^(?!.*\b(?:partner|prefer|buddy|mentor)).*\b(?:how old|age)\b"),
        "consent": re.compile(r"\b(?:consents?|agree|permission|gdpr)\b"),
    }
)
"""Words inside a longer question that tell its field, as long as only one column has them."""

ABOUT_AGE = re.compile(r"\b(?:age|aged|ages|old|born|birth|birthday|birthdate|dob)\b")
"""Words of a header that may be about how old people are: then somebody has to say whether it is."""

HOME_LANGUAGE, SURVEY_LANGUAGES = "home language", "d languages"
"""In the survey files the language of the home is the real one; the other column gives everybody English."""

DERIVED_EXPERIENCES = "d experiences"
"""In the survey files some experiences stand in a column of their own."""


def plain(header: str) -> str:
    """A header without case, signs and extra space: "What is your e-mail?" is "what is your e mail"."""
    return " ".join(re.findall(r"\w+", header.casefold().replace("_", " ")))


def day_in_header(header: str) -> int | None:
    """The day of a form's grid column, "When are you free? [Monday]" or "Monday" alone, as its place in the week."""
    bracket = re.search(r"\[([^\[\]]*)\]\s*$", header)
    return day_of(bracket[1] if bracket else header)


def recognise(header: Iterable[str], taken: Iterable[int]) -> dict[str, tuple[int, ...]]:
    """The columns of every field, without those that are taken already; a field nobody recognises has none."""
    places = {place: title for place, title in enumerate(header) if title and place not in set(taken)}
    by_name = {plain(title): place for place, title in reversed(places.items())}
    fields = {name: _first(by_name, aliases) for name, aliases in ALIASES.items()}
    fields["experiences"] += _first(by_name, (DERIVED_EXPERIENCES,))
    fields["availability"] += tuple(place for place, title in places.items() if day_in_header(title) is not None)
    used = {place for columns in fields.values() for place in columns}
    free = {title: place for title, place in by_name.items() if place not in used}
    fields |= {name: _only_one(free, TOLD_BY[name]) for name in TOLD_BY if not fields[name]}
    # Somebody who says no anywhere has said no.
    consents = (place for title, place in free.items() if TOLD_BY["consent"].search(title))
    return fields | {"consent": tuple(dict.fromkeys((*fields["consent"], *consents)))}


def recognise_traits(header: Iterable[str]) -> dict[str, int]:
    """The columns of the traits we know by their header."""
    by_name = {plain(title): place for place, title in enumerate(header)}
    return {name: place for name, aliases in TRAITS.items() for place in _first(by_name, aliases)}


def _first(by_name: Mapping[str, int], aliases: Iterable[str]) -> tuple[int, ...]:
    return tuple(by_name[alias] for alias in aliases if alias in by_name)[:1]


def _only_one(by_name: Mapping[str, int], words: re.Pattern[str]) -> tuple[int, ...]:
    """A column may only be recognised by a word inside its header when no other column has that word."""
    places = tuple(place for title, place in by_name.items() if words.search(title))
    return places if len(places) == 1 else ()
