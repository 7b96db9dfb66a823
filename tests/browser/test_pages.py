"""Every page in a real browser: at several widths, light and dark, with large text and by keyboard alone."""

from contextlib import contextmanager
from pathlib import Path

import axe_playwright_python
import pytest

from matcher import accounts, sign_ins
from tests.browser.stage import PAGES, visit
from tests.rows import NOW
from web.security import NEUTRAL_PLACE

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf-8")
LARGE_TEXT = "document.documentElement.style.fontSize = '200%'"
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
FOCUS = """() => {
    const at = document.activeElement, look = getComputedStyle(at), box = at.getBoundingClientRect()
    return {
        name: at === document.body ? "" : at.textContent.trim(),
        outline: look.outlineStyle === "none" ? 0 : parseFloat(look.outlineWidth),
        shown: look.clipPath === "none" && box.width > 0 && box.right > 0
            && box.top < innerHeight && box.bottom > 0,
        over: at === document.body,
    }
}"""


def wait_until(page, condition):
    """Ask again and again from outside: the page itself may evaluate nothing, its policy forbids it."""
    for _ in range(100):
        if page.evaluate(condition):
            return
        page.wait_for_timeout(50)
    pytest.fail(f"still not so after five seconds: {condition}")


@contextmanager
def opened(served, browser, name, width=1280, scheme="light", **more):
    """A page that was watched while it opened; whatever it complained of or fetched from elsewhere fails the test."""
    with watched(served, browser, width, scheme, **more) as page:
        served.let_in(page.context, name)
        visit(page, served.address(name))
        yield page


@contextmanager
def watched(served, browser, width=360, scheme="light", **more):
    """A browser of its own, watched as long as it is used."""
    context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme, **more)
    page = context.new_page()
    complaints = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if is_complaint(page, said) else None)
    page.on("request", lambda asked: complaints.append(asked.url) if is_elsewhere(asked.url, served.start) else None)
    yield page
    context.close()
    assert complaints == []


def is_complaint(page, said):
    """A page of an error is an error itself, which is what we asked for."""
    own_status = said.text.startswith("Failed to load resource") and said.location["url"] == page.url
    return said.type in ("error", "warning") and not own_status


def is_elsewhere(url, address):
    return url.split("/")[:3] != address.split("/")[:3]


def faults(page):
    page.evaluate(AXE)
    found = page.evaluate("axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice']})")
    return [f"{each['id']}: {each['nodes'][0]['html']}" for each in found["violations"]]


def expect_fit(page):
    """Nothing to complain of: no barrier that axe knows, and no scrolling sideways."""
    page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true })")
    assert page.evaluate(SIDEWAYS) == 0, page.url
    assert faults(page) == [], page.url


@pytest.mark.parametrize("name", PAGES)
def test_every_page_is_quiet_fits_and_has_no_barrier(name, browser, served):
    """On a phone in daylight, on a desk at night, on the narrowest phone, and there with text twice as large."""
    with opened(served, browser, name, 360) as page:
        expect_fit(page)
        if not name.startswith("hours-told"):  # axe looks at each of 672 quarter-hours, for a quarter of a minute
            page.set_viewport_size({"width": 1280, "height": 800})
            page.emulate_media(color_scheme="dark")
            expect_fit(page)
        page.set_viewport_size({"width": 320, "height": 800})
        assert page.evaluate(SIDEWAYS) == 0
        page.evaluate(LARGE_TEXT)
        assert page.evaluate(SIDEWAYS) == 0


SLIPS = ["sign-in", "invitation", "rules", "name", "goals", "hours", "password", "new-group", "crisis-lines", "sheet"]


@pytest.mark.parametrize("name", SLIPS)
def test_a_page_that_says_what_is_wrong_has_no_barrier_either(name, browser, served):
    """All that was filled in is taken out and sent: the list of slips has the focus, and leads to each field."""
    with opened(served, browser, name, 360) as page:
        page.evaluate("document.querySelectorAll('main input:not([type=hidden])').forEach(each => { each.value = '' })")
        page.locator("main .acts button:not(.quiet)").last.click()
        page.get_by_role("alert").first.wait_for()
        wait_until(page, "document.activeElement.id === 'slips'")
        expect_fit(page)
        page.set_viewport_size({"width": 1280, "height": 800})
        page.emulate_media(color_scheme="dark")
        expect_fit(page)


REACHED = "a, summary, button, input:not([type=hidden]), select, textarea, [tabindex='0']"


@pytest.mark.parametrize("name", ["welcome", "sign-in", "goals-told", "experiences", "settings", "group", "people"])
def test_the_keyboard_reaches_everything_and_the_focus_is_always_visible(name, browser, served):
    with opened(served, browser, name, 360) as page:
        there = page.locator(REACHED).evaluate_all("all => all.filter(each => each.checkVisibility()).length")
        seen = []
        for _ in range(there):
            page.keyboard.press("Tab")
            if page.evaluate(FOCUS)["over"]:  # of several circles Tab reaches one
                break
            wait_until(page, f"({FOCUS})().shown")  # scrolling to it takes a moment
            focus = page.evaluate(FOCUS)
            assert focus["outline"] >= 2, focus
            seen.append(focus["name"])
        assert seen[0] == "To the page itself"
        assert "Get help now" in seen


def test_the_first_link_leads_past_the_header_and_get_help_now_to_its_words(browser, served):
    with opened(served, browser, "last-night", 360) as page:
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "main"
        page.get_by_role("link", name="Get help now").click()
        assert page.get_by_text("If you are in danger").is_visible()
        wait_until(page, "document.querySelector('#help').getBoundingClientRect().top < innerHeight")


def test_the_picture_is_one_picture_with_a_name_and_its_figures_stand_in_a_table(browser, served):
    with opened(served, browser, "last-night") as page:
        assert page.get_by_role("img", name="How many partnerships have how many points").count() == 1
        assert page.get_by_role("row").count() > 3


def test_the_mark_is_drawn_in_our_colours(browser, served):
    with opened(served, browser, "welcome") as page:
        first, second = page.locator(".mark use").all()
        assert first.bounding_box()["height"] > 40
        assert first.evaluate("each => getComputedStyle(each).color") != second.evaluate(
            "each => getComputedStyle(each).color"
        )


def test_on_paper_there_is_nothing_to_click_and_every_point_is_explained(browser, served):
    with opened(served, browser, "last-night", 760, "dark") as page:
        page.emulate_media(media="print")
        assert not page.get_by_role("navigation").first.is_visible()
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
        assert page.get_by_text("common time").first.is_visible()


# Leaving at once


@pytest.mark.parametrize("way", ["button", "keys", "without a script"])
def test_leaving_shows_nothing_at_once_signs_out_and_back_shows_nothing(way, browser, served):
    context = browser.new_context(java_script_enabled=way != "without a script")
    with served.sessions.begin() as session:
        account = accounts.of_address(session, "leaving@example.org")
        served.house.tokens["leaving"] = sign_ins.begin(session, account, NOW)
    served.sign_in(context, "leaving")
    page = context.new_page()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{served.start}today")
    if way == "keys":
        for _ in range(3):
            page.keyboard.press("Shift")
    else:
        page.get_by_role("button", name="Leave now").click()
    for _ in range(100):
        if NEUTRAL_PLACE in asked and not page.url.startswith(served.start):
            break
        page.wait_for_timeout(50)
    assert NEUTRAL_PLACE in asked
    assert "Today" not in page.content()
    page.goto(f"{served.start}today")
    assert "sign-in" in page.url
    context.close()


BAD_PAGES = {
    "a script of its own": "<script>1</script>",
    "a style of its own": "<p style='color: red'>",
    "a picture from elsewhere": "<img src='https://elsewhere.example/x.png' alt=''>",
}


@pytest.mark.parametrize("bad", BAD_PAGES.values(), ids=BAD_PAGES.keys())
def test_a_page_that_complains_turns_red(bad, browser, served):
    def spoil(route):
        answer = route.fetch()
        route.fulfill(response=answer, body=answer.text().replace("</main>", f"{bad}</main>"))

    page = browser.new_page()
    complaints = []
    page.on("console", lambda said: complaints.append(said.text) if is_complaint(page, said) else None)
    page.route(served.address("welcome"), spoil)
    page.goto(served.address("welcome"))
    page.wait_for_timeout(200)
    page.close()
    assert complaints


def test_a_barrier_and_a_page_too_wide_turn_red(browser, served):
    with opened(served, browser, "welcome", 320) as page:
        page.evaluate("document.querySelector('main').innerHTML += '<img src=\"\"><pre>' + 'x'.repeat(400)")
        page.evaluate("document.querySelector('pre:last-of-type').style.cssText = 'white-space: pre; max-width: none'")
        page.evaluate("for (const each of document.querySelectorAll('main pre')) each.style.whiteSpace = 'pre'")
        assert page.evaluate(SIDEWAYS) > 0
        assert any(fault.startswith("image-alt") for fault in faults(page))
