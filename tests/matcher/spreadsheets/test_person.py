from matcher.spreadsheets.person import SetAside, named_rows


def test_a_row_that_is_set_aside_is_told_with_its_number():
    assert str(SetAside(7, "m7", 'column zone: "x" is no time zone')) == 'row 7, column zone: "x" is no time zone'


def test_many_rows_are_named_and_then_counted():
    assert named_rows([7]) == "row 7"
    assert named_rows([2, 3]) == "rows 2, 3"
    assert named_rows(range(1, 13)) == "rows 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 and 2 more"
