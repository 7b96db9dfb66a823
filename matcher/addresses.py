"""Mail addresses as we keep and compare them."""

import re
import unicodedata

_LONGEST = 254
_ADDRESS = re.compile(r"[^\s@,;:<>()\[\]\\\"]+@[^\s@,;:<>()\[\]\\\"]+\.[^\s@,;:<>()\[\]\\\".]+")


def normalised(address: str) -> str:
    """An address as it is kept and compared: without space around it, in small letters, accents as one sign.

    ``lower`` and not ``casefold``: mail goes to what is kept, and casefold would turn ß into ss, another mailbox.
    """
    small = unicodedata.normalize("NFC", address.strip()).lower()
    return unicodedata.normalize("NFC", small).strip()


def masked(address: str) -> str:
    """An address as coordinators see it: enough to know it again, too little to write to. "" where there is none."""
    name, at, domain = address.rpartition("@")
    return f"{name[:1]}…@{domain[:1]}….{domain.rpartition('.')[2]}" if at else ""


def is_address(address: str) -> bool:
    """Whether mail could go there: one name, one @, a domain, and no sign that would end a header or begin a list."""
    return len(address) <= _LONGEST and address.isprintable() and bool(_ADDRESS.fullmatch(address))
