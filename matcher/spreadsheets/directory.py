"""Who is meant by an id, an address or a name somebody wrote."""

import difflib
from collections import defaultdict
from collections.abc import Iterable

from matcher.spreadsheets.person import Person


class Directory:
    """The people of a sheet by id, by email and by name; case and extra space do not count."""

    def __init__(self, people: Iterable[Person]) -> None:
        self._by_id: dict[str, str] = {}
        self._by_email: defaultdict[str, set[str]] = defaultdict(set)
        self._by_name: defaultdict[str, set[str]] = defaultdict(set)
        for person in people:
            self._by_id[key(person.candidate.id)] = person.candidate.id
            self._by_email[key(person.email)].add(person.candidate.id)
            self._by_name[key(person.name)].add(person.candidate.id)

    def ids_of(self, text: str) -> frozenset[str]:
        """The ids of everybody whom a text can mean: nobody, one, or several of one name."""
        wanted = key(text)
        if wanted in self._by_id:
            return frozenset({self._by_id[wanted]})
        found = self._by_email.get(wanted) or self._by_name.get(wanted)
        return frozenset(found or ()) if wanted else frozenset()

    def like(self, text: str) -> list[str]:
        """Ids, addresses and names that are spelt almost like a text, the closest first."""
        known = {*self._by_id, *self._by_email, *self._by_name} - {""}
        return difflib.get_close_matches(key(text), sorted(known), n=1, cutoff=0.8)


def key(text: str) -> str:
    """A text as it is compared."""
    return " ".join(text.casefold().split())
