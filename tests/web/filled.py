"""A form as a browser holds it: what would be sent if somebody pressed the button, and what is wrong beside a field."""

from tests.web.pages import parsed, words_in

UNSEEN = ("csrf_token", "seen")
"""What the page itself writes into a form, and nobody types."""


def form_of(answer, action=""):
    """The form of the page itself: the one with this action, else the first in it that is more than a button."""
    forms = list(parsed(answer).find(".//main").iter("form"))
    if action:
        return next(each for each in forms if each.get("action") == action)
    return next((each for each in forms if is_filled_in(each)), forms[0])


def is_filled_in(form):
    """Whether there is something to fill in."""
    shown = [each for each in form.iter("input") if each.get("type") != "hidden"]
    return bool(shown or form.find(".//select") is not None or form.find(".//textarea") is not None)


def filled(answer, action=""):
    """What a form of the page would send, by its fields; several of one name as a list. Without what nobody types."""
    sent = {}
    for name, value in fields_in(form_of(answer, action)):
        if name not in UNSEEN:
            sent.setdefault(name, []).append(value)
    return {name: values[0] if len(values) == 1 else values for name, values in sent.items()}


def fields_in(form):
    """Name and value of all that would be sent; a button says nothing."""
    for each in form.iter():
        name, kind = each.get("name"), each.get("type", "text")
        if name is None or each.tag == "button" or each.get("disabled") is not None:
            continue
        if each.tag == "textarea":
            yield name, (each.text or "").removeprefix("\n")
        elif each.tag == "select":
            yield name, chosen(each)
        elif each.tag == "input" and (kind not in ("checkbox", "radio") or each.get("checked") is not None):
            yield name, each.get("value", "on" if kind == "checkbox" else "")


def chosen(select):
    """The value of a select: what is marked, else the first."""
    offered = list(select.iter("option"))
    marked = [each for each in offered if each.get("selected") is not None] or offered[:1]
    return marked[-1].get("value")


def slips(answer):
    """What is said in the box before the form, each a line."""
    box = parsed(answer).find(".//*[@id='slips']")
    return [] if box is None else [words_in(each) for each in box.iter("li")]


def slip_beside(answer, field):
    """What is said beside one field, which says so to a screen reader, too."""
    tree = parsed(answer)
    said = tree.find(f".//*[@id='{field}-slip']")
    assert f"{field}-slip" in tree.find(f".//*[@id='{field}']").get("aria-describedby", "")
    return words_in(said)


def send(visit, path, changes=(), **more):
    """Open a page, change some of its form as somebody would, and press the button. None takes a field away."""
    page = visit.get(path)
    assert page.status_code == 200, (path, page.status_code)
    fields = {name: value for name, value in (filled(page) | dict(changes)).items() if value is not None}
    return visit.post(form_of(page).get("action"), fields, **more)


def told_again(visit, path):
    """What the form of a page holds when it is opened."""
    return filled(visit.get(path))
