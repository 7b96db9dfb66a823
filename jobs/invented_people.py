"""Who is in the invented group: 120 people in ten zones, the same ones for the same seed. Nobody in it exists."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import TypeVar

from matcher.pairing import Window
from matcher.pairing.candidate import Experience, Goal, Wish
from matcher.spreadsheets.cells import experiences_in, goals_in, languages_in
from matcher.spreadsheets.hours import availability_in
from matcher.vocabulary import SupportStyle

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Invented:
    """What an invented person would have told us; ids are random, but only as random as the seed."""

    member_id: str
    name: str
    zone: str
    languages: frozenset[str]
    goals: frozenset[Goal]
    windows: tuple[Window, ...]
    writing_is_enough: bool
    experiences: tuple[Experience, ...]
    lets_use_experiences: bool
    support_style: SupportStyle | None
    channels: frozenset[str]
    rhythm: str
    welcomes_three: bool
    about_me: dict[str, str]
    wishes: tuple[Wish, ...]

    @property
    def address(self) -> str:
        """Where nobody reads: a domain that can never exist."""
        return f"{self.member_id.lower()}@invented.invalid"


@dataclass(frozen=True, slots=True)
class Town:
    """People of one zone: what they speak, some of it oftener than the rest, and what they are called."""

    zone: str
    languages: tuple[str, ...]
    names: str


_ENGLISH = ("English",) * 8
TOWNS = (
    Town(
        "Europe/London",
        (*_ENGLISH, "English; Welsh", "English; Urdu", "English; Polish"),
        "Abena Adil Agnes Alma Bilal Carys Clement Dafydd Edith Emeka Farida Gita Hugh Imogen Isla Jonah Kavita Leila "
        "Mabel Nadia Oona Rhys Rosa Samuel Tariq Una Vera Yusuf",
    ),
    Town(
        "Europe/Dublin",
        (*_ENGLISH, "English; Irish"),
        "Aoife Brendan Ciara Declan Eimear Fergus Gráinne Kevin Lorcan Maeve Niamh Orla Pádraig Sinéad",
    ),
    Town(
        "Europe/Lisbon",
        ("Portuguese; English",) * 5 + ("Portuguese",),
        "Beatriz Duarte Filipa Gonçalo Inês Joana Luísa Mateus Nuno Rita Tiago Vasco",
    ),
    Town(
        "Europe/Paris",
        ("French; English",) * 6 + ("French",),
        "Amélie Bastien Chloé Damien Élodie Fabrice Gaëlle Hugo Mathilde Pascal Solène Yves",
    ),
    Town(
        "Europe/Berlin",
        ("German; English",) * 7 + ("German", "German; Turkish; English"),
        "Anke Bernd Deniz Elif Frauke Gunnar Heike Jens Katrin Lukas Meike Ralf Silke Torsten",
    ),
    Town(
        "Europe/Warsaw",
        ("Polish; English",) * 5 + ("Polish; German", "Polish"),
        "Agnieszka Bartek Dorota Ewa Grzegorz Jacek Kasia Marek Ola Tomasz",
    ),
    Town(
        "Africa/Lagos",
        ("English", "English; Yoruba", "English; Igbo"),
        "Adaeze Chidi Folake Ifeoma Kelechi Ngozi Obinna Tunde",
    ),
    Town(
        "Asia/Kolkata",
        ("English; Bengali", "English; Bengali", "English; Hindi", "Bengali"),
        "Anirban Debika Indrani Kaushik Mitali Partha Rupa Sourav",
    ),
    Town(
        "America/New_York",
        ("English", "English", "English", "English; Spanish", "English; Spanish", "Spanish"),
        "Brianna Carlos Diane Elijah Gloria Héctor Janelle Marcus Tamika Wendell",
    ),
    Town("Pacific/Auckland", ("English", "English; Maori"), "Aroha Hemi Mere Tāne"),
)
_GOALS = (
    "health: running",
    "health: sleep",
    "health: no smoking",
    "health: an hour without the phone",
    "learning: driving test",
    "learning: Spanish",
    "learning: back to school",
    "work: a new job",
    "work: less overtime",
    "home: one room a week",
    "home: debts in order",
    "making: a song a month",
    "making: the novel",
    "people: call my brother",
    "people: say no in time",
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
_HARD_HOURS = ("Mon, Tue 1:00-3:00", "Sun 6:00-7:00", "Fri 4:30-6:00")
_EXPERIENCES = (
    "carer (in the thick of it)",
    "carer (looking back)",
    "grief (steadier)",
    "grief (in the thick of it)",
    "burnout (steadier)",
    "burnout (in the thick of it)",
    "new parent (steadier)",
    "a new country (looking back)",
)
_AGES = ("18-29", "30-44", "45-59", "60+")


def invented_people(chance: Random) -> list[Invented]:
    """Everybody who is or will be in the group, in the order in which they come."""
    people = [_person(chance, town, name) for town in TOWNS for name in town.names.split()]
    chance.shuffle(people)
    return people


def invented_id(chance: Random) -> str:
    """A public id as long and as plain as a real one."""
    return base64.urlsafe_b64encode(chance.randbytes(16)).decode().rstrip("=")


def _person(chance: Random, town: Town, name: str) -> Invented:
    """Most are easy to pair; some speak one language alone, have strange hours, or wish for an age."""
    experiences = "; ".join(_some(chance, _distinct_roads(chance), (0, 1, 1, 2)))
    age = chance.choice(_AGES)
    return Invented(
        member_id=invented_id(chance),
        name=name,
        zone=town.zone,
        languages=languages_in(chance.choice(town.languages)),
        goals=goals_in("; ".join(_some(chance, _GOALS, (1, 1, 2)))),
        windows=availability_in(_hours(chance))[0],
        writing_is_enough=chance.random() < 0.06,
        experiences=experiences_in(experiences, shown=chance.random() < 0.6),
        lets_use_experiences=chance.random() < 0.9,
        support_style=chance.choice((*SupportStyle, None)),
        channels=frozenset(_some(chance, ("phone", "video", "text"), (1, 2))),
        rhythm=chance.choice(("weekly", "weekly", "twice a week")),
        welcomes_three=chance.random() < 0.7,
        about_me={"age": age} if chance.random() < 0.8 else {},
        wishes=_wishes(chance, age),
    )


def _hours(chance: Random) -> str:
    if chance.random() < 0.04:
        return chance.choice(_HARD_HOURS)
    return "; ".join(_some(chance, _HOURS, (2, 2, 3)))


def _wishes(chance: Random, age: str) -> tuple[Wish, ...]:
    if chance.random() < 0.92:
        return ()
    return (Wish("age", frozenset({age, chance.choice(_AGES)}), may_ask=chance.random() < 0.7),)


def _distinct_roads(chance: Random) -> list[str]:
    """One place on each road, since nobody stands at two."""
    roads: dict[str, str] = {}
    for each in chance.sample(_EXPERIENCES, len(_EXPERIENCES)):
        roads.setdefault(each.partition(" (")[0], each)
    return list(roads.values())


def _some(chance: Random, there_are: Sequence[T], how_many: Sequence[int]) -> list[T]:
    return chance.sample(there_are, chance.choice(how_many))
