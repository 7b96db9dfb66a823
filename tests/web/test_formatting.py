from datetime import date

import pytest
from markupsafe import Markup

from web.formatting import counted, day, hours, listed, number, people, person, seconds, sentence


@pytest.mark.parametrize(
    ("shown", "words"),
    [
        (number(23295), "23,295"),
        (counted(1, "pair"), "1 pair"),
        (counted(0, "pair"), "0 pairs"),
        (counted(1200, "person", "people"), "1,200 people"),
        (day(date(2026, 1, 2)), "2 January 2026"),
        (hours(0), "0 min"),
        (hours(45), "45 min"),
        (hours(90), "1 h 30 min"),
        (hours(120), "2 h"),
        (seconds(0.04), "under 0.1 s"),
        (seconds(12.34), "12.3 s"),
        (sentence("no UTC zone"), "No UTC zone."),
        (sentence("Done."), "Done."),
        (listed(["a"]), "a"),
        (listed(["a", "b", "c"]), "a, b and c"),
    ],
)
def test_figures_are_written_as_people_read_them(shown, words):
    assert shown == words


def test_names_keep_their_own_direction_and_never_become_markup():
    assert person("<b>") == Markup("<bdi>&lt;b&gt;</bdi>")
    assert people(["Ada", "יעל"]) == Markup("<bdi>Ada</bdi> and <bdi>יעל</bdi>")
