"""Zones by their names. One that this machine does not know, or not any more, stops nobody else's night."""

from functools import cache
from zoneinfo import ZoneInfo

UNKNOWN = (LookupError, OSError, ValueError)
"""What zoneinfo raises for a name that is no zone: also for the name of a folder, and for one that leads elsewhere."""


@cache
def zone_of(*names: str) -> ZoneInfo:
    """The first of these zones that is known, else UTC: so that a member's clock falls back on their group's."""
    for name in names:
        try:
            return ZoneInfo(name)
        except UNKNOWN:
            continue
    return ZoneInfo("UTC")
