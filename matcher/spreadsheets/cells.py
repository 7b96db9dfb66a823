"""One cell -> one value of the pairing, or a sentence on what to write instead.

Every reader here takes the text of a cell and raises CellError, whose sentence goes behind the name of the column.
"""

import difflib
import re
import zoneinfo
from collections.abc import Iterable
from dataclasses import replace
from functools import cache, lru_cache

from matcher.names import one_line
from matcher.pairing.candidate import Experience, Goal, Wish
from matcher.spreadsheets.languages import CODES
from matcher.vocabulary import Stage, SupportStyle

ADULT = 18
OLDEST = 120
MOST_LANGUAGES = 30

_NOTHING = frozenset({"", "-", "–", "—", "n/a", "none"})
_NO_LANGUAGE = frozenset({"any", "all", "other", "others", "none of these", "none of the above", "prefer not to say"})
_YES = frozenset({"yes", "y", "true", "1", "x", "✓", "✔", "☑", "ok", "agreed", "i agree", "i consent", "i accept"})
_NO = frozenset({"no", "n", "false", "0"})
_MAY_ASK = re.compile(r"\s*\(\s*may ask\s*\)$", re.IGNORECASE)
_AGE = re.compile(
    r"(?P<least>\d{1,3})(?:\.0)?(?:\s*(?:-|–|to)\s*(?P<most>\d{1,3})|(?P<open>\s*\+|\s+(?:or|and)\s+(?:over|older|above)))?"
    r"(?:\s*years?(?:\s+old)?)?",
    re.IGNORECASE,
)


class CellError(ValueError):
    """A cell that is not understood; its text says what it holds and what to write instead."""


def quoted(text: str) -> str:
    """A cell's text between quotation marks, on one line and not longer than a sentence can bear."""
    line = one_line(text)
    return f'"{line if len(line) <= 60 else line[:59] + "…"}"'


def not_understood(text: str, instead: str) -> CellError:
    """The usual sentence: what is not understood, and what to write instead."""
    return CellError(f"{quoted(text)} is not understood; write {instead}")


def text_in(text: str) -> str:
    """A text as it stands, on one line; "none" and dashes are nothing."""
    line = one_line(text)
    return "" if line.casefold() in _NOTHING else line


def word_in(text: str) -> str:
    """A text that is compared and never shown: case does not count."""
    return text_in(text).casefold()


def words_in(text: str) -> tuple[str, ...]:
    """The case-folded words of a list, in their order."""
    return tuple(item.casefold() for item in items_in(text))


def items_in(text: str) -> tuple[str, ...]:
    """The items of a list between semicolons or line breaks; where there are none, between commas."""
    separator = r"[;\n\r]" if re.search(r"[;\n\r]", text.strip()) else ","
    items = (text_in(item) for item in re.split(separator, text))
    return tuple(filter(None, items))


def yes_in(text: str) -> bool:
    """Whether a cell says yes; an empty one says no. "Yes, gladly" is a yes, "perhaps" is an error."""
    word = re.split(r"[,.!;–]| - ", word_in(text), maxsplit=1)[0].strip()
    if word in _YES:
        return True
    if not word or word in _NO:
        return False
    raise not_understood(text, '"yes" or "no"')


def consent_in(text: str) -> bool:
    """Whether a cell is a plain yes, "Yes, I agree" among them. Nothing is guessed: a yes with a condition is none."""
    return re.sub(r"^yes,? (?=i )", "", word_in(text).rstrip(".!")) in _YES


def whole_number_in(text: str) -> int:
    """A whole number from 0; an empty cell is 0."""
    if not text_in(text):
        return 0
    number = re.fullmatch(r"(\d{1,6})(?:\.0+)?", text.strip())
    if not number:
        raise not_understood(text, "a whole number such as 3")
    return int(number[1])


def zone_in(text: str) -> str:
    """The IANA name of a time zone, or "" where nothing is written."""
    wanted = text_in(text).replace(" ", "_")
    known = known_zones().get(wanted.casefold(), "")
    if wanted and not known:
        closest = " or ".join(f'"{name}"' for name in _closest_zones(wanted)) or '"Europe/London"'
        raise CellError(f"{quoted(text)} is no time zone; write for example {closest}")
    return known


@cache
def known_zones() -> dict[str, str]:
    """The names of all time zones by their case-folded form."""
    names = zoneinfo.available_timezones() - {"localtime", "Factory"}
    return {name.casefold(): name for name in names}


def _closest_zones(wanted: str) -> list[str]:
    """Real names of the same city, or alike ones. Never an offset: the signs in "Etc/GMT+1" are the wrong way round."""
    places = {name for name in known_zones().values() if "/" in name and not name.startswith("Etc/")}
    city = wanted.casefold().rpartition("/")[2]
    same_city = sorted(name for name in places if name.casefold().rpartition("/")[2] == city)
    return same_city[:3] or difflib.get_close_matches(wanted, sorted(places))


def languages_in(text: str) -> frozenset[str]:
    """Codes of languages from names or codes between ``;``, ``,``, ``/`` or "and"; unknown names stay as written."""
    items = re.split(r"[;,/&\n\r]|\band\b", text_in(text), flags=re.IGNORECASE)
    if len(items) > MOST_LANGUAGES:
        raise not_understood(text, f"at most {MOST_LANGUAGES} languages")
    names = (re.sub(r"\([^()]*\)", "", word_in(item)).strip(" .") for item in items)
    return frozenset(_language(name) for name in names if name)


def _language(name: str) -> str:
    """A code; "en-GB" and "pt_BR" are English and Portuguese. What is no language would join people who share none."""
    if len(name) == 1 or name in _NO_LANGUAGE:
        raise not_understood(name, 'the languages themselves, for example "English; Polish"')
    short = re.sub(r"^([a-z]{2,3})[-_][a-z0-9]{2,4}$", r"\1", name)
    if short in CODES or re.fullmatch(r"[a-z]{2,3}", short):
        return CODES.get(short, short)
    if name.endswith("sign language"):  # there are many, and each is a language of its own
        return name
    inside = [word for word in name.split() if len(word) > 3 and word in CODES]
    alike = inside or difflib.get_close_matches(name, [known for known in CODES if len(known) > 3], n=1, cutoff=0.8)
    if alike:
        raise not_understood(name, f'only the language, such as "{alike[0].title()}"')
    return name


def goals_in(text: str) -> frozenset[Goal]:
    """Goals from a list of ``area: tag``, or of areas alone."""
    return frozenset(_goal(item) for item in words_in(text))


def _goal(item: str) -> Goal:
    area, _, tag = item.partition(":")
    if not area.strip():
        raise not_understood(item, 'the area before the colon, for example "health: running"')
    return Goal(area.strip(), tag.strip())


def experiences_in(text: str, shown: bool = False) -> tuple[Experience, ...]:
    """Experiences from a list of ``tag (stage)``, or of tags alone."""
    return tuple(_experience(item, shown) for item in words_in(text))


def _experience(item: str, shown: bool) -> Experience:
    tag, bracket, stage = item.removesuffix(")").rpartition("(")
    if not bracket:
        return Experience(item, None, shown)
    if stage.strip() not in list(Stage) or not tag.strip():
        stages = ", ".join(f"({stage})" for stage in Stage)
        raise not_understood(item, f"the experience and then one of {stages}, or no brackets")
    return Experience(tag.strip(), Stage(stage.strip()), shown)


def support_style_in(text: str) -> SupportStyle | None:
    """The support style, or None where nothing is written."""
    word = word_in(text).replace("gently", "gentle").replace("firmly", "firm")
    if word and word not in list(SupportStyle):
        raise not_understood(text, " or ".join(f'"{style}"' for style in SupportStyle))
    return SupportStyle(word) if word else None


@lru_cache(maxsize=1024)
def ages_in(text: str) -> range | None:
    """The ages a bucket such as ``25-29``, ``55+`` or ``34`` may mean, or None where it is no age at all."""
    age = _AGE.fullmatch(text.strip())
    if not age:
        return None
    least = int(age["least"])
    most = OLDEST if age["open"] else int(age["most"] or least)
    return range(least, most + 1) if least <= most <= OLDEST else None


def is_surely_adult(text: str) -> bool:
    """Whether every age that the cell may mean is an adult's; a year of birth is no age."""
    ages = ages_in(text)
    return ages is not None and ages.start >= ADULT


def lies_within(age: str, bucket: str) -> bool:
    """Whether everybody of an age, "34" or "30-34", is surely inside of a bucket such as "30-39"."""
    inner, outer = ages_in(age), ages_in(bucket)
    return inner is not None and outer is not None and outer.start <= inner.start and inner.stop <= outer.stop


def wish_among(wish: Wish, values: Iterable[str]) -> Wish:
    """A wish among people of whom these values of its trait are known: "age: 30-39" also accepts who wrote "34"."""
    if wish.trait != "age":
        return wish
    inside = {age for age in values for bucket in wish.accepted if lies_within(age, bucket)}
    return replace(wish, accepted=wish.accepted | inside)


def wishes_in(text: str, own: dict[str, str]) -> tuple[Wish, ...]:
    """Wishes from a list of ``same gender`` or ``age: 25-29|30-34``, each with ``(may ask)`` behind it or not.

    ``own`` are the traits of the member who wishes; a trait the sheet has no column for is an error.
    """
    return tuple(_wish(item, own) for item in items_in(text))


def _wish(item: str, own: dict[str, str]) -> Wish:
    trait, values = _trait_and_values(item)
    if trait not in own:
        raise CellError(f"{quoted(item)} asks about {quoted(trait)}, which no column tells; write {_traits_told(own)}")
    if not values and not own[trait]:
        raise CellError(f"{quoted(item)} needs this person's own {trait}; write it, or leave the wish out")
    return Wish(trait, values or frozenset({own[trait]}), may_ask=bool(_MAY_ASK.search(item)))


def _trait_and_values(item: str) -> tuple[str, frozenset[str]]:
    """The trait and its accepted values; no values mean "same"."""
    must = _MAY_ASK.sub("", item).casefold()
    same = re.fullmatch(r"same (.*[^\s:|])", must)
    if same:
        return same[1].strip(), frozenset()
    trait, _, listed = must.partition(":")
    values = frozenset(filter(None, (value.strip() for value in listed.split("|"))))
    if not trait.strip() or not values:
        raise not_understood(item, 'for example "same gender" or "age: 25-29|30-34"')
    return trait.strip(), values


def _traits_told(traits: dict[str, str]) -> str:
    return " or ".join([*(f'"same {trait}"' for trait in sorted(traits)), "nothing"])
