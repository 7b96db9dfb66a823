import pytest

from jobs.__main__ import main


@pytest.mark.parametrize("command", ["pair", "import"])
def test_whoever_reads_a_sheet_takes_the_same_options_in_the_same_order(command):
    names = [option.name for option in main.commands[command].params]
    start = names.index("where")
    assert names[start : start + 3] == ["where", "column", "mapping"]
