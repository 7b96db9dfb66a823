"""Every kind has its words, and no mail tells anything about anybody."""

import ast
from datetime import UTC, date, datetime
from pathlib import Path
from string import Template

import pytest

from jobs.mail.letters import KINDS, TEMPLATES, LetterError, compose, day_in_words, render
from matcher.models import Goal, Message
from matcher.outbox import tell
from matcher.states import LinkUse
from tests.rows import NOW, make_group, make_member

ROOT = Path(__file__).parents[3]
DAYS = {
    "answer_by": "2026-01-15",
    "next_pairing": "2026-01-18",
    "last_day": "2026-01-27",
    "erase_at": "2026-01-21T12:00:00+00:00",
}
LINKS = [kind for kind in KINDS if kind.startswith("link_")]
ADDRESS = "https://pairs.example.org"


def texts():
    return {path.stem: path.read_text("utf-8") for path in TEMPLATES.iterdir()}


def test_every_kind_has_a_template_and_every_template_a_kind():
    assert set(KINDS) == set(texts())


def test_a_template_names_the_days_of_its_kind_and_the_address_and_nothing_else():
    for kind, text in texts().items():
        assert Template(text).is_valid(), kind
        assert set(Template(text).get_identifiers()) == {*KINDS[kind], "address"}, kind


def test_every_kind_the_domain_tells_by_mail_has_a_template():
    told = [
        (path.name, call.args[2].value)
        for path in (ROOT / "matcher").rglob("*.py")
        for call in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(call, ast.Call) and ast.unparse(call.func).rpartition(".")[2] == "tell"
        if len(call.args) > 2 and isinstance(call.args[2], ast.Constant)
        if not any(option.arg == "mail" and ast.unparse(option.value) == "False" for option in call.keywords)
    ]
    assert [each for each in told if each[1] not in KINDS] == []


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("values", [DAYS, {}, dict.fromkeys(DAYS)], ids=["all days", "no days", "empty days"])
def test_each_kind_renders_with_and_without_its_days(kind, values):
    subject, body = render(kind, values, "Europe/London", ADDRESS)
    assert 0 < len(subject) < 60
    assert body.startswith("Hello,\n")
    assert body.count(ADDRESS) == 1
    assert "None" not in body
    assert "$" not in subject + body


def test_every_use_of_a_link_has_its_mail():
    assert [f"link_{use.name.lower()}" for use in LinkUse] == LINKS


@pytest.mark.parametrize("kind", LINKS)
def test_a_link_is_made_on_the_way_out_and_its_mail_leads_nowhere_else(kind, settings):
    message = Message(key="link:1", kind=kind, values={"link_id": 1}, made_at=NOW)
    mail = compose(message, "ada@example.org", "UTC", settings, NOW, token="a-token").mail
    place = kind.removeprefix("link_").replace("_", "-")
    assert f"\nhttps://pairs.example.org/{place}/a-token\n" in mail.get_content()
    assert mail.get_content().count("a-token") == 1
    assert "a-token" not in str(mail.items())


def test_an_invitation_says_where_it_leads_until_when_and_that_nothing_need_be_done(settings):
    message = Message(key="invitation:1", kind="invitation", values={"last_day": "2026-01-27"}, made_at=NOW)
    mail = compose(message, "ada@example.org", "UTC", settings, NOW, token="a-token").mail
    assert mail["Subject"] == "An invitation is waiting for you"
    assert "\nhttps://pairs.example.org/invitations/a-token\n" in mail.get_content()
    assert "works to the end of Tuesday 27 January." in mail.get_content()
    assert "If you do not know what this is, do nothing" in mail.get_content()


def test_a_day_stands_in_words():
    assert "by the end of Thursday 15 January." in render("proposal", DAYS, "Europe/London", ADDRESS)[1]
    assert "first in the pairing on Sunday 18 January." in render("closed", DAYS, "Europe/London", ADDRESS)[1]
    assert "first in the next pairing." in render("closed", {}, "Europe/London", ADDRESS)[1]
    assert "It happens on Wednesday 21 January and" in render("erasure_asked", DAYS, "Europe/London", ADDRESS)[1]
    assert day_in_words(date(2026, 2, 1)) == "Sunday 1 February"


def test_a_moment_is_the_day_it_is_for_its_reader():
    late = {"answer_by": datetime(2026, 1, 15, 14, 59, tzinfo=UTC).isoformat()}
    assert "Thursday 15 January" in render("reminder", late, "Asia/Tokyo", ADDRESS)[1]
    later = {"answer_by": datetime(2026, 1, 15, 15, 1, tzinfo=UTC).isoformat()}
    assert "Friday 16 January" in render("reminder", later, "Asia/Tokyo", ADDRESS)[1]


@pytest.mark.parametrize("value", ["tomorrow", 5, ["2026-01-15"]])
def test_what_is_no_date_is_refused_without_being_repeated(value):
    with pytest.raises(LetterError, match=r"^Its answer_by is no date\.$"):
        render("proposal", {"answer_by": value}, "Europe/London", ADDRESS)


def test_a_kind_without_a_template_is_refused():
    with pytest.raises(LetterError, match="no template"):
        render("../../settings", {}, "Europe/London", ADDRESS)


def test_nothing_about_a_member_or_their_group_is_in_any_mail(sessions, settings):
    canaries = {"name": "canaryname", "wishes": [["canarywish"]], "about_me": {"canarytrait": "canaryvalue"}}
    with sessions.begin() as session:
        group = make_group(session, name="canarygroup")
        goals = [Goal(area="canaryarea", words="canarygoal", tag="canarytag")]
        member = make_member(session, group, goals=goals, **canaries)
        for kind in KINDS:
            assert tell(session, member, kind, "night:7", NOW, DAYS | {"partner": "canaryid"})
        session.flush()
        for message in session.query(Message):
            mail = compose(message, member.account.address, member.zone, settings, NOW).mail
            said = mail.as_string().lower()
            assert "canary" not in said
            assert member.public_id.lower() not in said
            assert message.key.lower() not in said


def test_the_headers_are_these_and_no_others(letter):
    assert dict(letter.mail.items()) == {
        "From": "A <a@example.org>",
        "To": "ada@example.org",
        "Subject": "There is something for you to answer",
        "Date": "Wed, 14 Jan 2026 12:00:00 +0000",
        "Message-ID": letter.mail["Message-ID"],
        "Auto-Submitted": "auto-generated",
        "MIME-Version": "1.0",
        "Content-Type": 'text/plain; charset="utf-8"',
        "Content-Transfer-Encoding": "quoted-printable",
    }


def test_the_same_message_has_the_same_id_whenever_it_is_made(settings):
    def made(key, now):
        message = Message(key=key, kind="started", values={}, made_at=NOW)
        letter = compose(message, "ada@example.org", "UTC", settings, now)
        return letter.mail["Message-ID"], letter.name

    assert made("one", NOW) == made("one", datetime(2026, 3, 1, tzinfo=UTC)) != made("two", NOW)
    assert made("one", NOW)[0].endswith("@example.org>")
    assert made("one", NOW)[1].startswith("2026-01-14-started-")


@pytest.mark.parametrize(
    "address",
    ["a@x.org, b@x.org", "a@x.org\r\nBcc: b@x.org", "a@x.org\u2028b", "Ada <a@x.org>", "a b@x.org", "a", "@", "a@b@c"],
)
def test_what_is_not_one_address_gets_no_mail(settings, address):
    message = Message(key="one", kind="started", values={}, made_at=NOW)
    with pytest.raises(LetterError, match="one mail address"):
        compose(message, address, "UTC", settings, NOW)
