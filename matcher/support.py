"""How a member likes to be supported, what their partner must be like, and what the wishes of others may ask of them.

What is told is spelt as the sheets spell it, so that who joined by a form and who came from a sheet fit each other.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from matcher.changes import changing
from matcher.enrolment import LONGEST
from matcher.errors import ToldError
from matcher.models import Member
from matcher.pairing.candidate import Wish
from matcher.profile import wishes_to_json
from matcher.spreadsheets.cells import ages_in, is_surely_adult, word_in
from matcher.vocabulary import SupportStyle

CHANNELS, RHYTHMS = ("video", "phone", "text", "in person"), ("daily", "twice a week", "weekly", "every two weeks")
"""What a page may offer; any other word is taken as well, as in a sheet."""
MOST_CHANNELS, MOST_WISHES, MOST_VALUES, MOST_TRAITS = 10, 10, 20, 20
LONGEST_WORD, LONGEST_CARD = LONGEST["rhythm"], 1000
AGE = "age"


@dataclass(frozen=True, slots=True)
class WishTold:
    """A wish as somebody chose it: a trait and the accepted values; without any, the value of whoever wishes.

    ``may_ask`` says "you may ask me about this"; of a preference it means nothing.
    """

    trait: str
    accepted: Sequence[str] = ()
    may_ask: bool = False


def set_support(
    session: Session,
    member: Member,
    now: datetime,
    *,
    support_style: SupportStyle | None,
    channels: Sequence[str],
    rhythm: str,
    welcomes_three: bool,
    card: str,
    anyway: bool = False,
) -> None:
    """Say how one likes to be supported, by which ways and how often, whether three are welcome, and in own words.

    The card is for partners. Whatever is left empty is taken back. Raises ToldError and WouldCloseError.
    """
    ways, often, own_words = _channels(channels), word_in(rhythm), card.strip()
    if len(often) > LONGEST_WORD:
        raise ToldError("rhythm", f"Say in at most {LONGEST_WORD} signs how often you would like to talk.")
    if len(own_words) > LONGEST_CARD:
        raise ToldError("card", f"The card has {len(own_words):,} signs; write at most {LONGEST_CARD:,}.")
    with changing(session, member, now, anyway=anyway):
        member.support_style, member.channels, member.rhythm = support_style, ways, often
        member.welcomes_three, member.card = welcomes_three, own_words or None


def set_wishes(
    session: Session,
    member: Member,
    now: datetime,
    wishes: Sequence[WishTold],
    preferences: Sequence[WishTold],
    about_me: Mapping[str, str],
    anyway: bool = False,
) -> None:
    """Say what a partner must be like, what would be nice, and about oneself what the wishes of others may ask.

    Somebody who says nothing about a trait is outside of every wish about it. Raises ToldError and WouldCloseError.
    """
    own = _about_me(about_me)
    musts = _wishes("wishes", wishes, own)
    nice = [Wish(each.trait, each.accepted) for each in _wishes("preferences", preferences, own)]
    with changing(session, member, now, anyway=anyway):
        member.wishes, member.preferences, member.about_me = wishes_to_json(musts), wishes_to_json(nice), own


def _channels(told: Iterable[str]) -> list[str]:
    ways = sorted(set(filter(None, map(word_in, told))))
    if len(ways) > MOST_CHANNELS or any(len(way) > LONGEST_WORD for way in ways):
        raise ToldError("channels", f"Choose at most {MOST_CHANNELS} ways to be in touch, in a word or two each.")
    return ways


def _about_me(told: Mapping[str, str]) -> dict[str, str]:
    own = {word_in(trait): word_in(value) for trait, value in told.items() if word_in(value)}
    if len(own) > MOST_TRAITS or any(not trait or _is_long(trait, value) for trait, value in own.items()):
        raise ToldError("about_me", f"Say what others may ask for in at most {LONGEST_WORD} signs each.")
    if AGE in own and not is_surely_adult(own[AGE]):
        raise ToldError("about_me", "Write your age as a number or a range from 18 on, such as 34 or 30-34.")
    return own


def _wishes(field: str, told: Sequence[WishTold], own: Mapping[str, str]) -> list[Wish]:
    found: dict[str, Wish] = {}
    for each in told:
        trait, values = word_in(each.trait), frozenset(filter(None, map(word_in, each.accepted)))
        if not trait and not values:
            continue
        if trait in found:
            raise ToldError(field, f"“{trait}” stands there twice; put all that you accept into one.")
        found[trait] = Wish(trait, _accepted(field, trait, values, own), each.may_ask)
    if len(found) > MOST_WISHES:
        raise ToldError(field, f"Choose at most {MOST_WISHES}, those that matter most to you.")
    return list(found.values())


def _accepted(field: str, trait: str, values: frozenset[str], own: Mapping[str, str]) -> frozenset[str]:
    if not trait or len(values) > MOST_VALUES or _is_long(trait, *values):
        raise ToldError(field, f"Say what it is about, and up to {MOST_VALUES} words that you accept.")
    if not values and trait not in own:
        raise ToldError(field, f"Say your own “{trait}” to ask for the same, or choose what you accept.")
    if trait == AGE and not all(map(ages_in, values)):
        raise ToldError(field, "Write ages as numbers or ranges, such as 30-39 or 60+.")
    return values or frozenset({own[trait]})


def _is_long(*words: str) -> bool:
    return any(len(word) > LONGEST_WORD for word in words)
