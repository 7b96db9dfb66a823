"""When somebody is free, from the way people write it: ``Mon 18:00-20:30; Wed morning 9-11, Fri evening``.

A text is a row of *chains* between semicolons or line breaks. In a chain, days are followed by times: ``Tue/Thu
6pm-8:30pm``, ``Monday to Thursday evenings``, ``Mon 9-11, 18-20``. Days that follow each other share the next times,
and a part of the day beside hours means the hours. Nothing is left out in silence: one word too many is an error.
"""

import re
from collections.abc import Iterable

from matcher.pairing.week import QUARTERS, QUARTERS_A_DAY, Window, local_quarters, windows_of
from matcher.spreadsheets.cells import CellError, not_understood, quoted
from matcher.spreadsheets.clock import CLOCK, TO, Quarters, half_a_day_later, on_the_other_half, quarters_in, written
from matcher.vocabulary import DAYS, PARTS_OF_DAY

PARTS: dict[str, Quarters] = {part: (4 * start, 4 * end) for part, (start, end) in PARTS_OF_DAY.items()}
ALL_DAY: Quarters = (min(start for start, _ in PARTS.values()), max(end for _, end in PARTS.values()))
"""What "all day" means: from the first part of the day to the end of the last, not the night."""

INSTEAD = 'for example "Mon 18:00-20:30" or "Mon evening"'

_NOTHING = frozenset({"", "-", "–", "—", "n/a", "none", "no", "never", "not available", "unavailable"})
_WRITING = re.compile(r"\bwriting is enough(?: for me)?\b[.!]?", re.IGNORECASE)
_DAY = r"(?:mon|fri|sun)(?:days?)?|tues?(?:days?)?|wed(?:s|nesdays?)?|thu(?:rs?)?(?:days?)?|sat(?:urdays?)?"
_GROUPS = {"weekday": range(5), "weekend": range(5, 7), "everyday": range(7), "daily": range(7)}
_DATE = re.compile(r"\d{1,2}[-. /]+(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?", re.IGNORECASE)
_TOKEN = re.compile(
    rf"""(?P<hours>\b{CLOCK}{TO}{CLOCK})(?![\w:])
    |(?P<days>\b(?:{_DAY})\b\.?(?:{TO}(?:{_DAY})\b\.?)?)
    |(?P<group>\b(?:(?:every\s+)?week(?:day|end)s?|every\s*day|daily)\b)
    |(?P<all_day>\b(?:all\s+day|any\s*time)\b)
    |(?P<part>\b(?:{"|".join(PARTS_OF_DAY)})s?\b|\beve(?=s?\b))
    |(?P<night>\b(?:(?:to|mid)?night|nights)\b)
    |(?P<comma>,)
    |(?P<joint>[/&+]|\band\b)
    |(?P<dash>[-–—])
    |(?P<nothing>[\s:.()]+|\b(?:on|in|the|at|from)\b)
    |(?P<unknown>.)""",
    re.IGNORECASE | re.VERBOSE,
)


def availability_in(text: str, day: int | None = None) -> tuple[tuple[Window, ...], bool]:
    """Read a cell: the windows, merged and in order, and whether it says that writing is enough.

    ``day`` is the day of a form's grid, where the column is the day and the cell holds parts of it or hours.
    """
    hours, writing = _WRITING.subn(";", text)
    chains = [chain.strip() for chain in re.split(r"[;\n\r]", hours)]
    filled = [chain for chain in chains if chain.strip(" ,.").casefold() not in _NOTHING]
    return merged(window for chain in filled for window in _Chain(chain, day).windows()), bool(writing)


def merged(windows: Iterable[Window]) -> tuple[Window, ...]:
    """The same time in as few windows as possible, in the order of the week."""
    return windows_of(local_quarters(windows))


def day_of(word: str) -> int | None:
    """The place in the week of a day's name, full or short, Monday being 0; None for any other word."""
    return _day(word) if re.fullmatch(_DAY, word.strip(), re.IGNORECASE) else None


def _day(word: str) -> int:
    return DAYS.index(word.strip()[:3].title())


class _Chain:
    """One chain while it is read from left to right, with one method for each kind of token."""

    def __init__(self, text: str, day: int | None) -> None:
        self.text = text
        self.is_grid = day is not None
        self.days: list[int] = [] if day is None else [day]
        self.times: list[Quarters] = []
        self.found: list[Window] = []
        self.before = ""  # the kind of token that came before
        self.only_groups = day is None
        self.group_and_comma = False

    def windows(self) -> list[Window]:
        """Every window of the chain, or the CellError of its first item that is not understood."""
        for token in _TOKEN.finditer(self.text):
            kind = str(token.lastgroup)
            getattr(self, f"_{kind}")(token)
            self.before = self.before if kind == "nothing" else kind
        self._close()
        return self.found

    def _hours(self, token: re.Match[str]) -> None:
        time = quarters_in(token[0])
        if self.before == "part":  # "Wed morning 9-11" means 9-11
            self._refuse_the_other_half(token, time, self.times.pop())
        self._add(token, time)

    def _part(self, token: re.Match[str]) -> None:
        part = PARTS[token[0].casefold().removesuffix("s")]
        if self.before == "hours":  # "Wed 9-11 in the morning" means it too
            self._refuse_the_other_half(token, self.times[-1], part)
        else:
            self._add(token, part)

    def _all_day(self, token: re.Match[str]) -> None:
        self._add(token, ALL_DAY)

    def _add(self, token: re.Match[str], time: Quarters) -> None:
        if not self.days:
            raise CellError(f"{quoted(self._item(token))} does not say on which day; write {INSTEAD}")
        self.times.append(time)

    def _days(self, token: re.Match[str]) -> None:
        self._begin_days(token)
        first, *last = (_day(word) for word in re.findall(_DAY, token[0], re.IGNORECASE))
        length = (last[0] - first) % 7 + 1 if last else 1
        self.days += [(first + each) % 7 for each in range(length)]
        self.only_groups = False

    def _group(self, token: re.Match[str]) -> None:
        self._begin_days(token)
        word = re.sub(r"\s+|s$|^every\s+(?=week)", "", token[0].casefold())
        self.days += _GROUPS[word]

    def _begin_days(self, token: re.Match[str]) -> None:
        if self.is_grid:
            raise not_understood(self._item(token), 'the times alone, for example "18:00-20:30" or "evening"')
        if self.group_and_comma and not self.times:  # "weekends, Mon evening": all weekend, or its evenings too?
            raise CellError(f'{quoted(self.text)} can be read in two ways; write "all day" or hours before the comma')
        if self.times:
            self._close()

    def _comma(self, _: re.Match[str]) -> None:
        self.group_and_comma |= self.before == "group"

    def _joint(self, _: re.Match[str]) -> None:
        """A slash, a plus or an "and": what follows joins the days or the times before it."""

    def _nothing(self, _: re.Match[str]) -> None:
        """Space, colons, full stops and little words."""

    def _dash(self, token: re.Match[str]) -> None:
        if self.before not in ("days", "group"):  # "Mon - evening" is clear, "morning - evening" is not
            self._unknown(token)

    def _night(self, token: re.Match[str]) -> None:
        raise CellError(f'{quoted(self._item(token))}: night is no part of the day here; write "Mon 22:00-24:00"')

    def _unknown(self, token: re.Match[str]) -> None:
        if _DATE.fullmatch(self.text):
            raise CellError(
                f'{quoted(self.text)} is a date, perhaps made of "9-11" by a spreadsheet; write "9:00-11:00"'
            )
        raise not_understood(self._item(token), INSTEAD)

    def _close(self) -> None:
        """Turn the days and times so far into windows. "Weekends" and nothing else is the whole weekend."""
        times = self.times or ([ALL_DAY] if self.days and self.only_groups else [])
        if not times:
            raise CellError(f'{quoted(self.text)} does not say when; write {INSTEAD}, or "Mon all day"')
        self.found += [_window(day, time) for day in set(self.days) for time in set(times)]
        self.days, self.times, self.only_groups, self.group_and_comma = [], [], True, False

    def _refuse_the_other_half(self, token: re.Match[str], time: Quarters, part: Quarters) -> None:
        """On a 24-hour clock "evening 6-8" is no evening, and its other half is: somebody left out pm."""
        if on_the_other_half(time, part):
            meant = written(half_a_day_later(time))
            item = quoted(self._item(token))
            raise CellError(f'{item} says two things, hours are those of a 24-hour clock; write "{meant}" or am, pm')

    def _item(self, token: re.Match[str]) -> str:
        """The words between the commas around a token."""
        start = self.text.rfind(",", 0, token.start()) + 1
        end = self.text.find(",", token.start())
        return self.text[start : end if end >= 0 else None].strip() or self.text


def _window(day: int, time: Quarters) -> Window:
    start = (day * QUARTERS_A_DAY + time[0]) % QUARTERS
    return Window(start, start + time[1] - time[0])
