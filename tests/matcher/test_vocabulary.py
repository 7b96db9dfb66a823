import pytest

from matcher.vocabulary import DAYS, PARTS_OF_DAY, Barrier


def test_barriers_that_are_nobodys_business_are_one_word():
    quiet = [Barrier.BLOCKED, Barrier.DECLINED_BEFORE, Barrier.RECENT_PARTNERS]
    quiet += [Barrier.UNANSWERED_RECENTLY, Barrier.HELD]
    assert {barrier.words for barrier in quiet} == {"not together"}


def test_every_other_barrier_has_words_of_its_own():
    told = [barrier.words for barrier in Barrier if barrier > Barrier.HELD]
    assert told == ["no common language", "too little common time", "outside a wish", "below the floor of points"]


@pytest.mark.parametrize("barrier", Barrier)
def test_a_barrier_is_one_bit_of_sixteen(barrier):
    assert barrier.bit_count() == 1
    assert barrier < 2**16


def test_a_week_has_28_parts_that_do_not_overlap():
    ends = [hour for part in PARTS_OF_DAY.values() for hour in part]
    assert len(DAYS) * len(PARTS_OF_DAY) == 28
    assert ends == sorted(ends)
