"""One short name for everything that a night was decided from: same fingerprint, same pairs."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date

from matcher.pairing.candidates import Candidates
from matcher.pairing.columns import PairCounts
from matcher.pairing.policy import Policy


def fingerprint(candidates: Candidates, policy: Policy, engine: str) -> str:
    """SHA-256 in hex over people, relations, policy, the clocks of the term and the engine's version."""
    said = {
        "engine": engine,
        "policy": policy,
        "on": candidates.on,
        "people": candidates.people,
        "clocks": candidates.clocks.tobytes().hex(),
        "standing": _cells(candidates.standing),
        "open_pairs": candidates.open_pairs.tolist(),
        "together": candidates.together.tolist(),
    }
    text = json.dumps(_plain(said), sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _cells(pairs: PairCounts) -> list[list[int]]:
    """The filled cells of a sparse matrix: row, column, value."""
    cells = pairs.tocoo()
    return [[int(each) for each in cell] for cell in zip(*cells.coords, cells.data, strict=True)]


def _plain(value: object) -> object:
    """A value as JSON, the same each time: sets sorted, data classes by field."""
    if is_dataclass(value):
        return {each.name: _plain(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, frozenset):
        return sorted((_plain(each) for each in value), key=json.dumps)
    if isinstance(value, tuple | list):
        return [_plain(each) for each in value]
    return value.isoformat() if isinstance(value, date) else value
