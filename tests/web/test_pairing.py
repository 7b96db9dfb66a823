import gzip
import json

import pytest

from tests.invented_pairing import invented_pairing
from tests.web.pages import cards, parsed, words_in, words_of


@pytest.fixture
def page(coordinator, key):
    """Gives the page of a result."""
    return lambda result=None: coordinator(result).get(f"/pairing/{key}")


def test_the_summary_is_in_words_and_figures(page):
    words = words_of(page())
    assert "Pairing of 12 January 2026 · people.csv" in words
    assert "38 of 41 people have a partner" in words
    assert "16 pairs 2 trios 3 wait 2 set aside" in words


def test_every_pair_stands_there_with_its_reasons_and_its_points_for_each_term(page, invented):
    shown = cards(page(), "pairs")
    assert len(shown) == 16
    for made in invented["pairs"]:
        names = " and ".join(invented["names"][id] for id in made["ids"])
        card = next(card for card in shown if card.startswith(names))
        assert all(reason in card for reason in made["reasons"])
        assert f"{made['points']} points" in card
        assert all(f"{term.replace('_', ' ')} {points}" in card for term, points in made["terms"].items() if points)


def test_a_pair_without_reasons_to_show_is_explained_all_the_same(page, invented):
    invented["pairs"][0]["reasons"] = []
    assert "Nothing stands between you" in cards(page(invented), "pairs")[0]


def test_a_trio_says_who_joined_whom(page):
    shown = cards(page(), "trios")
    assert len(shown) == 2
    assert "Priya joins Olumide and Ottilie." in shown[0]


def test_who_waits_is_told_kindly_with_the_one_change_that_could_have_helped(page):
    answer = page()
    assert "That is about hours and numbers, not about you." in words_of(answer)
    waiting = {card.split()[0]: card for card in cards(answer, "waiting")}
    assert "Nobody here was a possible partner this time." in waiting["Tomasz"]
    assert "No common language with 20 others." in waiting["Tomasz"]
    assert "One more free stretch, Sat evening (18-22 h), could have helped." in waiting["Tomasz"]
    assert "3 people or circles of people had the same 2 as possible partners." in waiting["Ursula"]
    assert "2 possible partners in this pairing." in waiting["Ursula"]
    assert "Has waited through 1 earlier pairing." in waiting["Ursula"]
    assert "We have no single change to suggest." in waiting["יעל"]


def test_an_aim_that_is_new_is_said_in_its_own_words(page, invented):
    invented["mode"] = "by the stars"
    words = words_of(page(invented))
    assert "by the stars" in words


def test_rows_set_aside_stand_there_with_their_reason(page):
    words = words_of(page())
    assert 'Row 7, m007 Not surely an adult (age "under-18").' in words
    assert "Row 19, no id The id is missing." in words


def test_how_it_was_solved_is_told_and_nothing_is_called_proven(page):
    words = words_of(page())
    assert "As few as possible are alone" in words
    assert "Exact solver, not certified, by alongside 1 with networkx 3.6.1" in words
    assert "read under 0.1 s, compare 0.1 s, solve 0.4 s" in words
    assert "5eed" * 16 in words
    assert "proven" not in words


def test_the_picture_has_a_title_a_description_and_a_table_of_the_same_figures(page):
    figure = parsed(page()).find(".//figure")
    picture = next(each for each in figure.iter() if str(each.tag).endswith("svg"))
    inside = {str(each.tag).rpartition("}")[2]: each for each in picture.iter()}
    assert picture.get("role") == "img"
    assert picture.get("aria-labelledby") == inside["title"].get("id")
    rows = [words_in(row).split(" ") for row in figure.find("table").find("tbody").iter("tr")]
    told = "".join(f"{least} to {most} points: {count}. " for least, _, most, count in rows)
    assert words_in(inside["desc"]) == told.strip()
    assert sum(int(row[-1]) for row in rows) == 18


def test_when_everybody_has_a_partner_the_page_says_so(page):
    answer = page(invented_pairing(pairs=3, trios=0, alone=0, set_aside=0))
    words = words_of(answer)
    assert "Everybody has a partner" in words
    assert "Nobody waits." in words
    assert "Trios" not in words
    assert "set aside" not in words
    assert parsed(answer).find(".//figure") is None


def test_an_empty_pairing_says_what_will_appear(page):
    words = words_of(page(invented_pairing(0, 0, 0, 0)))
    assert "Nobody was waiting for a partner" in words
    assert "They will stand here, with their reasons, as soon as two people fit." in words


def test_one_person_is_one_person(page):
    assert "0 of 1 person have a partner" in words_of(page(invented_pairing(0, 0, 1, 0)))


def test_a_broken_file_is_a_page_that_says_what_to_do(page):
    answer = page({"pairs": []})
    words = words_of(answer)
    assert answer.status_code == 503
    assert "it has no “on”" in words
    assert "alongside pair people.csv --json > result.json" in words


@pytest.mark.parametrize(
    "hostile", ["\"'><svg/onload=x>", "</title><script>x</script>", "{{7*7}}", "\u202egnorw", "<!--", "&amp;"]
)
def test_words_from_the_sheet_stay_words(hostile, page, invented):
    text = json.dumps(invented)
    for word in ("m001", "sleep and walking", "people.csv", "under-18", "compare", "common_time", "networkx"):
        text = text.replace(word, json.dumps(hostile)[1:-1])
    answer = page(json.loads(text))
    assert hostile in words_of(answer)
    assert [each.tag for each in parsed(answer).iter()] == [each.tag for each in parsed(page(invented)).iter()]


def test_a_page_for_forty_people_weighs_little_and_one_for_five_hundred_works(page, visitor):
    parts = ["style.css", "mark.svg", "favicon.svg"]
    weight = 0
    for part in parts:
        with visitor.get(f"/static/{part}") as answer:
            weight += len(gzip.compress(answer.data))
    assert weight + len(gzip.compress(page().data)) < 20_000
    large = page(invented_pairing(pairs=250))
    assert len(cards(large, "pairs")) == 250


def test_the_same_file_gives_the_same_bytes(page):
    assert page().data == page().data
