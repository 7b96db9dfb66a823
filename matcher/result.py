"""A finished pairing as one JSON object, for programs and for the page that shows it."""

from collections.abc import Mapping
from importlib.metadata import version

from matcher.pairing import Alone, Assignment, Partnership
from matcher.pairing.advice import barrier_words, told
from matcher.spreadsheets.person import SetAside, Sheet

Json = dict[str, object]


def result(assignment: Assignment, sheet: Sheet, seconds: Mapping[str, float]) -> Json:
    """Everything a night decided. The order of the rows of a sheet changes ``row`` and ``seconds``, nothing else."""
    return {
        "alongside": version("alongside"),
        "on": assignment.on.isoformat(),
        "mode": assignment.mode,
        "policy_version": assignment.policy_version,
        "names": names_of(sheet),
        "pairs": [_partnership(found) for found in assignment.pairs],
        "trios": [_partnership(found) | {"joined_by": found.joined_by} for found in assignment.trios],
        "alone": [_alone(each) for each in assignment.alone],
        "set_aside": [_set_aside(each) for each in sorted(sheet.set_aside, key=lambda each: (each.id, each.reason))],
        "waiting": assignment.waiting,
        "coverage": round(assignment.coverage, 4),
        "total_points": assignment.total_points,
        "possible_pairs": assignment.possible_pairs,
        "weighed_pairs": assignment.weighed_pairs,
        "proof": assignment.proof,
        "engine": assignment.engine,
        "fingerprint": assignment.fingerprint,
        "seconds": {phase: round(spent, 3) for phase, spent in seconds.items()},
    }


def names_of(sheet: Sheet) -> dict[str, str]:
    """Names by id, for those who gave one."""
    people = sorted(sheet.people, key=lambda person: person.candidate.id)
    return {person.candidate.id: person.name for person in people if person.name}


def _partnership(found: Partnership) -> Json:
    return {
        "ids": list(found.ids),
        "points": found.points,
        "terms": {str(term): points for term, points in found.terms.items()},
        "overlap_minutes": found.overlap_minutes,
        "reasons": list(found.reasons),
    }


def _alone(each: Alone) -> Json:
    return {
        "id": each.id,
        "reasons": list(told(each)),
        "barriers": barrier_words(each),
        "possible_partners": each.possible_partners,
        "cause": each.cause,
        "sides": each.sides,
        "sought": each.sought,
        "could_help": each.could_help,
        "nights_waited": each.nights_waited,
    }


def _set_aside(each: SetAside) -> Json:
    return {"row": each.row, "id": each.id, "reason": each.reason}
