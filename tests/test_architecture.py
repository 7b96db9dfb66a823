"""The house rules, each one a test with a helpful message; the last tests show each rule a bad example.

Who may import whom is not here but in pyproject.toml: import-linter checks it.
"""

import ast
import re
import subprocess
import tomllib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest

from matcher.states import DataClass

ROOT = Path(__file__).parent.parent
PACKAGES = ("matcher", "web", "jobs")
TOP_LEVEL = {*PACKAGES, "tests", "pyproject.toml", "Procfile", "README.md"}
TOP_LEVEL |= {"dev.py", "constraints.txt", "LICENSE", "SECURITY.md", ".ci", ".gitignore"}
LONGEST_FILE = 300
MIGRATIONS = "matcher/migrations/versions/"  # written by alembic, run by tests/matcher/test_schema.py, never changed
HAS_LINES = {".py", ".html", ".css", ".js"}
NOT_OUR_WORDS = {"user", "match", "kudos", "buddy", "admin", "manager", "helper", "util", "utils", "handler"}
NOT_OUR_WORDS |= {"dao", "dto", "data", "info", "process"}
STILL_OUR_NAMES = {"own_data", "DataClass"}  # as the law and its readers say it: the copy of everything, and its kinds
CHANCE_OR_CLOCK = {"time", "random", "secrets", "uuid"}
HOSTS = "|".join(("py" + "pi", "python" + "hosted", "np" + "mjs", "yarn" + "pkg", "deb" + "ian", "ana" + "conda"))
REGISTRY = re.compile(rf"\b(?:{HOSTS})\.(?:org|com|net)\b|https?://\S+/(?:simple|dists)\b", re.I)
PINNED = re.compile(r"[a-z0-9._-]+==[a-z0-9.!+]+( ; [\w. '<>=!]+)?")


# The rules: each reads one thing and yields what is wrong with it, as a sentence


def commits(tree: ast.Module) -> Iterator[str]:
    for call in calls(tree):
        if isinstance(call.func, ast.Attribute) and call.func.attr in {"commit", "rollback"}:
            yield f"line {call.lineno}: the edge commits, the domain never does; drop `.{call.func.attr}()`"


def the_clock(tree: ast.Module) -> Iterator[str]:
    for call in calls(tree):
        if re.search(r"\.(now|utcnow|today)$", ast.unparse(call.func)):
            yield f"line {call.lineno}: the clock is read at the edge; take `{ast.unparse(call)}` as an argument"


def clock_and_chance(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom) and CHANCE_OR_CLOCK & imported(node):
            yield f"line {node.lineno}: same night, same people, same pairs; take the moment or the seed as an argument"
    for call in calls(tree):
        if re.search(r"\brandom\.", ast.unparse(call.func)):
            yield f"line {call.lineno}: no chance in here; take `{ast.unparse(call)}` as an argument"
    yield from the_clock(tree)


def undocumented(tree: ast.Module) -> Iterator[str]:
    for name, node in [("the module", tree), *definitions(tree)]:
        if not name.startswith("_") and not ast.get_docstring(node):
            yield f"{name} has no docstring; say in a full sentence what it is for"


def foreign_words(tree: ast.Module, module: str = "") -> Iterator[str]:
    for name in [module, *(name for name, _ in definitions(tree))]:
        words = {word.lower() for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", name)}
        strangers = NOT_OUR_WORDS & (words | {word.removesuffix("s") for word in words})
        if strangers and name not in STILL_OUR_NAMES:
            yield f"{name}: {', '.join(sorted(strangers))} is none of our words; the README lists those we use"


def idle_tests(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        is_test = isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
        if is_test and not any(is_assertion(inner) for inner in ast.walk(node)):
            yield f"{node.name} asserts nothing, so it can never be red"


def long_files(name: str, text: str) -> Iterator[str]:
    if len(text.splitlines()) > LONGEST_FILE:
        yield f"{name} has more than {LONGEST_FILE} lines; split it by meaning"


def untested(sources: Iterable[str], tests: Iterable[str]) -> Iterator[str]:
    for source in map(Path, sources):
        twin = Path("tests") / source.with_name(f"test_{source.name}")
        if not source.name.startswith("__") and not is_migration(source) and twin.as_posix() not in tests:
            yield f"{source} has no {twin}; the tests mirror the tree"


def strangers_at_the_top(tracked: Iterable[str]) -> Iterator[str]:
    for name in sorted({path.partition("/")[0] for path in tracked} - TOP_LEVEL):
        yield f"{name} does not belong at the top level; the README's map says where things go"


def registries(name: str, text: str) -> Iterator[str]:
    for found in REGISTRY.findall(text):
        yield f"{name} names the package registry {found}; whoever installs us chooses where from"


def loose_constraints(text: str) -> Iterator[str]:
    for line in text.splitlines():
        if not PINNED.fullmatch(line):
            yield f"constraints.txt: {line!r} is more than a name and its version"


# What the rules need to read


def calls(tree: ast.AST) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def imported(node: ast.Import | ast.ImportFrom) -> set[str]:
    if isinstance(node, ast.ImportFrom):
        return set() if node.level else set(node.module.split("."))
    return {part for alias in node.names for part in alias.name.split(".")}


def definitions(tree: ast.Module) -> list[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef]]:
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    return [(node.name, node) for node in tree.body if isinstance(node, kinds)]


def is_assertion(node: ast.AST) -> bool:
    if not isinstance(node, ast.Call):
        return isinstance(node, ast.Assert)
    called = ast.unparse(node.func)
    own = called.rpartition(".")[2]
    return called in {"pytest.raises", "pytest.warns", "pytest.fail"} or own.startswith(("assert", "expect"))


def is_migration(path: Path) -> bool:
    return path.as_posix().startswith(MIGRATIONS)


def assert_nothing(complaints: Iterable[str]) -> None:
    sentences = list(complaints)
    assert not sentences, "\n" + "\n".join(sentences)


def python_files(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def without_migrations(paths: Iterable[Path]) -> list[Path]:
    return [path for path in paths if not is_migration(path.relative_to(ROOT))]


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def broken(rule: Callable[[ast.Module], Iterator[str]], *folders: str) -> list[str]:
    return [
        f"{relative(path)}: {wrong}"
        for path in without_migrations(python_files(*folders))
        for wrong in rule(ast.parse(path.read_text("utf-8")))
    ]


@pytest.fixture(scope="module")
def tracked() -> list[str]:
    listing = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True)
    if listing.returncode:
        pytest.skip("only a git checkout can tell which files belong to the project")
    return [name for name in listing.stdout.splitlines() if (ROOT / name).is_file()]


# The house keeps them


def test_the_domain_never_commits():
    assert_nothing(broken(commits, "matcher"))


def test_the_pairing_engine_knows_no_clock_and_no_chance():
    assert_nothing(broken(clock_and_chance, "matcher/pairing"))


def test_the_domain_reads_no_clock():
    assert_nothing(broken(the_clock, "matcher"))


def test_everything_public_in_the_domain_says_what_it_is_for():
    assert_nothing(broken(undocumented, "matcher"))


def test_every_test_asserts_something():
    assert_nothing(broken(idle_tests, "tests"))


def test_names_use_our_words():
    files = python_files(*PACKAGES)
    assert_nothing(wrong for path in files for wrong in foreign_words(ast.parse(path.read_text("utf-8")), path.stem))


def test_no_file_is_too_long_to_read():
    files = [path for package in PACKAGES for path in (ROOT / package).rglob("*") if path.suffix in HAS_LINES]
    files = without_migrations(files)
    assert_nothing(wrong for path in files for wrong in long_files(relative(path), path.read_text("utf-8")))


def test_the_tests_mirror_the_tree():
    assert_nothing(untested(map(relative, python_files(*PACKAGES)), set(map(relative, python_files("tests")))))


def test_the_top_level_holds_what_the_map_says(tracked):
    assert_nothing(strangers_at_the_top(tracked))


def test_no_file_names_a_package_registry(tracked):
    texts = {name: (ROOT / name).read_bytes().decode("utf-8", "replace") for name in tracked}
    assert_nothing(wrong for name, text in texts.items() for wrong in registries(name, text))


def test_constraints_are_names_and_versions_and_nothing_else():
    assert_nothing(loose_constraints((ROOT / "constraints.txt").read_text("utf-8")))


def test_security_md_names_every_kind_of_thing_that_is_kept():
    page = (ROOT / "SECURITY.md").read_text("utf-8")
    in_table = re.findall(r"^\| `(\w+)` \| .+ \| .+ \|$", page, re.M)
    assert in_table == list(DataClass.__members__), "SECURITY.md: a row for each DataClass, in their order"


@pytest.mark.parametrize("setting", ["exclude_lines", "partial_branches"])
def test_a_line_is_left_out_of_coverage_only_with_a_reason(setting):
    marks = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["coverage"]["report"][setting]

    def is_left_out(line: str) -> bool:
        return any(re.search(mark, line) for mark in marks)

    what = "cover" if setting == "exclude_lines" else "branch"
    assert is_left_out(f"return  # no {what}: only Windows comes here")
    assert not is_left_out(f"return  # no {what}")
    assert not is_left_out(f"return  # no {what}: ")
    assert not is_left_out(f"return  # pragma: no {what}")


# Each rule sees a bad example and goes red


@pytest.mark.parametrize(
    ("rule", "bad", "good"),
    [
        (commits, "def close(db): db.commit()", "def close(db): db.flush()"),
        (commits, "session.begin().rollback()", "rollback = 1"),
        (clock_and_chance, "import random", "from datetime import date, time"),
        (clock_and_chance, "from time import monotonic", "from .time import week"),
        (clock_and_chance, "from numpy.random import default_rng", "from numpy import arange"),
        (clock_and_chance, "opened = datetime.now(UTC)", "opened = now"),
        (clock_and_chance, "date.today()", "today.isoformat()"),
        (clock_and_chance, "numpy.random.default_rng()", "numpy.arange(3)"),
        (the_clock, "made_at = datetime.now(UTC)", "made_at = now"),
        (the_clock, "func.now()", "now.time()"),
        (undocumented, "'''Words.'''\ndef pair(): pass", "'''Words.'''\ndef _pair(): pass"),
        (undocumented, "class Pair:\n    '''Two.'''", "'''Words.'''\nclass Pair:\n    '''Two.'''"),
        (foreign_words, "class UserManager: pass", "class Pairing: pass"),
        (foreign_words, "def match_all(): pass", "def max_weight_matching(): pass"),
        (foreign_words, "def list_users(): pass", "def own_data(): pass"),
        (idle_tests, "def test_it(): pair()", "def test_it(): assert pair()"),
        (
            idle_tests,
            "class TestIt:\n  def test_it(self): 1",
            "def test_it():\n  with pytest.raises(E): f()",
        ),
    ],
)
def test_each_rule_on_code_turns_red(rule, bad, good):
    assert list(rule(ast.parse(bad)))
    assert not list(rule(ast.parse(good)))


def test_each_rule_on_files_turns_red():
    index = "/".join(("https:", "", "mirror.example", "simple"))
    assert list(long_files("matcher/long.py", "\n" * (LONGEST_FILE + 1)))
    assert not list(long_files("matcher/short.py", "\n" * LONGEST_FILE))
    assert list(untested(["matcher/week.py"], {"tests/test_week.py"}))
    assert list(untested(["matcher/migrations/env.py"], set()))
    assert not list(untested(["matcher/migrations/versions/0001_first_rows.py"], set()))
    assert not list(untested(["matcher/week.py", "web/__init__.py"], {"tests/matcher/test_week.py"}))
    assert list(strangers_at_the_top(["src/matcher.py"]))
    assert list(registries("README.md", f"pip install -i {index}"))
    assert list(registries("dev.py", "files." + "python" + "hosted." + "org"))
    assert list(foreign_words(ast.parse(""), "utils"))


@pytest.mark.parametrize("line", ["flask", "flask>=3", "-e ./web", "--find-links x", "flask @ file:///f", "a==1 #"])
def test_a_constraint_that_says_more_than_a_version_turns_red(line):
    assert list(loose_constraints(f"click==8.5.1\n{line}\n")) == [
        f"constraints.txt: {line!r} is more than a name and its version"
    ]
