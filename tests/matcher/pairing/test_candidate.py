import dataclasses
from itertools import pairwise

import pytest

from matcher.pairing import Experience
from matcher.vocabulary import Stage
from tests.builders import make_candidate


def test_a_candidate_is_a_snapshot_that_nobody_changes():
    with pytest.raises(dataclasses.FrozenInstanceError):
        make_candidate().zone = "UTC"


def test_the_order_of_waiting_is_past_the_promise_then_goes_first_then_nights():
    waiting = [
        make_candidate("new"),
        make_candidate("waited", nights_waited=3),
        make_candidate("longer", nights_waited=4),
        make_candidate("first", goes_first=True),
        make_candidate("first-and-waited", goes_first=True, nights_waited=1),
        make_candidate("promised", past_promise=True),
        make_candidate("promised-and-first", past_promise=True, goes_first=True),
    ]
    assert all(one.place_in_waiting < other.place_in_waiting for one, other in pairwise(waiting))


def test_nobody_stands_at_two_places_of_one_road():
    with pytest.raises(ValueError, match="ada has two entries for one experience"):
        make_candidate("ada", experiences=(Experience("grief"), Experience("grief", Stage.STEADIER)))
