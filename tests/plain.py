"""The engine once more, as plainly as it can be said: no numpy, no bit sets, by definition. Slow, and meant to be."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from matcher.pairing import Window

MINUTES_A_WEEK = 7 * 24 * 60

Edges = Sequence[tuple[int, int]]
Matching = tuple[tuple[int, int], ...]


def free_minutes(zone: str, windows: Iterable[Window], monday: date) -> list[bool]:
    """Each minute of a UTC week: do the windows hold what the wall clock of the zone shows at that moment?"""
    wanted = {minute % MINUTES_A_WEEK for each in windows for minute in range(each.start * 15, each.end * 15)}
    midnight, there = datetime.combine(monday, time(), UTC), ZoneInfo(zone)
    free = []
    for minute in range(MINUTES_A_WEEK):
        local = (midnight + timedelta(minutes=minute)).astimezone(there)
        free.append((local.weekday() * 24 + local.hour) * 60 + local.minute in wanted)
    return free


def blocks(free: Sequence[bool], block_minutes: int) -> int:
    """Go once round the week, from a moment that is not free, and cut blocks from each stretch."""
    if all(free):
        return len(free) // block_minutes
    start = free.index(False)
    found = stretch = 0
    for minute in range(start, start + len(free)):
        stretch = stretch + 1 if free[minute % len(free)] else 0
        if stretch == block_minutes:
            found, stretch = found + 1, 0
    return found


def matchings(edges: Edges) -> Iterator[Matching]:
    """Every matching of a graph, the empty one too."""
    if not edges:
        yield ()
        return
    (one, other), *rest = edges
    yield from matchings(rest)
    apart = [edge for edge in rest if not {one, other} & set(edge)]
    yield from (((one, other), *matching) for matching in matchings(apart))


def covered(matching: Matching) -> frozenset[int]:
    """The members who have a partner."""
    return frozenset(member for pair in matching for member in pair)


def largest_covers(edges: Edges) -> set[frozenset[int]]:
    """Whom the largest matchings of a graph cover."""
    covers = {covered(matching) for matching in matchings(edges)}
    most = max(map(len, covers))
    return {cover for cover in covers if len(cover) == most}
