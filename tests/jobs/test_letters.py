"""Letters: ready to send, in everybody's own hours, and silent about what is only for matching."""

from dataclasses import replace

import pytest

from jobs.letters import letters, write_letters
from jobs.night import Order, decide
from matcher.errors import SheetError
from tests.builders import MONDAY


def texts(night) -> dict[str, str]:
    return dict(letters(night.assignment, night.candidates, night.policy, night.names))


def test_partners_read_their_reasons_and_hours_on_their_own_clock(night):
    text = texts(night)["01-dee-eve.txt"]
    assert text.startswith("Subject: Your partner for the next weeks\n\nDear Dee and Eve,\n\nif you would both like")
    assert "from Monday 12 January 2026 on" in text
    assert "- Your goals meet here: sleep." in text
    assert "- Sat 09:00-11:00 (Europe/London, for Dee)\n- Sat 10:00-12:00 (Europe/Paris, for Eve)" in text


def test_an_experience_that_is_only_for_pairing_is_in_no_letter(night):
    (pair,) = night.assignment.pairs
    assert pair.terms["experience"] > 0
    assert "grief" not in texts(night)["01-dee-eve.txt"]


def test_three_are_spoken_to_as_three(night):
    assert "Dear Ada, Bob and Cyd,\n\nif you would all like that" in texts(night)["02-ada-bob-cyd.txt"]


def test_who_stays_over_reads_kind_words_and_what_could_help(night):
    text = texts(night)["03-alone-fay.txt"]
    assert "That is about hours and numbers, not about you. You go first next time." in text
    assert "One thing we noticed: one more free stretch," in text
    alone = replace(night.assignment.alone[0], could_help="")
    quiet = replace(night, assignment=replace(night.assignment, alone=(alone,)))
    assert "One thing we noticed" not in texts(quiet)["03-alone-fay.txt"]


@pytest.mark.parametrize(
    ("second", "said"),
    [
        ("Europe/London,en,run,,yes", "Writing is enough for you, whenever it suits"),
        ("Africa/Lagos,en,run,Mon 19:00-22:00,no", "Mon 19:00-20:00 (Africa/Lagos, for Bob)"),
    ],
)
def test_hours_are_said_for_those_who_write_and_for_clocks_that_part(tmp_path, second, said):
    sheet = tmp_path / "two.csv"
    first = "Europe/London,en,run,Mon 18:00-20:00,yes"
    sheet.write_text(f"name,zone,languages,goals,availability,writing\nAda,{first}\nBob,{second}\n")
    night = decide(Order(people=sheet, on=MONDAY.replace(month=3)))
    assert said in texts(night)["01-ada-bob.txt"]


def test_letters_go_to_a_folder_that_is_made(night, tmp_path):
    folder = tmp_path / "deep" / "letters"
    assert write_letters(folder, letters(night.assignment, night.candidates, night.policy, {})) == 3
    assert (folder / "01-d-e.txt").read_text("utf-8").startswith("Subject:")


def test_letters_of_another_pairing_are_not_left_beside_the_new_ones(night, tmp_path):
    (tmp_path / "07-ada-zoe.txt").write_text("Dear Ada and Zoe")
    with pytest.raises(SheetError, match=r"holds letters of another pairing, such as 07-ada-zoe\.txt"):
        write_letters(tmp_path, letters(night.assignment, night.candidates, night.policy, night.names))


def test_no_letter_gives_an_address_away(tmp_path):
    sheet = tmp_path / "people.csv"
    rows = "".join(f"{name}@example.org,Europe/London,en,run,Mon 18:00-20:00\n" for name in ("ada", "bob"))
    sheet.write_text(f"email,zone,languages,goals,availability\n{rows}")
    night = decide(Order(people=sheet, on=MONDAY))
    with pytest.raises(SheetError, match="Letters need a column with names"):
        texts(night)


def test_common_time_without_one_hour_that_stays_is_not_called_writing(tmp_path):
    sheet = tmp_path / "two.csv"
    sheet.write_text(
        "name,zone,languages,goals,availability\n"
        "Ann,America/New_York,en,run,Mon 10:00-11:00; Tue 10:00-11:00\n"
        "Ben,Europe/London,en,run,Mon 15:00-16:00; Tue 14:00-15:00\n"
    )
    night = decide(Order(people=sheet, on=MONDAY.replace(month=2, day=16)))
    assert night.assignment.pairs[0].overlap_minutes == 60
    assert "Your common hours move when the clocks change" in texts(night)["01-ann-ben.txt"]


def test_who_stays_over_again_reads_other_words(night):
    alone = replace(night.assignment.alone[0], nights_waited=1)
    again = texts(replace(night, assignment=replace(night.assignment, alone=(alone,))))["03-alone-fay.txt"]
    assert "once more there was nobody for you" in again
    assert "You go first next time" not in again
