"""An invented pairing of about forty people, in the shape that `alongside pair --json` writes."""

import re
from dataclasses import asdict
from itertools import islice
from typing import Any

from matcher.pairing import Alone, Cause
from matcher.pairing.advice import barrier_words, told
from matcher.vocabulary import Barrier

NAMES = re.findall(
    r"\S+",
    """Ada Adwoa Ailbhe Amir Anneli Bao Beatriz Bram Carys Chidi Dagny Danilo Edda Efua Emrys Farah Gioia Goran Hanne
    Hiroko Idris Ilse Jamila Joaquín Kaveh Keziah Leocadia Lior Maëlle Marek Nadia Ngozi Olumide Ottilie Priya Quentin
    Rosalind-Anastasia Safiya Tomasz Ursula יעל Wren Xiomara Yusuf Zdeňka""",
)
REASONS = (
    "You have time in common in every week of the term.",
    "Your goals meet here: sleep and walking.",
    "You asked for each other.",
    "You both know this road: a new city.",
    "You like to be in touch in the same way.",
    "You like the same rhythm.",
)
CAUSES = (
    (Cause.NO_POSSIBLE_PARTNER, 0, 0, 0, "One more free stretch, Sat evening (18-22 h), could have helped."),
    (Cause.COMPETITION, 2, 3, 2, "Meetings of 15 minutes instead of 30 could have helped."),
    (Cause.OTHERS_FIT_BETTER, 5, 0, 0, ""),
)
SET_ASIDE = ((7, "m007", 'not surely an adult (age "under-18")'), (19, "", "the id is missing"))


def invented_pairing(pairs: int = 16, trios: int = 2, alone: int = 3, set_aside: int = 2) -> dict[str, Any]:
    """A whole result. The same counts give the same people."""
    waiting = 2 * pairs + 3 * trios + alone
    ids = [f"m{place:03}" for place in range(1, waiting + 1)]
    take = iter(ids)
    made = [partnership(list(islice(take, 2)), place) for place in range(pairs)]
    of_three = [trio(list(islice(take, 3)), place) for place in range(trios)]
    return {
        "alongside": "0.1.0",
        "on": "2026-01-12",
        "mode": "fewest_left_out",
        "policy_version": 1,
        "group": "people.csv",
        "names": {id: name(place) for place, id in enumerate(ids)},
        "pairs": made,
        "trios": of_three,
        "alone": [left_over(id, place, waiting) for place, id in enumerate(take)],
        "set_aside": [dict(zip(("row", "id", "reason"), row, strict=True)) for row in SET_ASIDE[:set_aside]],
        "coverage": 1 - alone / waiting if waiting else 1.0,
        "waiting": waiting,
        "total_points": sum(each["points"] for each in made + of_three),
        "possible_pairs": waiting * 7,
        "weighed_pairs": waiting * 7,
        "proof": "exact solver, not certified",
        "engine": "alongside 1 with networkx 3.6.1",
        "fingerprint": "5eed" * 16,
        "seconds": {"read": 0.02, "compare": 0.14, "solve": 0.41, "advice": 0.2},
    }


def name(place: int) -> str:
    """Forty-five people have a name of their own; those after them have a number too."""
    again, which = divmod(place, len(NAMES))
    return f"{NAMES[which]} {again + 1}" if again else NAMES[which]


def partnership(ids: list[str], place: int) -> dict[str, Any]:
    """Some have many reasons, some few, some none."""
    terms = {
        "common_time": 10 * (2 + place % 5),
        "goal_area": 30 * (place % 3),
        "goal_closeness": 15 * (place % 2),
        "support_style": 15 * (place % 4 == 0),
    }
    said = [place % 5 != 4, place % 3, place % 2, place % 7 == 1, place % 4 == 0, place % 6 == 2]
    return {
        "ids": ids,
        "points": sum(terms.values()),
        "terms": terms,
        "overlap_minutes": 30 * (place % 5),
        "reasons": [reason for reason, says in zip(REASONS, said, strict=True) if says],
    }


def trio(ids: list[str], place: int) -> dict[str, Any]:
    """The last of the three joined the other two."""
    return partnership(ids, place + 1) | {"joined_by": ids[-1]}


def left_over(id: str, place: int, waiting: int) -> dict[str, Any]:
    """The first three stay over for different causes, and so on; the words are the engine's own."""
    cause, possible, sides, sought, could_help = CAUSES[place % len(CAUSES)]
    language, others = waiting // 2, waiting - 1 - possible
    alone = Alone(
        id=id,
        nights_waited=place % 2,
        barriers={Barrier.NO_COMMON_LANGUAGE: language, Barrier.TOO_LITTLE_COMMON_TIME: others - language},
        possible_partners=possible,
        cause=cause,
        sides=sides,
        sought=sought,
        could_help=could_help,
    )
    return asdict(alone) | {"reasons": list(told(alone)), "barriers": barrier_words(alone)}
