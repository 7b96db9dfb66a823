"""The week: told in parts of days and in stretches, and shown again as exactly the same hours."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher import joining
from matcher.pairing.week import QUARTERS, QUARTERS_A_DAY, Window, local_quarters, windows_of
from matcher.profile import windows_from_json, windows_to_json
from matcher.vocabulary import PARTS_OF_DAY
from tests.rows import NOW, make_group, make_member
from tests.web.filled import filled, send, slips, told_again
from tests.web.pages import words_of
from tests.web.spoilt import spoil
from tests.web.test_joining import open_proposals
from tests.web.test_memberships import member_of
from web.hours import (
    LIKE_MONDAY,
    MOST_STRETCHES,
    like_monday,
    stretch_in,
    stretch_of_part,
    told_as,
)

ANY_WEEK = st.binary(min_size=QUARTERS // 8, max_size=QUARTERS // 8).map(
    lambda raw: np.unpackbits(np.frombuffer(raw, np.uint8)).astype(bool)
)
LONG_WINDOWS = st.builds(Window, st.integers(0, QUARTERS - 1), st.just(QUARTERS)).flatmap(
    lambda window: st.integers(1, QUARTERS).map(lambda length: Window(window.start, window.start + length))
)
ORDINARY_WEEK = st.lists(LONG_WINDOWS, max_size=25).map(local_quarters)


def week_of(parts, stretches):
    """The quarter-hours of what is told, counted one by one: an oracle that is slow and plain."""
    free = np.zeros(QUARTERS, dtype=bool)
    for day, begins, ends in [*map(stretch_of_part, parts), *stretches]:
        minute = begins
        while True:
            free[(day * QUARTERS_A_DAY + minute // 15) % QUARTERS] = True
            minute += 15
            if minute % 1440 == ends % 1440:
                break
    return free


@given(ANY_WEEK | ORDINARY_WEEK)
def test_a_week_is_told_in_parts_and_stretches_that_are_exactly_it(free):
    parts, stretches = told_as(free)
    assert (week_of(parts, stretches) == free).all()
    assert len(stretches) <= MOST_STRETCHES or len(windows_of(free)) > joining.MOST_WINDOWS
    assert all(0 <= day < 7 and 0 <= begins < 1440 and 0 < ends <= 1440 for day, begins, ends in stretches)
    assert all(begins != ends for _, begins, ends in stretches)
    assert len(set(parts)) == len(parts)


def test_what_is_told_of_a_week_and_kept_again_is_the_same_week(sessions):
    chance = np.random.default_rng(5)
    with sessions() as session:
        member = make_member(session, make_group(session))
        for many in range(1, 25):
            starts, lengths = chance.integers(QUARTERS, size=many), chance.integers(1, QUARTERS // many + 2, size=many)
            free = local_quarters(
                Window(int(start), int(start + length)) for start, length in zip(starts, lengths, strict=True)
            )
            parts, stretches = told_as(free)
            told = [*map(stretch_of_part, parts), *stretches]
            joining.set_hours(session, member, NOW, told, writing_is_enough=False)
            assert member.windows == windows_to_json(windows_of(free))
            assert (local_quarters(windows_from_json(member.windows)) == free).all()


@given(st.integers(0, QUARTERS - 1), st.integers(1, QUARTERS_A_DAY - 1))
def test_a_window_shorter_than_a_day_is_one_stretch(start, length):
    window = Window(start, start + length)
    assert (week_of([], [stretch_in(window)]) == local_quarters([window])).all()


@given(ANY_WEEK | ORDINARY_WEEK)
def test_without_its_whole_parts_no_week_has_a_window_as_long_as_a_day(free):
    parts, _ = told_as(free)
    rest = free & ~week_of(parts, [])
    assert all(window.end - window.start < QUARTERS_A_DAY for window in windows_of(rest))


@given(ORDINARY_WEEK, st.sampled_from(sorted(LIKE_MONDAY)))
def test_the_days_that_are_like_monday_begin_what_monday_begins_and_the_others_stay(free, which):
    parts, stretches = told_as(free)
    copied_parts, copied = like_monday(parts, stretches, LIKE_MONDAY[which])

    def of_day(day, parts, stretches):
        return {part[2:] for part in parts if part[0] == str(day)}, {each[1:] for each in stretches if each[0] == day}

    for day in range(7):
        source = 0 if day in LIKE_MONDAY[which] else day
        assert of_day(day, copied_parts, copied) == of_day(source, parts, stretches)
    assert like_monday(copied_parts, copied, LIKE_MONDAY[which]) == (copied_parts, copied)


def test_every_part_of_the_week_is_a_stretch_and_comes_back_as_that_part():
    for day, part in product(range(7), PARTS_OF_DAY):
        assert told_as(week_of([f"{day}-{part}"], [])) == ([f"{day}-{part}"], [])


@pytest.mark.parametrize(
    ("stretches", "told"),
    [
        ([(0, 1080, 1200)], ([], [(0, 1080, 1200)])),
        ([(6, 1320, 60)], ([], [(6, 1320, 60)])),
        ([(2, 360, 750)], (["2-morning"], [(2, 720, 750)])),
        ([(3, 1320, 360)], ([], [(3, 1320, 360)])),
        ([(3, 1320, 1440), (4, 0, 360)], ([], [(3, 1320, 360)])),
        ([(1, 0, 1440)], ([f"1-{part}" for part in PARTS_OF_DAY], [(1, 0, 360), (1, 1320, 1440)])),
    ],
)
def test_hours_are_told_in_few_words(stretches, told):
    assert told_as(week_of([], stretches)) == told


# The page


@pytest.fixture
def waiting(visits):
    return visits.by("waiting"), visits.path("/members/{waiting}/hours")


def stretch(number, day, begins, ends):
    return {
        f"hours-{number}-{name}": str(value)
        for name, value in zip(("day", "begins", "ends"), (day, begins, ends), strict=True)
    }


def stretches_of(fields):
    """The stretches of a form that are filled in, whole or in part."""
    rows = {}
    for name, value in fields.items():
        if name.startswith("hours-") and value:
            rows.setdefault(int(name.split("-")[1]), []).append(value)
    return [tuple(row) for _, row in sorted(rows.items())]


def windows(rows, visits, who="waiting"):
    with rows() as session:
        return member_of(session, visits, who).windows


def test_the_week_is_shown_again_as_it_was_told(waiting, visits, rows):
    visit, path = waiting
    told = {"parts": ["0-evening", "5-noon"]} | stretch(0, 2, 1110, 1200) | stretch(1, 6, 1320, 60)
    empty = {f"hours-{number}-{name}": "" for number in (2, 3) for name in ("day", "begins", "ends")}
    assert send(visit, path, told | empty).status_code == 303
    assert windows(rows, visits) == [[0, 1080, 1320], [2, 1110, 1200], [5, 720, 840], [6, 1320, 1500]]
    shown = told_again(visit, path)
    assert shown["parts"] == ["0-evening", "5-noon"]
    assert stretches_of(shown) == [("2", "1110", "1200"), ("6", "1320", "60")]
    assert send(visit, path).status_code == 303
    assert told_again(visit, path) == shown


def test_writing_is_enough_is_kept_without_any_hours(visits, rows):
    visit, path = visits.by("newcomer"), visits.path("/members/{newcomer}/hours")
    assert send(visit, path, {"writing_is_enough": "y"}).status_code == 303
    shown = told_again(visit, path)
    assert (shown["writing_is_enough"], "parts" in shown, stretches_of(shown)) == ("y", False, [])


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"parts": ["0-evening", "7-evening"]}, "Choose from the list."),
        (stretch(0, 2, 1110, ""), "Stretch 1 needs a day, a beginning and an end."),
        (stretch(1, "", 1110, 1200), "Stretch 2 needs a day, a beginning and an end."),
        (stretch(1, 3, 60, 60), "ends when it begins; choose a later end."),
        (stretch(0, 2, 1111, 1200), "Choose one of the list."),
        (stretch(0, 7, 60, 120), "Choose one of the list."),
        ({"hours-0-day": ["1", "2"]}, "This was sent twice."),
    ],
)
def test_a_slip_is_said_and_everything_chosen_is_still_there(waiting, visits, rows, typed, said):
    before = windows(rows, visits)
    visit, path = waiting
    chosen = {"parts": ["0-evening", "5-noon"], "writing_is_enough": "y"} | stretch(2, 4, 540, 600)
    answer = send(visit, path, chosen | typed)
    assert answer.status_code == 422
    assert said in " ".join(slips(answer))
    shown = filled(answer)
    assert ("4", "540", "600") in stretches_of(shown)
    assert shown["writing_is_enough"] == "y"
    assert "0-evening" in shown["parts"]
    for name, value in typed.items():
        if "list" not in said and "twice" not in said:
            assert shown[name] == value
    assert windows(rows, visits) == before


def test_without_any_time_it_asks_for_one_or_for_writing(visits):
    visit, path = visits.by("newcomer"), visits.path("/members/{newcomer}/hours")
    answer = send(visit, path)
    assert answer.status_code == 422
    assert "Choose at least one time, or say that writing is enough for you." in " ".join(slips(answer))


def test_another_stretch_is_given_and_nothing_is_lost_or_kept_yet(waiting, visits, rows):
    before = windows(rows, visits)
    visit, path = waiting
    half = {"hours-0-day": "3", "hours-0-begins": "600", "hours-0-ends": ""}
    answer = send(visit, path, {"parts": ["1-noon"], "add": "1"} | half | stretch(1, 6, 1320, 60))
    assert answer.status_code == 200
    assert "Not saved yet. Look at it, then save." in words_of(answer)
    shown = filled(answer)
    assert shown["parts"] == "1-noon"
    assert ("3", "600") in stretches_of(shown)
    assert ("6", "1320", "60") in stretches_of(shown)
    assert len([name for name in shown if name.endswith("-day")]) == len(stretches_of(shown)) + 2
    assert windows(rows, visits) == before


@pytest.mark.parametrize(("which", "days"), [("weekdays", "01234"), ("all", "0123456")])
def test_other_days_like_monday_are_a_draft_until_they_are_saved(waiting, visits, rows, which, days):
    before = windows(rows, visits)
    visit, path = waiting
    answer = send(visit, path, {"parts": ["0-evening", "1-noon", "5-noon"], "like": which} | stretch(0, 0, 540, 600))
    assert answer.status_code == 200
    shown = filled(answer)
    evenings = {f"{day}-evening" for day in days}
    assert set(shown["parts"]) == evenings | ({"5-noon"} if which == "weekdays" else set())
    assert {(day, "540", "600") for day in days} <= set(stretches_of(shown))
    assert windows(rows, visits) == before
    assert visit.post(path, shown).status_code == 303
    assert len(windows(rows, visits)) > len(days)


@pytest.mark.parametrize("like", ["sundays", ""])
def test_a_button_that_is_none_of_ours_changes_nothing(waiting, like):
    visit, path = waiting
    answer = send(visit, path, {"parts": ["0-evening"], "like": like})
    assert (answer.status_code, filled(answer)["parts"]) == (200, "0-evening")


def test_more_than_a_week_can_have_is_refused_and_not_forgotten(waiting):
    visit, path = waiting
    many = {}
    for number in range(20):
        many |= stretch(number, 0, 15 * number, 1440 - 15 * number)
    answer = send(visit, path, many | {"like": "all"})
    assert answer.status_code == 422
    assert "These would be 140 stretches." in " ".join(slips(answer))
    assert len(stretches_of(filled(answer))) == 20
    for many, said in ((110, "Write at most 60 stretches"), (121, "There are 121 of these; send at most 120.")):
        answer = send(visit, path, dict(every_other_quarter(many)))
        assert (answer.status_code, said in " ".join(slips(answer))) == (422, True)


def every_other_quarter(many):
    """A week that nobody has."""
    for number in range(many):
        yield from stretch(number, number // 48, number % 48 * 30, number % 48 * 30 + 15).items()


def test_a_week_of_many_pieces_is_shown_and_kept(waiting, visits, rows):
    """Parts inside of longer stretches leave more pieces than were told."""
    pieces = [[day, minute, minute + 390] for day in range(7) for minute in (345,)]
    pieces += [[day, 825, 1335] for day in range(7)]
    pieces += [[day, minute, minute + 15] for day in range(7) for minute in (0, 30, 60, 90, 120, 1380)]
    with rows.begin() as session:
        member_of(session, visits, "waiting").windows = sorted(pieces)
    visit, path = waiting
    assert len(stretches_of(told_again(visit, path))) == 70
    assert send(visit, path).status_code == 303
    assert windows(rows, visits) == sorted(pieces)


def test_a_week_that_was_spoilt_is_empty_and_can_be_told_anew(waiting, visits, rows):
    spoil(rows, "members", "windows")
    visit, path = waiting
    assert stretches_of(told_again(visit, path)) == []
    assert send(visit, path, {"parts": ["0-evening"]}).status_code == 303
    assert windows(rows, visits) == [[0, 1080, 1320]]


def test_hours_that_would_close_a_proposal_are_asked_about_first(visits, rows):
    visit, path = visits.by("proposed"), visits.path("/members/{proposed}/hours")
    nothing = dict.fromkeys((name for name in told_again(visit, path) if name.startswith("hours-")), "")
    asked = send(visit, path, nothing | {"parts": ["5-noon"]})
    assert asked.status_code == 422
    assert "This would close the open proposal. Save anyway?" in slips(asked)
    assert filled(asked)["parts"] == "5-noon"
    with rows() as session:
        assert open_proposals(session, visits) == 1
    assert visit.post(path, filled(asked) | {"anyway": "yes"}).status_code == 303
    assert windows(rows, visits, "proposed") == [[5, 720, 840]]
    with rows() as session:
        assert open_proposals(session, visits) == 0
