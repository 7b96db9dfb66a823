"""A coordinator's first hour on a phone: from the link they were given to the first invitation that somebody opens."""

import email
import email.policy
import json
import re
from contextlib import contextmanager

import pyotp
import pytest

from jobs.deliver import deliver
from jobs.mail.folder import FolderPost
from matcher import invitations
from matcher.settings import Settings
from matcher.spreadsheets.template import TEMPLATE
from tests.rows import NOW

PASSWORD = "seven herons over the weir"
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@contextmanager
def phone(browser, start):
    """A new browser at 360 px; whatever its pages complain of, or fetch from elsewhere, fails the test."""
    context = browser.new_context(viewport={"width": 360, "height": 800})
    page, complaints = context.new_page(), []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
    page.on("request", lambda asked: complaints.append(asked.url) if not asked.url.startswith(start) else None)
    yield page
    context.close()
    assert complaints == []


@pytest.fixture
def founders_link(served):
    with served.sessions.begin() as session:
        return f"{served.start}invitations/{invitations.invite_founder(session, NOW)}"


def heading(page):
    """Of a page that fits."""
    assert page.evaluate(SIDEWAYS) == 0
    return page.get_by_role("heading", level=1).inner_text()


def press(page, name):
    with page.expect_navigation():
        page.get_by_role("button", name=name).click()


def follow(page, name):
    with page.expect_navigation():
        page.get_by_role("main").get_by_role("link", name=name, exact=True).first.click()


def test_from_a_link_to_the_first_invitation(browser, served, founders_link, tmp_path):
    with phone(browser, served.start) as page:
        open_account(page, founders_link)
        turn_second_factor_on(page)
        make_group(page)
        open_it(page)
        try_sheet(page, tmp_path)
        invite(page)
        group = re.search(r"/desk/([\w-]+)", page.url)[1]
    (link,) = mailed_to("farah@example.org", served, tmp_path)
    with phone(browser, served.start) as page:
        page.goto(link)
        assert heading(page) == "You are invited to Anchor"
        assert page.get_by_text("The night line: 0 00 00, from eight").first.is_visible()
        assert page.get_by_label("Mail address").input_value() == ""  # whoever holds the link reads no address
        assert group not in page.content()


@pytest.mark.parametrize("spoilt", ["<img src='http://elsewhere.invalid/x.png'>", "<p style='color: red'>"])
def test_a_phone_that_complains_turns_red(browser, served, spoilt):
    def look():
        with phone(browser, served.start) as page:
            page.goto(served.start)
            page.evaluate(f"document.body.innerHTML = {json.dumps(spoilt)}")
            page.wait_for_timeout(200)

    with pytest.raises(AssertionError, match=r"elsewhere|style"):
        look()


def open_account(page, link):
    page.goto(link)
    assert heading(page) == "You are invited to start a group"
    page.get_by_label("Mail address").fill("gale@example.org")
    page.get_by_label("Choose a password").fill(PASSWORD)
    press(page, "Open my account")


def turn_second_factor_on(page):
    assert "/step-up" not in page.url, "the password was typed a moment ago"
    assert heading(page) == "A second factor"
    press(page, "Set it up")
    seed = page.locator("code.seed").inner_text()
    assert page.locator("svg.qr").is_visible()
    page.get_by_label("The six digits").fill(pyotp.TOTP(seed).at(NOW))
    press(page, "Turn it on")
    assert heading(page) == "The second factor is on"
    recovery = page.locator(".recovery code").all_inner_texts()
    assert len(set(recovery)) == 10
    follow(page, "I have kept them")


def make_group(page):
    assert heading(page) == "Your groups"
    follow(page, "Make a group")
    page.get_by_label("The name of the group").fill("Anchor")
    page.get_by_label("Its clock").select_option("Europe/Berlin")
    press(page, "Make it")
    assert page.get_by_text("Anchor is made. It opens once it has crisis lines.").is_visible()


def open_it(page):
    assert heading(page) == "Whom can members call?"
    page.get_by_label("Name").first.fill("The night line")
    page.get_by_label("How to reach it").first.fill("0 00 00, from eight")
    page.get_by_label("Look at them again on").fill("2026-09-01")
    press(page, "Save")
    assert heading(page) == "Anchor"
    press(page, "Open the group")
    assert page.get_by_text("Anchor is open. Its nights begin.").is_visible()
    assert page.get_by_text("The next pairing is on Sunday 18 January at 03:30 (Europe/Berlin).").is_visible()


def try_sheet(page, folder):
    (folder / "people.csv").write_text(TEMPLATE, "utf-8")
    follow(page, "Try a sheet")
    page.get_by_label("A CSV file").set_input_files(folder / "people.csv")
    press(page, "See the pairing")
    assert heading(page) == "10 of 12 people have a partner"
    assert page.get_by_role("heading", name="Amina and Eun-ji").is_visible()
    assert page.get_by_text("nothing was sent").is_visible()
    follow(page, "Invite these people")


def invite(page):
    assert heading(page) == "Invite people"
    page.get_by_label("Or the addresses").fill("elias@example.org\nfarah@example.org\nno address")
    press(page, "Look at the list")
    assert heading(page) == "2 people to invite"
    assert page.get_by_text("Row 3").is_visible()
    press(page, "Send 2 invitations")
    assert page.get_by_text("2 invitations will go out").is_visible()
    cards = page.locator(".card").all_inner_texts()
    assert [card.split()[0] for card in cards] == ["f…@e….org", "e…@e….org"]


def mailed_to(address, served, folder):
    """The links in the mails that the clock would have written by now."""
    start = served.start.rstrip("/")
    settings = Settings(mail_folder=folder / "mails", address=start, smtp_host="")
    deliver(served.sessions, FolderPost(settings.mail_folder), settings, lambda: NOW)
    letters = [
        email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        for path in (folder / "mails").glob("*.eml")
    ]
    texts = [letter.get_content() for letter in letters if letter["To"] == address]
    assert all("Anchor" not in text for text in texts)  # a mail never names a group
    return [found for text in texts for found in re.findall(rf"{start}/invitations/\S+", text)]
