"""A sheet of forty invented people, as a coordinator might have it. Nobody in it exists."""

import csv
import io
from random import Random

# fmt: off
_NAMES = (
    "Abena", "Adil", "Agnes", "Akira", "Alma", "Anton", "Beatriz", "Bilal", "Carys", "Chiara", "Dafydd", "Deniz",
    "Edith", "Elif", "Emeka", "Fatou", "Fergus", "Gita", "Hamid", "Ines", "Isla", "Jonas", "Kavita", "Kofi", "Leila",
    "Lorcan", "Mairi", "Mateus", "Nadia", "Nils", "Oona", "Padma", "Quentin", "Ravi", "Rosa", "Samuel", "Tomasz",
    "Uma", "Vera", "Yusuf",
)
# fmt: on
_ZONES = ("Europe/London",) * 8 + ("Europe/Dublin", "Europe/Lisbon")
_LANGUAGES = ("English",) * 6 + ("English; Welsh", "English; Polish", "English; Urdu", "Portuguese; English")
_GOALS = (
    "health: running",
    "health: sleep",
    "health: no smoking",
    "learning: driving test",
    "learning: Spanish",
    "work: new job",
    "work: less overtime",
    "home: one room a week",
    "art: a song a month",
    "people: call my brother",
)
_HOURS = (
    "Mon evening",
    "Tue 18:00-20:30",
    "Wed 19-21",
    "Thu evening",
    "Sat morning",
    "Sun afternoon",
    "weekdays 12:30-13:30",
    "Mon 7-8; Wed 7-8; Fri 7-8",
    "Tue, Thu 10-12",
    "Sun 17:00-19:00",
    "Fri 20:00-23:00",
)
_EXPERIENCES = (
    "",
    "",
    "carer (in the thick of it)",
    "carer (looking back)",
    "grief (steadier)",
    "burnout (steadier)",
    "burnout (in the thick of it)",
    "new parent (steadier)",
)


def invented_sheet(chance: Random) -> str:
    """A sheet of forty invented people as CSV, the same for the same seed."""
    text = io.StringIO()
    rows = [_person(chance, name) for name in _NAMES]
    sheet = csv.DictWriter(text, rows[0], lineterminator="\n")
    sheet.writeheader()
    sheet.writerows(rows)
    return text.getvalue()


def _person(chance: Random, name: str) -> dict[str, str]:
    writing = chance.random() < 0.08
    return {
        "name": name,
        "zone": chance.choice(_ZONES),
        "languages": chance.choice(_LANGUAGES),
        "goals": "; ".join(chance.sample(_GOALS, chance.choice((1, 1, 2)))),
        "availability": chance.choice(_HOURS),
        "writing": "yes" if writing else "no",
        "experiences": chance.choice(_EXPERIENCES),
        "support_style": chance.choice(("gentle", "firm", "")),
        "channels": chance.choice(("phone", "video", "text", "phone; text")),
        "rhythm": chance.choice(("weekly", "weekly", "twice a week")),
        "welcomes_three": chance.choice(("yes", "no")),
        "age": str(chance.randint(19, 76)),
    }
