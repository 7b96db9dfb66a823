import pytest

from matcher.errors import SheetError
from matcher.spreadsheets.lists import read_apart, read_list, read_together

OURS = "id_1,id_2,id_3,name_1,name_2,name_3,points,overlap_minutes,reasons\n"


@pytest.fixture
def people(read):
    names = ["Amina", "Bo", "Chidi", "Dee", "Robin", "Robin"]
    rows = (f"m{number},{name},UTC,en,health,yes\n" for number, name in enumerate(names, start=1))
    return read("id,name,zone,languages,goals,writing\n" + "".join(rows)).people


@pytest.fixture
def read_text(write, people):
    return lambda text, reader=read_list: reader(write(text, "list.csv"), people)


@pytest.mark.parametrize("reader", [read_list, read_together])
@pytest.mark.parametrize(
    "text",
    [
        "id_1,id_2,id_3\nm1,m2,\nm3,m4,m5\n",
        "m1,m2\nm3,m4,m5\n",
        "Amina;BO\nChidi;Dee;m5\n",
        "one,other,third\nAmina,bo\nChidi,dee,m5\n",
        "Date,Partner 1,Partner 2,Partner 3\n3 May,Amina,Bo,\n4 May,m3,m4,m5\n",
        OURS + "m1,m2,,Amina,Bo,,90,120,both\nm3,m4,m5,Chidi,Dee,Robin,80,60,all\n",
        "name_1,id_1,id_2,id_3\nAmina,,m2,\n,m3,m4,m5\n",
    ],
)
def test_lists_of_twos_and_threes_are_read_however_they_are_laid_out(read_text, text, reader):
    assert read_text(text, reader).rows == (("m1", "m2"), ("m3", "m4", "m5"))


def test_a_first_row_without_known_people_is_taken_as_a_header_and_said(read_text):
    assert read_text("Kim,Kit\nm1,m2\n").notes == (
        "Row 1 of list.csv was taken as its header, because it names nobody who takes part.",
    )
    assert read_text("m1,m2\n").notes == ()
    assert read_text(OURS).rows == ()


def test_whoever_does_not_take_part_is_left_out_with_a_note(read_text):
    read = read_text(OURS + "m1,m9,,Amina,Kim,,1,1,a\nm2,m3,m9,,,,1,1,a\nm1,,,,,,1,1,\nm4,m4,,,,,,,\nm8,m9,,,,,,,\n")
    assert read.rows == (("m1",), ("m2", "m3"), ("m4",))
    assert read.notes == (
        "list.csv, rows 2, 3, 5, 6: somebody there does not take part, or is named twice, and was left out.",
    )
    assert read.alone == ("m1",)


@pytest.mark.parametrize("row", ["m1,m9", "m1,m1", "m1,", "Kim,Kit"])
def test_people_who_are_kept_together_must_all_be_there(read_text, row):
    with pytest.raises(SheetError, match=r"list.csv, row 3: somebody there does not take part, or is named twice"):
        read_text(f"m2,m3\n\n{row}\n", read_together)


def test_nobody_is_kept_together_with_two_others(read_text):
    with pytest.raises(SheetError, match="row 3: one of them is in row 1 too; keep one row"):
        read_text("m1,m2\nm3,m4\nm5,m1\n", read_together)


@pytest.mark.parametrize("reader", [read_list, read_together])
def test_a_name_of_several_people_is_not_guessed(read_text, reader):
    with pytest.raises(SheetError, match='row 2: "robin" is the name of several people; write the id'):
        read_text("m1,m2\nm3,robin\n", reader)


@pytest.mark.parametrize(
    "text", ["m1\nm2\n", "names\nAmina and Bo\n", "m1,m2,m3,m4\n", "a day,b day,c day,d day\n1,2,3,4\n"]
)
def test_a_list_needs_two_or_three_columns(read_text, text):
    with pytest.raises(SheetError, match="needs two or three columns with one person each; name them id_1, id_2"):
        read_text(text)


def test_somebody_who_left_is_never_taken_for_another_of_the_same_name(read_text):
    past = read_text(OURS + "m1,gone,,Amina,Robin,,90,120,both\ngone,,,Robin,,,,,\n")
    assert past.rows == (("m1",),)
    assert past.alone == ()


@pytest.mark.parametrize("text", ["Amnia,Bo\n", "id_1,id_2\nm1,Chdi\n"])
def test_a_slip_of_the_pen_never_brings_two_together_who_are_held_apart(read_text, text):
    with pytest.raises(SheetError, match="is nobody on the sheet"):
        read_text(text, read_apart)


def test_who_left_or_takes_no_part_may_stand_on_a_list_of_people_held_apart(write, people, read_text):
    assert read_text("m1,m2\nm3,somebody else\n", read_apart).rows == (("m1", "m2"), ("m3",))
    path = write("m1,m2\nm1,chidl\n", "list.csv")
    assert read_apart(path, people, ["Chidl"]).rows == (("m1", "m2"), ("m1",))
