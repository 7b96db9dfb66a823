"""Photograph every page at two widths, light and dark, into shots/, with a contact sheet. Run by dev.py shots."""

import html
import sys
import tempfile
from itertools import product
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from tests.browser.stage import CHROMIUM, PAGES, chromium, stage, visit  # noqa: E402  # the path above comes first

SHOTS = ROOT / "shots"
WIDTHS = (1280, 360)
SCHEMES = ("light", "dark")
LOOK = """body { margin: 2rem; background: #888; color: white; font: 1rem sans-serif }
div { display: flex; gap: 1rem; align-items: flex-start } img { width: 100%; min-width: 0 }
a:nth-child(n) { flex: 1280 } a:nth-child(n + 3) { flex: 360 }"""


def main(*wanted: str) -> None:
    """Take the pages that are named, or all."""
    if not CHROMIUM.exists():
        sys.exit(f"There is no {CHROMIUM}, so there are no pictures. On Debian: apt install {CHROMIUM.name}")
    SHOTS.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, stage(Path(folder)) as served, chromium() as browser:
        for name, width, scheme in product(wanted or PAGES, WIDTHS, SCHEMES):
            context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
            served.let_in(context, name)
            page = context.new_page()
            visit(page, served.address(name))
            page.screenshot(path=SHOTS / picture(name, width, scheme), full_page=True)
            context.close()
    (SHOTS / "index.html").write_text(contact_sheet(), encoding="utf-8")
    print(f"The contact sheet is {SHOTS / 'index.html'}")


def picture(name: str, width: int, scheme: str) -> str:
    """What a picture is called."""
    return f"{name}-{width}-{scheme}.png"


def contact_sheet() -> str:
    """Every picture there is, small, with a link to the large one."""
    rows = []
    for name in PAGES:
        names = [picture(name, width, scheme) for width, scheme in product(WIDTHS, SCHEMES)]
        pictures = "".join(f'<a href="{each}"><img src="{each}" alt="{each}"></a>' for each in names)
        rows.append(f"<h2>{html.escape(name)}</h2><div>{pictures}</div>")
    head = f'<!doctype html><html lang="en"><meta charset="utf-8"><title>Contact sheet</title><style>{LOOK}</style>'
    return f"{head}<h1>Every page of Alongside</h1>{''.join(rows)}"


if __name__ == "__main__":
    main(*sys.argv[1:])
