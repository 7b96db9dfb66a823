"""Pages that only a button shows, in a real browser: they fit as all others do, light and dark."""

import time

import pytest

from matcher.spreadsheets.template import TEMPLATE
from tests.browser.test_pages import expect_fit, opened

PRESS_THRICE = """words => {
    const button = [...document.querySelectorAll("button")].find(each => each.textContent === words)
    for (const later of [0, 100, 200]) setTimeout(() => button.click(), later)
}"""


def leave_in_another_tab(page):
    page.context.clear_cookies()
    press(page, "Save")


def save_in_another_tab(page):
    other = page.context.new_page()
    for each, words in ((other, "Sleep, and no screens after ten."), (page, "Walk in the morning light.")):
        if each is other:
            other.goto(page.url)
        each.get_by_label("In your own words").first.fill(f"{words} {time.monotonic()}")
        press(each, "Save")
    other.close()


def look_at_list(page):
    page.get_by_label("Or the addresses").fill("ada@example.org\nnobody at all")
    press(page, "Look at the list")


def try_sheet(page):
    sheet = {"name": "people.csv", "mimeType": "text/csv", "buffer": TEMPLATE.encode()}
    page.get_by_label("A CSV file").set_input_files(sheet)
    press(page, "See the pairing")


def move_away(page):
    page.get_by_label("Where is your clock?").select_option("Asia/Tokyo")
    press(page, "Save")


def press(page, name):
    with page.expect_navigation():
        page.get_by_role("button", name=name).first.click()


ANSWERS = {
    "recovery codes": ("second-factor-on", lambda page: press(page, "Make new recovery codes"), "New recovery codes"),
    "a link": ("invitations", lambda page: press(page, "Make a link"), "A link to hand over"),
    "a list": ("invitations", look_at_list, "1 person to invite"),
    "a sheet's pairing": ("sheet", try_sheet, "have a partner"),
    "signed out meanwhile": ("support", leave_in_another_tab, "You were signed out"),
    "saved meanwhile": ("goals-told", save_in_another_tab, "What would you like to reach?"),
    "save anyway?": ("name-proposed", move_away, "You, in this group"),
}
"""Pages that only a button shows: where it is, how it is pressed, and what the page is called."""


@pytest.mark.parametrize("name", ANSWERS)
def test_a_page_that_only_a_button_shows_has_no_barrier_either(name, browser, served):
    at, act, heading = ANSWERS[name]
    with opened(served, browser, at, 360) as page:
        act(page)
        assert heading in page.get_by_role("heading", level=1).inner_text()
        expect_fit(page)
        page.set_viewport_size({"width": 1280, "height": 800})
        page.emulate_media(color_scheme="dark")
        expect_fit(page)


def test_a_second_press_while_the_first_is_on_its_way_sends_nothing(browser, served):
    """Of two answers a browser shows the later one; recovery codes are shown only once."""
    with opened(served, browser, "second-factor-on", 360) as page:
        on_their_way = []
        page.route("**/recovery-codes", lambda route: on_their_way.append(route))
        page.evaluate(PRESS_THRICE, "Make new recovery codes")
        page.wait_for_timeout(400)
        assert len(on_their_way) == 1
        with page.expect_navigation():
            on_their_way[0].continue_()
        assert page.get_by_role("heading", name="New recovery codes").is_visible()
