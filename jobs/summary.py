"""What a person reads at the end of a run: figures, a small picture, who stays over and why, how it was solved."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from matcher.pairing import Alone, Assignment, Candidates, Partnership
from matcher.pairing.advice import barrier_words, told
from matcher.pairing.quality import STEP_POINTS, Quality, quality
from matcher.spreadsheets.person import SetAside, Sheet
from matcher.vocabulary import Mode
from matcher.wording import counted, listed

_LISTED = 12
"""How many people, pairs or rows are listed before the rest is only counted."""
_BAR = 40


def summary(assignment: Assignment, candidates: Candidates, sheet: Sheet, names: Mapping[str, str]) -> Iterator[str]:
    """The lines of a summary, at most 120 characters wide but for what people wrote themselves."""
    figures = quality(candidates, assignment)
    first = candidates.mondays[0]
    weeks = len(candidates.mondays)
    yield f"Pairing of {sheet.file_name}, for the {weeks} weeks from {first:%A} {first.day} {first:%B %Y}"
    yield ""
    yield _counts(assignment, sheet)
    yield from _picture(figures)
    yield from _listing("Pairs", [_line(found, names) for found in assignment.pairs])
    yield from _listing("Trios", [_line(found, names) for found in assignment.trios])
    yield from _alone(assignment.alone, names)
    yield from _set_aside(sheet.set_aside)
    yield ""
    yield from _how(assignment, figures)


def people(ids: Sequence[str], names: Mapping[str, str]) -> str:
    """Members by name where they have one: "Ada and Bob"."""
    return listed([names.get(each, each) for each in ids])


def _counts(assignment: Assignment, sheet: Sheet) -> str:
    return " · ".join(
        [
            counted(len(assignment.pairs), "pair"),
            counted(len(assignment.trios), "trio"),
            f"{len(assignment.alone):,} alone",
            f"{counted(len(sheet.set_aside), 'row')} set aside",
            f"{assignment.coverage:.1%} of {counted(assignment.waiting, 'member')} have a partner",
        ]
    )


def _picture(figures: Quality) -> Iterator[str]:
    """The distribution of points as bars, one line for each step."""
    if not figures.worst:
        return
    yield ""
    yield f"Points (worst {figures.worst.points}, median {figures.median_points:g}, in all {figures.total_points:,})"
    most = max(_BAR, *figures.distribution.values())
    for start, count in figures.distribution.items():
        bar = "█" * max(round(count / most * _BAR), int(count > 0))
        yield f"  {start:4}–{start + STEP_POINTS - 1:<4} {bar} {count or ''}".rstrip()


def _line(found: Partnership, names: Mapping[str, str]) -> str:
    together = f"{found.overlap_minutes / 60:g} h a week" if found.overlap_minutes else "by writing"
    return f"{people(found.ids, names)}: {found.points} points, {together}"


def _listing(heading: str, lines: Sequence[str]) -> Iterator[str]:
    """A heading with a count, and the first of the lines."""
    if lines:
        yield from ("", f"{heading} ({len(lines):,})")
        yield from (f"  {line}" for line in lines[:_LISTED])
        if len(lines) > _LISTED:
            yield f"  and {len(lines) - _LISTED:,} more"


def _alone(alone: Sequence[Alone], names: Mapping[str, str]) -> Iterator[str]:
    yield from _listing("Alone", [f"{names.get(each.id, each.id)}: {_why(each)}" for each in alone])
    if len(alone) > 1:
        main = Counter(_main_reason(each) for each in alone)
        yield "  Main reasons: " + "; ".join(f"{reason} ({count})" for reason, count in main.most_common())


def _why(each: Alone) -> str:
    waited = f"Has waited {counted(each.nights_waited, 'night')}." if each.nights_waited else ""
    return "\n    ".join(filter(None, [" ".join(told(each)), waited, each.could_help]))


def _main_reason(each: Alone) -> str:
    """The barrier that stops most others, where nobody is left; else the structure of the pool."""
    stopped = barrier_words(each)
    return next(iter(stopped)) if stopped and not each.possible_partners else each.cause.value


def _set_aside(rows: Sequence[SetAside]) -> Iterator[str]:
    """Every row that took no part; many with the same reason are one line."""
    by_reason: dict[str, list[str]] = {}
    for row in rows:
        by_reason.setdefault(row.reason, []).append(str(row.row))
    if rows:
        yield from ("", f"Set aside ({len(rows):,})")
    for reason, numbers in by_reason.items():
        yield f"  {'row' if len(numbers) == 1 else 'rows'} {', '.join(numbers)}: {reason}"


def _how(assignment: Assignment, figures: Quality) -> Iterator[str]:
    first = {
        Mode.FEWEST_LEFT_OUT: "as few as possible are alone; then who waited longest has a partner; then most points",
        Mode.BEST_FIT: "most points; then most pairs; then who waited longest",
    }[assignment.mode]
    yield f"How it was decided: {first}."
    seen = counted(assignment.possible_pairs, "possible pair")
    if assignment.weighed_pairs == assignment.possible_pairs:
        yield f"  {assignment.proof.capitalize()}; every one of {seen} was weighed."
    else:
        yield f"  {assignment.proof.capitalize()}; the best {assignment.weighed_pairs:,} of {seen} were weighed."
        if assignment.mode is Mode.FEWEST_LEFT_OUT:
            yield "  Who has a partner was decided over all of them; a few points could be left."
    yield "  Checked by the audit, which trusts no solver."
    if figures.longest_wait_alone_nights or figures.longest_wait_served_nights:
        yield (
            f"  Longest wait: {counted(figures.longest_wait_served_nights, 'night')} among those with a partner, "
            f"{counted(figures.longest_wait_alone_nights, 'night')} among those alone."
        )
    short = assignment.fingerprint[:16]
    yield f"  {assignment.engine}, policy version {assignment.policy_version}, fingerprint {short}"
