from matcher.pairing.watch import Unwatched, Watch


def test_a_run_may_go_unwatched():
    nobody: Watch = Unwatched()
    assert nobody.hear("compare", 1, 2) is None
