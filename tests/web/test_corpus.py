"""CORPUS: whatever is typed into a field, the answer keeps exactly that, or says what is wrong and keeps the rest.

One case of each class on every push; all of them by `python3 dev.py check corpus`.
"""

import re
import unicodedata
from dataclasses import dataclass
from html.parser import HTMLParser

import pytest

from matcher.models import Counter
from matcher.spreadsheets.cells import languages_in, text_in
from tests.corpus import CASES, WHOLE
from tests.house import PAGES, PASSWORD
from tests.web.visits import ON_BOTH
from web.security import LIMITS

MEMBER = "/members/{waiting}"
GROUP = "/desk/{group}"
GOAL = {f"goals-0-{name}": value for name, value in {"area": "sleep", "words": "To sleep again"}.items()}
GOAL |= {
    "goals-0-visibility": "my partner, once we all said yes",
    "goals-0-milestones": "One step",
    "goals-0-if_this": "I tire",
}
GOAL |= {"goals-0-then_that": "I rest", "goals-0-id": ""}
STRETCH = {"hours-0-day": "0", "hours-0-begins": "600", "hours-0-ends": "660"}
EXPERIENCE = {"experiences-0-word": "grief", "experiences-0-stage": "steadier"}
EXPERIENCE |= {"experiences-0-visibility": "to find my partner, shown to nobody", "agrees": "y"}
EXPERIENCE |= {f"experiences-{n}-visibility": "only me" for n in (1, 2)} | {
    f"experiences-{n}-stage": "" for n in (1, 2)
}
SETTLED = {"name": "Side by Side", "zone": "Europe/London", "pairing_days": "Sun", "pairing_hour": "03:30"}
SETTLED |= {"first_pairing_on": "2027-01-01", "answer_days": "3", "promise_nights": "14", "house_rules": "Be on time."}
LINES = {"crisis_lines-0-name": "The line", "crisis_lines-0-reach": "By day", "review_on": "2027-05-01"}


@dataclass(frozen=True)
class Asked:
    """One form: who fills it, where it is sent, and what fits into it. ``where`` it stands, if that is another page."""

    who: str
    act: str
    fits: dict[str, str]
    where: str = ""


FORMS = {
    "rules": Asked("waiting", f"{MEMBER}/rules", {"is_adult": "y", "to_rules": "y", "to_pairing": "y"}),
    "name": Asked("waiting", f"{MEMBER}/name", {"name": "Ada", "zone": "Europe/London", "languages": "English"}),
    "goals": Asked("waiting", f"{MEMBER}/goals", GOAL),
    "hours": Asked("waiting", f"{MEMBER}/hours", {"parts": "0-morning", "writing_is_enough": "y"} | STRETCH),
    "experiences": Asked("waiting", f"{MEMBER}/experiences", EXPERIENCE),
    "support": Asked(
        "waiting",
        f"{MEMBER}/support",
        {
            "support_style": "gentle",
            "channels": "phone",
            "rhythm": "weekly",
            "card": "Ask me twice.",
            "welcomes_three": "y",
        },
    ),
    "wishes": Asked(
        "waiting",
        f"{MEMBER}/wishes",
        {
            "traits-0-trait": "gender",
            "traits-0-own": "woman",
            "traits-0-accepted": "woman",
            "traits-0-how_much": "nice",
        },
    ),
    "notices": Asked(
        "waiting", f"{MEMBER}/notices", {"topics": "partner", "quiet_from": "21:00", "quiet_until": "08:00"}
    ),
    "rest": Asked("waiting", f"{MEMBER}/rest", {"weeks": "2"}),
    "sign-in": Asked(
        "", "/sign-in", {"address": "x@example.org", "password": "not this one", "code": "1", "next": "/today"}
    ),
    "sign-up": Asked("", "/sign-up", {"address": "x@example.org"}),
    "forgotten": Asked("", "/forgotten", {"address": "x@example.org"}),
    "invitation": Asked("", "/invitations/{invitation}", {"address": "x@example.org", "password": "short"}),
    "reset": Asked("", "/reset/{reset}", {"password": "short", "again": "short"}),
    "step-up": Asked("waiting", "/step-up", {"password": "wrong", "code": "1", "next": "/today"}),
    "address": Asked("waiting", "/settings/address", {"address": "x@example.org"}),
    "password": Asked("waiting", "/settings/password", {"old": "wrong", "password": "short", "again": "short"}),
    "join": Asked("waiting", "/settings/join", {"link": "https://localhost/invitations/x"}, "/settings"),
    "code": Asked("waiting", "/settings/second-factor/confirm", {"code": "1"}, "/settings/second-factor"),
    "new group": Asked("founder", "/desk/new", {"name": "Side by Side", "zone": "Europe/London"}),
    "settings": Asked("coordinator", f"{GROUP}/settings", SETTLED),
    "lines": Asked("coordinator", f"{GROUP}/lines", LINES),
    "words": Asked(
        "coordinator", f"{GROUP}/words", {"area": "sleep", "experience": "grief", "trait": "gender: woman, man"}
    ),
    "link": Asked("coordinator", f"{GROUP}/invitations/link", {"address": "x@example.org"}, f"{GROUP}/invitations"),
    "look": Asked("coordinator", f"{GROUP}/invitations/look", {"addresses": "x@example.org"}, f"{GROUP}/invitations"),
    "send": Asked("coordinator", f"{GROUP}/invitations/send", {"addresses": "x@example.org"}, f"{GROUP}/invitations"),
}
NEVER_SHOWN = {"password", "again", "old", "code", "link", "next", "csrf_token", "goals-0-id", "addresses"}
"""Secrets, and what is used up by sending it."""
HIDDEN = {"next", "goals-0-id", "traits-0-trait"}
"""What nobody types: who changes it loses what hangs on it, and nothing else happens."""


class Held(HTMLParser):
    """What the fields of a page hold, by their names: of boxes and circles what is ticked."""

    def __init__(self, page):
        super().__init__()
        self.fields: dict[str, list[str]] = {}
        self._name = ""
        self._words: list[str] | None = None
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        at = dict(attributes)
        if tag == "select":
            self._name = at.get("name", "")
            self.fields.setdefault(self._name, [])
        elif tag == "option" and "selected" in at:
            self.fields[self._name].append(at.get("value") or "")
        elif tag == "textarea":
            self._name, self._words = at.get("name", ""), []
        elif tag == "input" and "name" in at and (at.get("type") not in ("checkbox", "radio") or "checked" in at):
            self.fields.setdefault(at["name"], []).append(at.get("value") or "")

    def handle_data(self, words):
        if self._words is not None:
            self._words.append(words)

    def handle_endtag(self, tag):
        if tag == "textarea":
            self.fields.setdefault(self._name, []).append(
                "".join(self._words or []).removeprefix("\r\n").removeprefix("\n")
            )
            self._words = None


def held(page):
    return Held(page).fields


def alike(text):
    """A text as our fields may keep it: composed, small letters where they say so, spaces as one, none at the ends."""
    unseen = "".join(sign for sign in text if unicodedata.category(sign) not in ("Cc", "Cf") or sign in "\r\n\t")
    return " ".join(unicodedata.normalize("NFKC", unseen).casefold().split())


def sorted_lines(text):
    return sorted({line for line in map(alike, re.split(r"[\r\n\v\f\x1c-\x1e\x85\u2028\u2029;,/&]", text)) if line})


def number_in(text):
    """The whole number that a text is, in whatever digits."""
    return int(text) if re.fullmatch(r"\s*[+-]?\d{1,9}\s*", text) else None


def tried(visit, visits, form, name, case):
    """Send a form with one odd field; what is wrong with the answer, as a sentence, or ""."""
    answer = visit.post(visits.path(form.act), form.fits | {name: case})
    if answer.status_code == 413 and len(case.encode()) >= LIMITS["MAX_FORM_MEMORY_SIZE"]:
        return ""  # more than a form may hold is not read, and its page says so
    if answer.status_code in (404, 410, 429):
        return "" if form.act in ("/settings/join",) or answer.status_code == 410 else f"{answer.status_code}"
    if answer.status_code >= 500 or answer.status_code not in (200, 303, 422, 409):
        return f"{answer.status_code}"
    if answer.status_code == 422:
        there = held(answer.text)
        lost = (
            []
            if name in HIDDEN
            else [
                key
                for key, value in form.fits.items()
                if key != name and key not in NEVER_SHOWN and value not in there.get(key, [])
            ]
        )
        return f"lost {lost}" if lost else ""
    if (
        name in NEVER_SHOWN
        or answer.status_code == 200
        or form.act.startswith(("/sign", "/forgotten", "/settings", "/desk/new"))
    ):
        return ""
    if name in ("weeks",) or form.act.endswith("/link"):
        return ""
    shown = held(visit.get(visits.path(form.where or form.act)).text).get(name, [])
    if name.startswith("hours-") and not shown:
        return ""  # a stretch that fits into another one is part of it
    if name == "languages":
        return "" if languages_in("; ".join(shown)) == languages_in(case) else f"changed into {shown!r}"
    kept = any(alike(each) == alike(case) or sorted_lines(each) == sorted_lines(case) for each in shown)
    kept = kept or any(number_in(each) == number_in(case) is not None for each in shown)
    is_nothing = not alike(case) or (not text_in(case) and not any(map(alike, shown)))  # as a dash, and "none"
    return "" if kept or is_nothing else f"changed into {shown!r}"


def wrong_of(visits, rows, form, cases, turn=0):
    """What goes wrong. On each kind of database every other case of a field, so that both see all classes."""
    visit = visits.by(form.who)
    found = {}
    for field, name in enumerate(form.fits):
        for case_id, case in list(cases.items())[(field + turn) % 2 :: 2]:
            with rows.begin() as session:
                session.query(Counter).delete()
            if wrong := tried(visit, visits, form, name, case):
                found[f"{name}: {case_id}: {case[:40]!r}"] = wrong
    return found


def turn_of(rows):
    return int(rows.kw["bind"].dialect.name == "sqlite")


@ON_BOTH
@pytest.mark.parametrize("name", FORMS)
def test_every_field_keeps_what_is_typed_or_says_what_is_wrong_and_keeps_the_rest(visits, rows, name):
    assert wrong_of(visits, rows, FORMS[name], CASES, turn_of(rows)) == {}


@pytest.mark.corpus
@ON_BOTH
@pytest.mark.parametrize("name", FORMS)
def test_the_whole_corpus(visits, rows, name):
    assert len(WHOLE) > 700
    assert wrong_of(visits, rows, FORMS[name], WHOLE, turn_of(rows)) == {}


_ID = re.compile(r"(?<=/)[A-Za-z0-9_-]{20,}(?=/|$)")


def test_every_form_that_takes_words_is_tried(visits):
    """A form that a page shows and that nobody tries is one that nobody has thought about."""
    acts = {_ID.sub("…", visits.path(form.act)) for form in FORMS.values()}
    acts |= {"/confirm/…", "/take-back/…"}  # as /reset/…
    acts |= {"/desk/…/sheet"}  # a file alone: see test_desk_sheet
    for who, path in PAGES.values():
        page = visits.by(who).get(visits.path(path)).text
        for act, body in re.findall(r'<form novalidate method="post" action="([^"]+)"[^>]*>(.*?)</form>', page, re.S):
            fields = re.findall(r"<(?:textarea|select|input)[^>]*>", body)
            if [each for each in fields if 'type="hidden"' not in each]:
                assert _ID.sub("…", act) in acts, act


def test_the_corpus_turns_red(app, visits, rows, monkeypatch):
    form = FORMS["name"]
    monkeypatch.setitem(app.view_functions, "joining.introduce", lambda member_id: ("", 500))
    assert wrong_of(visits, rows, form, {"empty": "", "blank": " "})
    assert PASSWORD not in str(FORMS)


@pytest.mark.parametrize(
    "fields",
    [
        {"name": ["Ada", "Bob"], "zone": "Europe/London", "languages": "English"},
        {"name": "Ada", "zone": ["Europe/London", "UTC"], "languages": "English"},
    ],
)
def test_a_field_that_comes_twice_is_refused(visits, fields):
    answer = visits.by("waiting").post(visits.path(f"{MEMBER}/name"), fields)
    assert answer.status_code == 422
    assert "This was sent twice" in answer.text


def test_names_of_columns_that_are_no_fields_change_nothing(visits, rows):
    from matcher.models import Base, Member

    columns = {column.name: "1" for table in Base.metadata.sorted_tables for column in table.columns}
    with rows() as session:
        member = session.query(Member).filter_by(public_id=visits.house.ids["waiting"]).one()
        before = {column.name: getattr(member, column.name) for column in Member.__table__.columns}
    told = {"name": "Ada", "zone": "Europe/Paris", "languages": "English"}
    visits.by("waiting").post(visits.path(f"{MEMBER}/name"), columns | told)
    with rows() as session:
        member = session.query(Member).filter_by(public_id=visits.house.ids["waiting"]).one()
        after = {column.name: getattr(member, column.name) for column in Member.__table__.columns}
    changed = {name for name in after if after[name] != before[name]}
    assert changed <= {"name", "zone", "languages"}
