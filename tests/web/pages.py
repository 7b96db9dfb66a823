"""What a browser makes of an answer."""

import html5lib


def parsed(answer):
    """The page as a tree; any fault in its HTML is an error here."""
    return html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(answer.get_data(as_text=True))


def words_of(answer):
    """All words of a page, as one line."""
    return words_in(parsed(answer).find("body"))


def words_in(element):
    """A cell ends a word, a name inside a sentence does not."""
    return " ".join("".join(pieces(element)).split())


def pieces(element):
    yield element.text or ""
    for each in element:
        yield from pieces(each)
        yield " " if each.tag in {"td", "th", "dt", "dd"} else ""
        yield each.tail or ""


def cards(answer, section):
    """The words of every card under one heading."""
    found = next(each for each in parsed(answer).iter("section") if each.get("aria-labelledby") == section)
    return [words_in(card) for card in found.iter("li") if "card" in (card.get("class") or "").split()]
