"""The page of a finished pairing, whoever it is of: the figures, the reasons, who waits, and every word as a word."""

import gzip
import json
from datetime import date
from types import SimpleNamespace

import pytest
from flask import render_template

from tests.invented_pairing import invented_pairing
from tests.web.pages import cards, parsed, words_in, words_of
from web.night import Alone, Pairing, Partnership, SetAside, clean, parts

GROUP = SimpleNamespace(public_id="a-group-of-this-test", name="Side by Side")


def pairing_of(made, standing=""):
    """A result of `alongside pair --json` as the page takes it."""
    names = made["names"]

    def partnership(each):
        return Partnership(
            names=tuple(names[id_] for id_ in each["ids"]),
            points=each["points"],
            terms=each["terms"],
            overlap_minutes=each["overlap_minutes"],
            reasons=tuple(each["reasons"]),
            joined_by=names[each["joined_by"]] if "joined_by" in each else "",
        )

    same = ("waiting", "total_points", "mode", "policy_version", "possible_pairs", "weighed_pairs", "proof", "engine")
    return Pairing(
        on=date.fromisoformat(made["on"]),
        pairs=tuple(map(partnership, made["pairs"])),
        trios=tuple(map(partnership, made["trios"])),
        alone=tuple(
            Alone(
                name=names[each["id"]],
                reasons=tuple(each["reasons"]),
                possible_partners=each["possible_partners"],
                could_help=each["could_help"],
                nights_waited=each["nights_waited"],
            )
            for each in made["alone"]
        ),
        set_aside=tuple(SetAside(**each) for each in made["set_aside"]),
        fingerprint=made["fingerprint"],
        seconds=made["seconds"],
        standing=standing,
        **{name: made[name] for name in same},
    )


@pytest.fixture
def invented():
    return invented_pairing()


@pytest.fixture
def page(app, invented):
    """Gives the page of a result."""

    def show(made=None, standing="", notes=()):
        shown = parts(pairing_of(invented if made is None else made, standing))
        with app.test_request_context("/", base_url="https://localhost"):
            return app.make_response(render_template("night/show.html", **shown, group=GROUP, notes=notes))

    return show


def test_the_summary_is_in_words_and_figures(page):
    words = words_of(page())
    assert "Pairing of 12 January 2026" in words
    assert "38 of 41 people have a partner" in words
    assert "16 pairs 2 trios 3 wait 2 set aside" in words


def test_every_pair_stands_there_with_its_reasons_and_its_points_for_each_term(page, invented):
    shown = cards(page(), "pairs")
    assert len(shown) == 16
    for made in invented["pairs"]:
        names = " and ".join(invented["names"][id_] for id_ in made["ids"])
        card = next(card for card in shown if card.startswith(names))
        assert all(reason in card for reason in made["reasons"])
        assert f"{made['points']} points" in card
        assert all(f"{term.replace('_', ' ')} {points}" in card for term, points in made["terms"].items() if points)


def test_people_are_found_by_their_names(page):
    shown = cards(page(), "pairs")
    assert shown == sorted(shown, key=str.casefold)


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


def test_of_a_living_group_the_one_change_is_not_shown_and_people_have_a_proposal(page):
    words = words_of(page(standing="Each of them was asked."))
    assert "38 of 41 people have a proposal" in words
    assert "Each of them was asked." in words
    assert "could have helped." not in words
    assert "We have no single change" not in words
    assert "A look at a sheet" not in words
    assert "Invite these people" not in words


def test_an_aim_that_is_new_is_said_in_its_own_words(page, invented):
    invented["mode"] = "by the stars"
    assert "by the stars" in words_of(page(invented))


def test_rows_set_aside_stand_there_with_their_reason(page):
    words = words_of(page())
    assert 'Row 7, m007 Not surely an adult (age "under-18").' in words
    assert "Row 19, no id The id is missing." in words


def test_how_it_was_solved_is_told_and_nothing_is_called_proven(page):
    words = words_of(page(notes=("Columns: name, zone.",)))
    assert "As few as possible are alone" in words
    assert "Exact solver, not certified, by alongside 1 with networkx 3.6.1" in words
    assert "read under 0.1 s, compare 0.1 s, solve 0.4 s" in words
    assert "How the sheet was read Columns: name, zone." in words
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


@pytest.mark.parametrize(
    "hostile", ["\"'><svg/onload=x>", "</title><script>x</script>", "{{7*7}}", "\u202egnorw", "<!--", "&amp;"]
)
def test_words_from_elsewhere_stay_words(hostile, page, invented):
    text = json.dumps(invented)
    for word in ("m001", "sleep and walking", "people.csv", "under-18", "compare", "common_time", "networkx", "Ada"):
        text = text.replace(word, json.dumps(hostile)[1:-1])
    answer = page(json.loads(text))
    assert hostile in words_of(answer)
    assert tags(answer) == tags(page(invented))


def tags(answer):
    """Their order is that of names."""
    return sorted(each.tag for each in parsed(answer).iter() if isinstance(each.tag, str))


@pytest.mark.parametrize(
    ("words", "shown"),
    [("A\x00da", "A da"), ("\ud800", ""), ("a\x1b[1mb", "a [1mb"), ("a\ufdd0\uffff", "a"), ("é", "é")],
)
def test_signs_that_no_page_may_hold_are_left_out(words, shown):
    assert clean(words) == shown


def test_a_page_for_forty_people_weighs_little_and_one_for_five_hundred_works(page):
    assert len(gzip.compress(page().data)) < 12_000
    assert len(cards(page(invented_pairing(pairs=250)), "pairs")) == 250


def test_the_same_pairing_gives_the_same_bytes(page):
    assert page().data == page().data
