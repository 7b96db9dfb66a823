"""Every page in a real browser: at several widths, light and dark, with large text and by keyboard alone."""

from contextlib import contextmanager
from pathlib import Path

import axe_playwright_python
import pytest

from tests.browser.stage import PAGES, visit

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf-8")
LARGE_TEXT = "document.documentElement.style.fontSize = '200%'"
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
FOCUS = """() => {
    const at = document.activeElement, look = getComputedStyle(at), box = at.getBoundingClientRect()
    return {
        name: at === document.body ? "" : at.textContent.trim(),
        outline: look.outlineStyle === "none" ? 0 : parseFloat(look.outlineWidth),
        shown: look.clipPath === "none" && box.width > 0 && box.right > 0
            && box.top > -1 && box.bottom < innerHeight + 1,
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
def opened(browser, address, width=1280, scheme="light"):
    """A page that was watched while it opened; whatever it complained of or fetched from elsewhere fails the test."""
    page = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
    complaints = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if is_complaint(page, said) else None)
    page.on("request", lambda asked: complaints.append(asked.url) if is_elsewhere(asked.url, address) else None)
    visit(page, address)
    yield page
    page.close()
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


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 320])
@pytest.mark.parametrize("name", PAGES)
def test_every_page_is_quiet_fits_and_has_no_barrier(name, width, scheme, browser, addresses):
    with opened(browser, addresses[name], width, scheme) as page:
        page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true })")
        assert page.evaluate(SIDEWAYS) == 0
        assert faults(page) == []


@pytest.mark.parametrize("name", PAGES)
def test_every_page_fits_a_small_screen_with_text_twice_as_large(name, browser, addresses):
    with opened(browser, addresses[name], 320) as page:
        page.evaluate(LARGE_TEXT)
        assert page.evaluate(SIDEWAYS) == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_the_keyboard_reaches_everything_and_the_focus_is_always_visible(name, scheme, browser, addresses):
    with opened(browser, addresses[name], 360, scheme) as page:
        reached = []
        for _ in range(page.locator("a, summary").count()):
            page.keyboard.press("Tab")
            wait_until(page, f"({FOCUS})().shown")  # scrolling to it takes a moment
            focus = page.evaluate(FOCUS)
            assert focus["outline"] >= 2, focus
            reached.append(focus["name"])
        assert reached[:3] == ["To the page itself", "Alongside", "Get help now"]
        assert "" not in reached


def test_the_first_link_leads_past_the_header_and_get_help_now_to_its_words(browser, addresses):
    with opened(browser, addresses["pairing"], 360) as page:
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "main"
        page.get_by_role("link", name="Get help now").click()
        assert page.get_by_text("If you are in danger").is_visible()
        wait_until(page, "document.querySelector('#help').getBoundingClientRect().top < innerHeight")


def test_the_picture_is_one_picture_with_a_name_and_its_figures_stand_in_a_table(browser, addresses):
    with opened(browser, addresses["pairing"]) as page:
        assert page.get_by_role("img", name="How many partnerships have how many points").count() == 1
        assert page.get_by_role("row", name="60 to 79").is_visible()


def test_the_mark_is_drawn_in_our_colours(browser, addresses):
    with opened(browser, addresses["welcome"]) as page:
        first, second = page.locator(".mark use").all()
        assert first.bounding_box()["height"] > 40
        assert first.evaluate("each => getComputedStyle(each).color") != second.evaluate(
            "each => getComputedStyle(each).color"
        )


def test_points_open_by_the_keyboard(browser, addresses):
    with opened(browser, addresses["pairing"]) as page:
        page.locator("summary").first.focus()
        page.keyboard.press("Enter")
        assert page.get_by_text("common time").first.is_visible()


def test_on_paper_there_is_nothing_to_click_and_every_point_is_explained(browser, addresses):
    with opened(browser, addresses["pairing"], 760, "dark") as page:
        page.emulate_media(media="print")
        assert not page.get_by_role("navigation").is_visible()
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
        assert page.get_by_text("common time").first.is_visible()


BAD_PAGES = {
    "a script of its own": "<script>1</script>",
    "a style of its own": "<p style='color: red'>",
    "a picture from elsewhere": "<img src='https://elsewhere.example/x.png' alt=''>",
}


@pytest.mark.parametrize("bad", BAD_PAGES.values(), ids=BAD_PAGES.keys())
def test_a_page_that_complains_turns_red(bad, browser, addresses):
    def spoil(route):
        answer = route.fetch()
        route.fulfill(response=answer, body=answer.text().replace("</main>", f"{bad}</main>"))

    page = browser.new_page()
    complaints = []
    page.on("console", lambda said: complaints.append(said.text) if is_complaint(page, said) else None)
    page.route(addresses["welcome"], spoil)
    page.goto(addresses["welcome"])
    page.wait_for_timeout(200)
    page.close()
    assert complaints


def test_a_barrier_and_a_page_too_wide_turn_red(browser, addresses):
    with opened(browser, addresses["welcome"], 320) as page:
        page.evaluate("document.querySelector('main').innerHTML += '<img src=\"\"><pre>' + 'x'.repeat(400)")
        page.evaluate("document.querySelector('pre:last-of-type').style.cssText = 'white-space: pre; max-width: none'")
        page.evaluate("for (const each of document.querySelectorAll('main pre')) each.style.whiteSpace = 'pre'")
        assert page.evaluate(SIDEWAYS) > 0
        assert any(fault.startswith("image-alt") for fault in faults(page))
