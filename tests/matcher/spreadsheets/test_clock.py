import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.spreadsheets.cells import CellError
from matcher.spreadsheets.clock import half_a_day_later, on_the_other_half, quarters_in, written


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("18:00-20:30", "18:00-20:30"),
        ("18.30–20.00", "18:30-20:00"),
        ("9-11", "09:00-11:00"),
        ("9 to 11", "09:00-11:00"),
        ("18h30 until 20h", "18:30-20:00"),
        ("22:45-24:00", "22:45-24:00"),
        ("0-1", "00:00-01:00"),
        ("7:30am-8am", "07:30-08:00"),
        ("12am-1am", "00:00-01:00"),
        ("12pm - 1pm", "12:00-13:00"),
        ("6 p.m. - 8:30 P.M.", "18:00-20:30"),
        ("9am-12am", "09:00-24:00"),
        ("noon-2pm", "12:00-14:00"),
        ("9-noon", "09:00-12:00"),
        ("9pm to midnight", "21:00-24:00"),
        ("22:00-01:00", "22:00-25:00"),
        ("17:00-05:00", "17:00-29:00"),
    ],
)
def test_hours_are_read_as_people_write_them(text, hours):
    assert written(quarters_in(text)) == hours


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("6-8pm", "18:00-20:00"),
        ("6pm-8", "18:00-20:00"),
        ("11-1pm", "11:00-13:00"),
        ("11am-1", "11:00-13:00"),
        ("9-5pm", "09:00-17:00"),
        ("10-2am", "22:00-26:00"),
        ("12-1pm", "12:00-13:00"),
        ("08:00-9pm", "08:00-21:00"),
        ("18-8pm", "18:00-20:00"),
    ],
)
def test_one_am_or_pm_tells_the_other_by_the_shorter_window(text, hours):
    assert written(quarters_in(text)) == hours


@pytest.mark.parametrize("text", ["9-5", "16:45-04:00", "17:00-05:15", "23-22", "10am-2am", "20:30-18:00"])
def test_an_end_before_its_start_is_no_night_unless_it_is_evening_and_short(text):
    with pytest.raises(CellError, match="ends before it starts; write 24-hour times"):
        quarters_in(text)


@pytest.mark.parametrize("text", ["9-9", "22:00-22:00", "noon-12pm"])
def test_an_end_at_its_start_is_no_window(text):
    with pytest.raises(CellError, match="ends where it starts"):
        quarters_in(text)


@pytest.mark.parametrize("text", ["25-26", "9-24:15", "24:00-02:00", "9:60-11", "13pm-14pm", "0am-1am"])
def test_a_time_that_no_clock_shows_is_an_error(text):
    with pytest.raises(CellError, match="is not understood; write 24-hour times"):
        quarters_in(text)


def test_times_are_narrowed_to_whole_quarter_hours():
    assert written(quarters_in("18:05-20:25")) == "18:15-20:15"
    assert written(quarters_in("23:50-00:40")) == "24:00-24:30"


@pytest.mark.parametrize("text", ["18:05-18:20", "18:00-18:14", "23:55-00:05"])
def test_less_than_a_quarter_hour_is_an_error(text):
    with pytest.raises(CellError, match="no whole quarter-hour"):
        quarters_in(text)


def test_a_part_of_the_day_shows_that_pm_was_left_out():
    evening, six_to_eight = (72, 88), (24, 32)
    assert on_the_other_half(six_to_eight, evening)
    assert not on_the_other_half(half_a_day_later(six_to_eight), evening)
    assert not on_the_other_half((20, 24), (24, 48)), "five to six is early for a morning, but no evening either"


@given(st.integers(0, 95), st.integers(1, 96))
def test_written_quarter_hours_are_read_again(start, length):
    time = (start, min(start + length, 96))
    assert quarters_in(written(time)) == time
