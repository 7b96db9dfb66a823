"""How numbers and names stand in a sentence; in English for now."""

from collections.abc import Sequence


def listed(names: Sequence[str]) -> str:
    """Names in a sentence: "a", "a and b", "a, b and c"."""
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last


def counted(number: int, one: str, many: str = "") -> str:
    """A number and what it counts: "1 pair", "2,000 pairs"."""
    return f"{number:,} {one if number == 1 else many or f'{one}s'}"
