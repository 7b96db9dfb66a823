from matcher.wording import counted, listed


def test_names_are_read_aloud():
    assert listed(["a"]) == "a"
    assert listed(["a", "b"]) == "a and b"
    assert listed(["a", "b", "c"]) == "a, b and c"


def test_numbers_are_read_aloud():
    assert counted(1, "pair") == "1 pair"
    assert counted(0, "pair") == "0 pairs"
    assert counted(2_000, "person", "people") == "2,000 people"
