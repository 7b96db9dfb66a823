"""A newcomer comes in on a phone: with a script, without one, and by keyboard alone."""

import pytest
from sqlalchemy import select

from matcher.models import Member
from tests.browser.test_pages import SIDEWAYS, expect_fit, watched

PASSWORD = "seven herons over the weir"

NAME_OF_FOCUS = """() => {
    const at = document.activeElement
    return [at.ariaLabel, at.labels?.[0]?.textContent, at.textContent].join(" | ")
}"""


def path_of(served):
    return served.start.rstrip("/") + served.house.path("/invitations/{invitation}")


def told(served):
    """What the database holds of the newcomer."""
    with served.sessions() as session:
        return session.scalar(select(Member).order_by(Member.id.desc()).limit(1)), session.get_bind()


@pytest.mark.parametrize("script", [True, False], ids=["with a script", "without one"])
def test_a_newcomer_goes_from_the_invitation_into_the_next_pairing(script, browser, alive):
    with watched(alive, browser, 360, java_script_enabled=script, timezone_id="Europe/Berlin", locale="en") as page:
        look = expect_fit if script else lambda page: None
        page.goto(path_of(alive))
        look(page)
        page.get_by_label("Mail address").fill("new@example.org")
        page.get_by_label("Choose a password").fill("short")
        page.get_by_role("button", name="Open my account").click()
        assert page.get_by_role("alert").is_visible()
        look(page)
        assert page.get_by_label("Mail address").input_value() == "new@example.org"
        page.get_by_label("Choose a password").fill(PASSWORD)
        page.get_by_role("button", name="Open my account").click()

        page.get_by_label("I am 18 or older").check()
        page.get_by_label("I say yes to the house rules").check()
        page.get_by_label("Use my hours").check()
        page.get_by_role("button", name="Go on").click()

        assert page.get_by_text("Step 1 of 3").is_visible()
        page.get_by_label("What would you like to be called?").fill("Mika")
        if script:
            assert page.get_by_label("Where is your clock?").input_value() == "Europe/Berlin"
        assert page.get_by_label("Which languages").input_value() == "English"
        look(page)
        page.get_by_role("button", name="Go on").click()

        page.get_by_label("Its area").first.fill("Sleep")
        page.get_by_label("In your own words").first.fill("I would like to sleep again.\nAnd rest.")
        page.get_by_text("Milestones, and a plan").first.click()
        page.get_by_label("Milestones on the way").first.fill("One night\nTwo nights")
        look(page)
        page.get_by_role("button", name="Go on").click()

        page.get_by_role("link", name="Back").click()
        assert page.get_by_label("In your own words").first.input_value() == "I would like to sleep again.\nAnd rest."
        page.get_by_role("button", name="Go on").click()

        page.get_by_label("Monday, evening").check()
        page.get_by_role("button", name="Tuesday to Friday like Monday").click()
        assert page.get_by_label("Thursday, evening").is_checked()
        assert not page.get_by_label("Saturday, evening").is_checked()
        page.get_by_label("Writing is enough").check()
        look(page)
        page.get_by_role("button", name="You are done: save").click()

        assert page.get_by_role("heading", name="You are in the next pairing").is_visible()
        look(page)
        member, _ = told(alive)
        assert (member.name, member.languages, member.writing_is_enough) == ("Mika", ["en"], True)
        assert member.windows == [[day, 18 * 60, 22 * 60] for day in range(5)]
        assert page.evaluate(SIDEWAYS) == 0


def press(page, *keys):
    for key in keys:
        page.keyboard.press(key)


def go_on(page):
    """Press Enter, and wait for the page that it leads to."""
    with page.expect_navigation():
        page.keyboard.press("Enter")


def tab_to(page, name):
    """Press Tab until something of this name has the focus."""
    for _ in range(120):
        page.keyboard.press("Tab")
        if name in page.evaluate(NAME_OF_FOCUS):
            return
    pytest.fail(f"Tab never came to {name}")


def test_a_newcomer_needs_nothing_but_a_keyboard(browser, alive):
    with watched(alive, browser, 360, timezone_id="Europe/Berlin", locale="en") as page:
        page.goto(path_of(alive))
        tab_to(page, "Mail address")
        page.keyboard.type("keys@example.org")
        tab_to(page, "Choose a password")
        page.keyboard.type(PASSWORD)
        go_on(page)
        for box in ("I am 18", "I say yes", "Use my hours"):
            tab_to(page, box)
            press(page, "Space")
        go_on(page)
        tab_to(page, "What would you like to be called?")
        page.keyboard.type("Kim")
        go_on(page)
        tab_to(page, "Its area")
        page.keyboard.type("learning")
        go_on(page)

        tab_to(page, "In quarter-hours")
        press(page, "Enter")
        tab_to(page, "Monday 06:00 to 06:15, not free")
        press(page, "PageDown", "PageDown", "PageDown", "ArrowDown", "Space")
        press(page, "Shift+ArrowDown", "Shift+ArrowDown", "Shift+ArrowDown")
        assert page.get_by_text("Monday 18:15 to 19:15, free", exact=True).is_visible()
        press(page, "ArrowRight", "Enter")
        press(page, "End", "Home")
        assert page.evaluate("document.activeElement.ariaLabel") == "Monday 19:00 to 19:15, free"
        tab_to(page, "You are done: save")
        go_on(page)
        assert page.get_by_role("heading", name="You are in the next pairing").is_visible()
        member, _ = told(alive)
        assert member.windows == [[0, 18 * 60 + 15, 19 * 60 + 15], [1, 19 * 60, 19 * 60 + 15]]


def test_the_grid_shows_what_is_ticked_and_takes_it_back(browser, alive):
    with watched(alive, browser, 1280) as page:
        alive.sign_in(page.context, "waiting")
        page.goto(alive.start.rstrip("/") + alive.house.path("/members/{waiting}/hours"))
        cell = page.get_by_role("gridcell", name="Monday 06:00 to 06:15, free")
        assert cell.is_visible()
        page.get_by_label("Sunday, noon").check()
        assert page.get_by_role("gridcell", name="Sunday 13:45 to 14:00, free").count() == 1
        cell.click()
        assert not page.get_by_label("Monday, morning").is_checked()
        page.get_by_role("button", name="Save").click()
        page.get_by_text("Saved.").wait_for()
        with alive.sessions() as session:
            member = session.scalar(select(Member).where(Member.public_id == alive.house.ids["waiting"]))
            assert [0, 6 * 60 + 15, 12 * 60] in member.windows
            assert [6, 12 * 60, 14 * 60] in member.windows


def test_words_that_were_sent_too_late_can_be_sent_again(browser, alive):
    with watched(alive, browser, 360) as page:
        alive.sign_in(page.context, "waiting")
        page.goto(alive.start.rstrip("/") + alive.house.path("/members/{waiting}/goals"))
        page.get_by_label("In your own words").first.fill("Words that took a whole day.")
        with alive.sessions.begin() as session:
            session.connection().exec_driver_sql("DELETE FROM sign_ins")
        page.get_by_role("button", name="Save").click()
        assert page.get_by_role("heading", name="You were signed out").is_visible()
        with page.context.expect_page() as tab:
            page.get_by_role("link", name="Sign in, in another tab").click()
        tab.value.get_by_label("Mail address").fill("waiting@example.org")
        tab.value.get_by_label("Password").fill(PASSWORD)
        tab.value.get_by_role("button", name="Sign in").click()
        tab.value.get_by_role("heading").first.wait_for()
        page.get_by_role("button", name="Send it again").click()
        page.get_by_text("Saved.").wait_for()
        page.goto(alive.start.rstrip("/") + alive.house.path("/members/{waiting}/goals"))
        assert page.get_by_label("In your own words").first.input_value() == "Words that took a whole day."
