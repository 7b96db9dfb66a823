from zoneinfo import ZoneInfo

import pytest

from matcher.zones import zone_of


@pytest.mark.parametrize("unknown", ["", "Mars/Olympus", "Europe", "../Europe/London", "\0", "z" * 60])
def test_a_zone_that_is_not_known_is_that_of_the_group_and_else_utc(unknown):
    assert zone_of(unknown, "Asia/Tokyo") == ZoneInfo("Asia/Tokyo")
    assert zone_of(unknown) == ZoneInfo("UTC")


def test_a_known_zone_is_itself():
    assert zone_of("Asia/Tokyo", "Europe/London") == ZoneInfo("Asia/Tokyo")
