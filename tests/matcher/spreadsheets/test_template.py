from matcher.spreadsheets.choices import FIELDS
from matcher.spreadsheets.template import TEMPLATE


def test_the_example_shows_every_column_and_sets_nobody_aside(read):
    sheet = read(TEMPLATE)
    assert set(FIELDS) <= set(TEMPLATE.partition("\n")[0].split(","))
    assert len(sheet.people) == 12
    assert sheet.set_aside == sheet.notes == ()
    assert not any(sentence.startswith("Not read") for sentence in sheet.stated)


def test_the_example_uses_every_field_of_a_candidate(read):
    candidates = [person.candidate for person in read(TEMPLATE).people]
    for field in ("windows", "writing_is_enough", "experiences", "support_style", "channels", "rhythm", "wishes"):
        assert any(getattr(candidate, field) for candidate in candidates), field
    for field in ("welcomes_three", "requests", "goes_first", "nights_waited", "traits"):
        assert any(getattr(candidate, field) for candidate in candidates), field
