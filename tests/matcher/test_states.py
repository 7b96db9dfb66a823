import enum

import pytest

from matcher import states
from matcher.states import DataClass

KINDS = [each for each in vars(states).values() if isinstance(each, enum.EnumType) and each is not enum.StrEnum]


@pytest.mark.parametrize("kind", [each for each in KINDS if each is not DataClass])
def test_the_words_of_a_state_fit_into_its_column(kind):
    assert all(0 < len(word) <= 60 for word in kind)


@pytest.mark.parametrize("kind", KINDS)
def test_no_two_states_share_a_word(kind):
    assert len(kind.__members__) == len(kind)


def test_there_are_states_to_look_at():
    assert len(KINDS) == 11
