"""What the command writes is what the page shows: no other pairing stands between them."""

import html
import json
import re

from click.testing import CliRunner

from jobs.__main__ import main
from web import create_app


def test_the_page_shows_the_pairing_that_the_command_wrote(tmp_path):
    assert CliRunner().invoke(main, ["pair", "--template", str(tmp_path / "people.csv")]).exit_code == 0
    said = CliRunner().invoke(main, ["pair", str(tmp_path / "people.csv"), "--json", "--on", "2026-01-12"])
    written = json.loads(said.stdout)
    (tmp_path / "result.json").write_text(said.stdout, "utf-8")
    app = create_app({"PAIRING_FILE": str(tmp_path / "result.json"), "PAIRING_KEY": "k" * 16})

    answer = app.test_client().get(f"/pairing/{'k' * 16}")

    assert answer.status_code == 200
    words = html.unescape(re.sub(r"\s+", " ", re.sub("<[^>]+>", "", answer.text)))
    for found in written["pairs"] + written["trios"]:
        *most, last = (written["names"][each] for each in found["ids"])
        assert f"{', '.join(most)} and {last}" in words
        assert all(reason in words for reason in found["reasons"])
    for alone in written["alone"]:
        assert all(sentence in words for sentence in [*alone["reasons"], alone["could_help"]])
