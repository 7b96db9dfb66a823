"""How long it takes to pair real people: seconds by phase for growing parts of a real group.

Figures hold for one machine at one hour; compare only what one run printed.
"""

import sys
from datetime import date
from pathlib import Path

from jobs.progress import Progress
from matcher.pairing import Candidates, Policy, plan
from matcher.spreadsheets.people import read_people

CODERS = Path(__file__).parents[3] / "shared" / "data" / "new_coders_2016.csv.gz"
SIZES = (40, 100, 200, 400, 800, 1600)
PHASES = ("compare", "solve", "trios", "advice", "audit")
ON = date(2026, 1, 12)


def main() -> None:
    """Print a line for each size, taking people of one country in the order of their ids."""
    if not CODERS.exists():
        sys.exit("The real people of ../shared/data are not here, so there is nothing to measure.")
    people = [person.candidate for person in read_people(CODERS, where=("country=US",)).people]
    print("members  possible  weighed  alone  " + "  ".join(f"{phase:>8}" for phase in PHASES) + "  (seconds)")
    for size in SIZES:
        progress = Progress(0)
        assignment = plan(Candidates.of(people[:size], Policy(), ON), Policy(), progress)
        counts = f"{size:7}  {assignment.possible_pairs:8}  {assignment.weighed_pairs:7}  {len(assignment.alone):5}"
        print(counts, *(f"{progress.seconds[phase]:8.2f}" for phase in PHASES), sep="  ")


if __name__ == "__main__":
    main()
