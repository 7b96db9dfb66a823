"""May these members be partners as things stand now, and why: the engine's answer for two or three people."""

from collections.abc import Collection, Sequence
from datetime import date
from itertools import combinations

from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.models import Group, Member, PolicyVersion
from matcher.pairing import Candidates, Partnership, Policy
from matcher.pairing.explanation import explain, overlap_minutes
from matcher.pairing.facing import Facing
from matcher.pairing.shortlist import weigh
from matcher.pools import snapshot_of, snapshot_of_profiles
from matcher.snapshots import Snapshot


def policy_of(session: Session, group: Group, version: int) -> Policy:
    """One version of a group's policy."""
    kept = session.scalar(
        select(PolicyVersion).where(PolicyVersion.group_id == group.id, PolicyVersion.version == version)
    )
    return kept.policy if kept else Policy(version=version)


def explained(
    session: Session, group: Group, policy: Policy, on: date, members: Collection[Member], joined_by: str = ""
) -> Partnership | None:
    """Two or three members as partners, or None where one of them may not be paired or a barrier stands."""
    snapshot = snapshot_of(session, group, on, [member.id for member in members])
    return explained_in(snapshot, policy, [member.public_id for member in members], joined_by)


def explained_by_profiles(
    session: Session, group: Group, policy: Policy, on: date, members: Collection[Member], joined_by: str = ""
) -> Partnership | None:
    """The same by what they have told alone, whatever has come between them, and whoever of them is there."""
    snapshot = snapshot_of_profiles(session, group, on, [member.id for member in members])
    return explained_in(snapshot, policy, [member.public_id for member in members], joined_by)


def explained_in(snapshot: Snapshot, policy: Policy, ids: Collection[str], joined_by: str = "") -> Partnership | None:
    """The same for public ids of a snapshot."""
    part = snapshot.of(ids)
    if len(part.people) < len(ids):
        return None
    candidates = part.candidates(policy)
    rows = range(len(candidates))
    if not _may_sit(candidates, policy, rows):
        return None
    return explain(candidates, policy, rows, candidates.ids.index(joined_by) if joined_by else None)


def _may_sit(candidates: Candidates, policy: Policy, rows: Sequence[int]) -> bool:
    """No barrier between any two, and a block in common for three unless writing is enough for all."""
    for one, other in combinations(rows, 2):
        if weigh(Facing.pair(candidates, policy, one, other))[0][0, 0]:
            return False
    least = policy.least_blocks_of_three * policy.block_minutes if len(rows) == 3 else 0
    return bool(candidates.writing.all()) or overlap_minutes(candidates, policy, rows) >= least


class Recheck:
    """Whether what was found in one snapshot still holds in a newer one; only what changed is worked out again."""

    def __init__(self, before: Snapshot, newest: Snapshot, policy: Policy) -> None:
        """Compare the two, which are about the same night."""
        self._newest, self._policy = newest, policy
        self._there = {person.id: person for person in newest.people}
        self._as_before = {person.id for person in before.people if self._there.get(person.id) == person}
        fresh = set(newest.relations) - set(before.relations)
        self._fresh = {frozenset((relation.first, relation.second)) for relation in fresh}
        self._hosted = {id_ for pair in before.open_pairs for id_ in pair}
        self._hosts = {id_ for pair in newest.open_pairs for id_ in pair} | self._hosted

    def waits(self, id_: str) -> bool:
        """Whether this one still waits for a partner."""
        return id_ in self._there and id_ not in self._hosts

    def hosted(self, id_: str) -> bool:
        """Whether this one was in the night to welcome a third, and so never waited in it."""
        return id_ in self._hosted

    def again(self, found: Partnership) -> Partnership | None:
        """The same partnership, or as it looks now, or None where it may not be any more."""
        hosts = [id_ for id_ in found.ids if id_ in self._hosts]
        if hosts and tuple(hosts) not in self._newest.open_pairs:
            return None
        if len(found.ids) == 3 and not self._all_welcome_three(found.ids):
            return None
        unchanged = self._as_before.issuperset(found.ids)
        if unchanged and not any(frozenset(pair) in self._fresh for pair in combinations(found.ids, 2)):
            return found
        return explained_in(self._newest, self._policy, found.ids, found.joined_by)

    def _all_welcome_three(self, ids: Collection[str]) -> bool:
        """Whether they are all there and welcome three now; hosts of an open pair do, as long as it is open."""
        return all(id_ in self._there and self._there[id_].welcomes_three for id_ in ids)
