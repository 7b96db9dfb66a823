import pytest
from hypothesis import given
from hypothesis import strategies as st

from web.charts import MOST_BARS, WIDTH, distribution


def test_without_values_there_is_no_picture():
    assert distribution([]) is None


def test_bars_go_from_round_number_to_round_number():
    chart = distribution([30, 39, 40, 125])
    assert [(bar.least, bar.most, bar.count) for bar in chart.bars if bar.count] == [
        (20, 39, 2),
        (40, 59, 1),
        (120, 139, 1),
    ]
    assert [tick.value for tick in chart.ticks] == [20, 40, 60, 80, 100, 120, 140]


@pytest.mark.parametrize(("values", "middle"), [([7], 7), ([1, 9], 1), ([1, 5, 9], 5)])
def test_half_of_the_values_reach_the_middle_one(values, middle):
    assert distribution(values).middle == middle


@given(st.lists(st.integers(-1000, 10**9), min_size=1))
def test_every_value_stands_in_one_bar_inside_the_picture(values):
    chart = distribution(values)
    assert sum(bar.count for bar in chart.bars) == len(values)
    assert 1 <= len(chart.bars) <= MOST_BARS
    for bar in chart.bars:
        assert bar.count == sum(bar.least <= value <= bar.most for value in values)
        assert bar.x >= 0
        assert bar.x + bar.width <= WIDTH
        assert bar.y + bar.height == pytest.approx(chart.ground)
        assert (bar.height >= 2) == bool(bar.count)
