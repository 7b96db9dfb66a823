"""`alongside demo`: an invented group of forty, paired before your eyes. Nobody in it exists."""

import csv
import io
import json
import os
import shutil
import sys
from datetime import date
from pathlib import Path
from random import Random

import click

from jobs.night import Order, decide
from jobs.pair import store, write
from jobs.result import result
from jobs.sheet_options import FILE
from jobs.summary import summary

_SEED = 47  # of this group two trios come out, and two who stay over
_ON = date(2026, 1, 12)
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


@click.command()
@click.option("--out", type=FILE, default="demo", show_default=True, metavar="DIR", help="Where to keep what it makes.")
def demo(out: Path) -> None:
    """Invent a group of forty, pair it, and show the result."""
    write(out / "people.csv", _invented_sheet(Random(_SEED)))
    night = decide(Order(people=out / "people.csv", on=_ON))
    store(night, out / "pairs.csv", out / "letters", None)
    write(out / "result.json", json.dumps(result(night.assignment, night.sheet, night.seconds), ensure_ascii=False))
    click.echo("\n".join(summary(night.assignment, night.candidates, night.sheet, night.names)))
    alongside = "alongside" if shutil.which("alongside") else os.path.relpath(sys.argv[0])
    click.echo(
        f"\nAll of it is in {out}: people.csv, pairs.csv, letters, result.json. Look around:\n"
        f"  {alongside} pair {out / 'people.csv'} --on {_ON} --explain Carys\n"
        f"  {alongside} pair {out / 'people.csv'} --on {_ON} --past {out / 'pairs.csv'}\n"
        f"  {alongside} serve {out / 'result.json'}"
    )


def _invented_sheet(chance: Random) -> str:
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
