import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.pairing.week import QUARTERS_A_DAY, Window, local_quarters
from matcher.spreadsheets.cells import CellError
from matcher.spreadsheets.hours import availability_in, day_of, merged
from matcher.vocabulary import DAYS


def hours(text, day=None):
    windows, _ = availability_in(text, day)
    return "; ".join(map(str, windows))


@pytest.mark.parametrize(
    ("text", "windows"),
    [
        ("Mon 18:00-20:30; Sat 09:00-11:00", "Mon 18:00-20:30; Sat 09:00-11:00"),
        ("Sun 22:45-24:00", "Sun 22:45-24:00"),
        ("Fri 22:00-01:00", "Fri 22:00-01:00"),
        ("Sun 22:00-01:00", "Sun 22:00-01:00"),
        ("Sun 23:50-00:30", "Mon 00:00-00:30"),
        ("Mon 18:00-24:00; Tue 00:00-01:00", "Mon 18:00-01:00"),
        ("Mon evening, Wed morning 9-11", "Mon 18:00-22:00; Wed 09:00-11:00"),
        ("Wed 9-11 in the morning", "Wed 09:00-11:00"),
        ("Wed morning, 13-14", "Wed 06:00-12:00; Wed 13:00-14:00"),
        ("Mon 9-11, 18-20", "Mon 09:00-11:00; Mon 18:00-20:00"),
        ("Mon morning and evening", "Mon 06:00-12:00; Mon 18:00-22:00"),
        ("Mon evening Wed morning", "Mon 18:00-22:00; Wed 06:00-12:00"),
        ("weekends", "Sat 06:00-22:00; Sun 06:00-22:00"),
        ("Weekend mornings", "Sat 06:00-12:00; Sun 06:00-12:00"),
        ("Sat all day", "Sat 06:00-22:00"),
        ("Sat: any time.", "Sat 06:00-22:00"),
        ("Monday to Tuesday evenings", "Mon 18:00-22:00; Tue 18:00-22:00"),
        ("Sun-Mon noon", "Mon 12:00-14:00; Sun 12:00-14:00"),
        ("Tue/Thu 6pm-8:30pm", "Tue 18:00-20:30; Thu 18:00-20:30"),
        ("Tues & Thurs + Weds noon", "Tue 12:00-14:00; Wed 12:00-14:00; Thu 12:00-14:00"),
        ("Mon 18.30–20.00", "Mon 18:30-20:00"),
        ("Monday and Wednesday: afternoon", "Mon 14:00-18:00; Wed 14:00-18:00"),
        ("Mon, Wed evening", "Mon 18:00-22:00; Wed 18:00-22:00"),
        ("Mon - evening", "Mon 18:00-22:00"),
        ("MONDAYS: Evening (18-20)", "Mon 18:00-20:00"),
        ("on Monday from 6pm to 8pm\nat the weekend 9-10", "Mon 18:00-20:00; Sat 09:00-10:00; Sun 09:00-10:00"),
        ("weekends and Mon 9-11", "Mon 09:00-11:00; Sat 09:00-11:00; Sun 09:00-11:00"),
        ("weekends, 9-11", "Sat 09:00-11:00; Sun 09:00-11:00"),
        ("weekends, evening, Mon 9-11", "Mon 09:00-11:00; Sat 18:00-22:00; Sun 18:00-22:00"),
        ("", ""),
        (" - ; none\nNot available", ""),
    ],
)
def test_people_write_when_they_are_free_in_many_ways(text, windows):
    assert hours(text) == windows


def test_weekdays_and_every_day_are_groups_of_days():
    assert hours("weekdays 18-20") == "; ".join(f"{day} 18:00-20:00" for day in DAYS[:5])
    assert hours("Every weekday 18-20") == hours("weekdays 18-20")
    for everyday in ("every day", "everyday", "daily"):
        assert hours(f"{everyday} 7:30am-8am") == "; ".join(f"{day} 07:30-08:00" for day in DAYS)


@pytest.mark.parametrize("text", ["writing is enough", "Writing is enough for me.", "Sat all day; writing is enough"])
def test_writing_may_be_enough(text):
    assert availability_in(text)[1]
    assert not availability_in("Sat all day")[1]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("Mon evning", '"Mon evning" is not understood; write for example "Mon 18:00-20:30" or "Mon evening"'),
        ("Mon evening, Wed evning, Fri", '"Wed evning" is not understood'),
        ("not Mon evening", '"not Mon evening" is not understood'),
        ("weekdays except Mon 9-11", "is not understood"),
        ("Mon after 6pm", "is not understood"),
        ("Mon 9-11-13", "is not understood"),
        ("Mon 9-111", "is not understood"),
        ("Mon morning - evening", "is not understood"),
        ("Mon morning to evening", "is not understood"),
        ("yes", "is not understood"),
        ("evenings", '"evenings" does not say on which day'),
        ("6-8pm Mon", '"6-8pm Mon" does not say on which day'),
        ("all day", "does not say on which day"),
        ("Mon", '"Mon" does not say when'),
        ("Mon evening, Wed", '"Mon evening, Wed" does not say when'),
        ("Mon, weekends", '"Mon, weekends" does not say when'),
        ("weekends, Mon evening", "can be read in two ways"),
        ("Fri night", '"Fri night": night is no part of the day here; write "Mon 22:00-24:00"'),
        ("tonight", "night is no part of the day"),
        ("Mon evening 6-8", 'a 24-hour clock; write "18:00-20:00" or am, pm'),
        ("Mon 6-8 in the evening", 'write "18:00-20:00" or am, pm'),
        ("Mon evening, Fri 18:00-9:00", '"18:00-9:00" ends before it starts'),
        ("Mon 9-5", '"9-5" ends before it starts'),
        ("(", "does not say when"),
        ("09-Nov", '"09-Nov" is a date, perhaps made of "9-11" by a spreadsheet; write "9:00-11:00"'),
    ],
)
def test_nothing_is_half_read(text, sentence):
    with pytest.raises(CellError) as refused:
        availability_in(text)
    assert sentence in str(refused.value)


def test_a_cell_of_a_grid_holds_the_times_of_its_day():
    assert hours("Morning;Evening", 2) == "Wed 06:00-12:00; Wed 18:00-22:00"
    assert hours("Morning, 18-20", 2) == "Wed 06:00-12:00; Wed 18:00-20:00"
    assert hours("all day", 2) == "Wed 06:00-22:00"


@pytest.mark.parametrize("text", ["Thu morning", "weekends", "morning, Thu evening"])
def test_a_cell_of_a_grid_names_no_day(text):
    with pytest.raises(CellError, match="write the times alone"):
        availability_in(text, 2)


def test_a_cell_of_a_grid_says_when():
    with pytest.raises(CellError, match="does not say when"):
        availability_in("in the", 2)


def test_days_are_known_by_full_and_short_names():
    assert [day_of(f" {day}DAY" if day in ("Mon", "Fri", "Sun") else day.lower()) for day in DAYS] == list(range(7))
    assert day_of("Monday morning") is None


def test_a_huge_answer_takes_no_huge_time():
    often = "Mon " * 20_000 + "9-10, 10-11, " * 20_000
    assert hours(often) == "Mon 09:00-11:00"


def test_a_long_answer_is_cut_in_the_sentence():
    with pytest.raises(CellError) as refused:
        availability_in("x" * 100_000)
    assert len(str(refused.value)) < 200


free_weeks = st.lists(st.tuples(st.integers(0, 671), st.integers(1, 40)), max_size=12).map(
    lambda spans: local_quarters(Window(start, start + length) for start, length in spans)
)


@settings(deadline=None)  # the machine may be busy with something else
@given(free_weeks)
def test_windows_written_day_by_day_are_read_again(free):
    days = free.reshape(7, QUARTERS_A_DAY)
    text = "; ".join(
        f"{DAYS[day]} {quarter // 4:02d}:{quarter % 4 * 15:02d}-{(quarter + 1) // 4:02d}:{(quarter + 1) % 4 * 15:02d}"
        for day, quarter in np.argwhere(days)
    )
    windows, writing = availability_in(text)
    assert (local_quarters(windows) == free).all()
    assert not writing


@settings(deadline=None)  # the machine may be busy with something else
@given(st.lists(st.tuples(st.integers(0, 6), st.integers(68, 95), st.integers(1, 48)), max_size=5))
def test_evenings_and_nights_are_read_as_the_engine_writes_them(nights):
    windows = [Window(day * QUARTERS_A_DAY + start, day * QUARTERS_A_DAY + start + long) for day, start, long in nights]
    assert availability_in("; ".join(map(str, windows)))[0] == merged(windows)


@settings(deadline=None)  # the machine may be busy with something else
@given(st.text(st.sampled_from("MonTue,;-/&: 0123456789apm.()evening"), max_size=30))
def test_any_text_is_hours_or_a_sentence(text):
    try:
        windows, sentence = availability_in(text)[0], "write"
    except CellError as refused:
        windows, sentence = (), str(refused)
    assert "write" in sentence
    assert merged(windows) == windows
