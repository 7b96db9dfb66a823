"""What stands in the forms of a page: what was typed, and what is said of it beside its field."""

import re
from collections.abc import Mapping
from xml.etree.ElementTree import Element

from werkzeug.test import TestResponse

from tests.web.filled import UNSEEN
from tests.web.pages import parsed, words_in
from tests.web.visits import BASE, Visit, checked

_TOKEN = re.compile(r'(name="csrf_token" value=")[^"]+')


def slips(answer: TestResponse) -> dict[str, str]:
    """The sentence beside each field, by the field's name; "" for what is said of the whole form."""
    tree = parsed(answer)
    beside = {each.get("id"): words_in(each) for each in tree.iter("p") if each.get("class") == "slip"}
    found = {id_.removesuffix("-slip"): words for id_, words in beside.items() if id_}
    for each in tree.iter("div"):
        if each.get("class") == "slips":
            items = [item for item in each.iter("li") if item.find("a") is None]
            if items:
                found[""] = " ".join(map(words_in, items))
    return found


def summary_of_slips(answer: TestResponse) -> dict[str, str]:
    """What the list at the head of the page says, by where its links lead."""
    found = {}
    for item in parsed(answer).iter("li"):
        link = item.find("a")
        if link is not None and words_in(item).startswith(f"{words_in(link)}: "):
            found[(link.get("href") or "").lstrip("#")] = words_in(item)
    return found


def typed(answer: TestResponse) -> dict[str, str | list[str] | bool]:
    """What a browser would send of the fields of a page, by their names; ticked boxes of one name as a list."""
    found: dict[str, str | list[str] | bool] = {}
    for each in parsed(answer).find("body").iter():
        name = each.get("name")
        if name and name not in UNSEEN:
            _take(found, name, each)
    return found


def _take(found: dict[str, str | list[str] | bool], name: str, each: Element) -> None:
    if each.tag == "textarea":
        found[name] = (each.text or "").removeprefix("\n")
    elif each.tag == "select":
        chosen = [option for option in each.iter("option") if option.get("selected") is not None]
        found[name] = chosen[0].get("value") or "" if chosen else ""
    elif each.get("type") == "checkbox":
        if each.get("checked") is not None:
            there = found.setdefault(name, [])
            assert isinstance(there, list)
            there.append(each.get("value") or "")
    elif each.tag == "input":
        found[name] = each.get("value") or ""


def without_tokens(answer: TestResponse) -> str:
    """A page but for what makes its forms ours."""
    return _TOKEN.sub(r"\1", answer.text)


def kept(sent: Mapping[str, object], answer: TestResponse) -> dict[str, object]:
    """What was sent and does not stand in the page any more."""
    there = typed(answer)
    return {name: there.get(name) for name, value in sent.items() if there.get(name, []) != value}


def send_file(browser: Visit, path: str, content: bytes, name: str = "people.csv", **fields: str) -> TestResponse:
    """Send a form with a file as a browser does. The test client's own way leaves files open behind large ones."""
    mark, lines = "----a-line-between", []
    for field, text in {"csrf_token": browser.form_token(), **fields}.items():
        lines += [f"--{mark}", f'Content-Disposition: form-data; name="{field}"', "", text]
    lines += [f"--{mark}", f'Content-Disposition: form-data; name="sheet"; filename="{name.replace(chr(34), "%22")}"']
    lines += ["Content-Type: text/csv", "", ""]
    body = "\r\n".join(lines).encode() + content + f"\r\n--{mark}--\r\n".encode()
    kind = f"multipart/form-data; boundary={mark}"
    headers = {"Sec-Fetch-Site": "same-origin"}
    return checked(browser.client.post(path, data=body, content_type=kind, base_url=BASE, headers=headers))
