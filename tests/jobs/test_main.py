from click.testing import CliRunner

from jobs.__main__ import main


def test_alongside_says_what_it_is_for_and_which_version_it_is():
    assert "peer support group" in CliRunner().invoke(main, ["--help"]).output
    assert CliRunner().invoke(main, ["--version"]).output == "alongside, version 0.1.0\n"
