#!/usr/bin/env python3
"""Everything one does in this house, as commands. Python's standard library is enough to start.

Each command first sees to it that .venv holds what pyproject.toml asks for, in the versions of constraints.txt.
That is done once: the second time nothing is installed and no network is used.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / "bin"
PYTHON = BIN / "python"
INSTALLED = VENV / "alongside-installed"  # written last: an interrupted installation has none
BROWSER_PACKAGES = ("chromium-headless-shell", "fonts-dejavu-core", "libatomic1")
DATABASE_PACKAGES = ("postgresql",)
DEBIANS_CLUSTER = Path("/etc/postgresql-common/createcluster.conf")


# The commands


def setup() -> None:
    """Make .venv and install everything into it (the other commands do this too)."""
    prepare()
    say(".venv is ready. Next: python3 dev.py demo")


def demo(*arguments: str) -> None:
    """Show Alongside at work on an invented group, and serve its pages."""
    prepare()
    become(BIN / "alongside", "demo", *arguments)


def serve(*arguments: str) -> None:
    """Serve the pages with gunicorn, as in production."""
    prepare()
    become(BIN / "alongside", "serve", *arguments)


def test(*selection: str) -> None:
    """Run style, types, imports and tests; or, given pytest's own arguments, only those tests."""
    prepare_tests()
    if selection:
        step("pytest", PYTHON, "-m", "pytest", *selection)
    else:
        every_step()


def check(extent: str = "") -> None:
    """Run what `test` runs; `check full` adds the tests that take minutes, `check corpus` is every field alone."""
    if extent not in ("", "full", "corpus"):
        sys.exit(f"`check` takes the word full, the word corpus, or nothing, not {extent!r}.")
    prepare_tests()
    if extent == "corpus":
        os.environ.setdefault("TMPDIR", quick_folder())
        step("corpus", PYTHON, "-m", "pytest", "--numprocesses=auto", "-m", "corpus")
    else:
        every_step("-m", "") if extent else every_step()


def bench(*names: str) -> None:
    """Run the measurements in tests/bench, all of them or those named."""
    prepare()
    scripts = {script.stem: script for script in sorted(ROOT.glob("tests/bench/*.py"))}
    for name in names or scripts:
        if name not in scripts:
            sys.exit(f"There is no measurement {name!r}, only: {', '.join(scripts)}")
        step(f"bench {name}", PYTHON, scripts[name])


def shots(*arguments: str) -> None:
    """Photograph every page in a real browser."""
    prepare(BROWSER_PACKAGES, without_them="there are no pictures to take")
    become(PYTHON, ROOT / "tests/browser/shots.py", *arguments)


COMMANDS = {command.__name__: command for command in (setup, demo, test, check, bench, shots, serve)}


def main(arguments: list[str]) -> None:
    """Run the command that the first word names, with the words after it."""
    name, *rest = arguments or ["--help"]
    os.chdir(ROOT)
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # else each of hundreds of commands compiles everything anew
    if name in ("-h", "--help", "help"):
        print(overview())
    elif name in COMMANDS:
        COMMANDS[name](*rest)
    else:
        sys.exit(f"There is no command {name!r}.\n\n{overview()}")


def overview() -> str:
    """Say what there is, one line a command."""
    lines = [f"  {name:6} {command.__doc__}" for name, command in COMMANDS.items()]
    return "\n".join([__doc__.strip(), "", "python3 dev.py COMMAND", *lines])


# The steps of a test run


def every_step(*pytest_arguments: str) -> None:
    """Go from the quickest check to the slowest, and stop at the first that fails."""
    started = time.monotonic()
    step("ruff check", BIN / "ruff", "check", "--quiet")
    step("ruff format", BIN / "ruff", "format", "--quiet", "--check")
    step("mypy", BIN / "mypy", "--no-error-summary")
    step("import-linter", BIN / "lint-imports", "--no-logo")
    # One process for each core; worksteal begins with whole files, so that what a file shares is seldom made twice.
    os.environ.setdefault("TMPDIR", quick_folder())
    step("pytest", PYTHON, "-m", "pytest", "--cov", "--numprocesses=auto", "--dist=worksteal", *pytest_arguments)
    say(f"all green in {time.monotonic() - started:.1f} s")


def quick_folder() -> str:
    """Say where the tests' databases lie: in memory where there is room, since each of them syncs at every commit."""
    memory = Path("/dev/shm")  # noqa: S108  # tests make folders of their own in it
    there_is_room = memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > 2**31
    return str(memory) if there_is_room else tempfile.gettempdir()


def step(heading: str, *command: str | Path) -> None:
    """Run one program under its heading; if it fails, so do we, with its exit code."""
    say(heading)
    started = time.monotonic()
    code = subprocess.run(command).returncode
    say(f"{heading}: {'ok' if code == 0 else f'FAILED with exit code {code}'}, {time.monotonic() - started:.1f} s")
    if code:
        sys.exit(code)


def become(program: Path, *arguments: str | Path) -> None:
    """Hand this terminal over to another program."""
    sys.stdout.flush()
    os.execv(program, [str(program), *map(str, arguments)])


def say(sentence: str) -> None:
    """Print at once, so that our lines stay in order with those of the programs we run."""
    print(f"== {sentence}", flush=True)


# What has to be there first


def prepare(debian_packages: tuple[str, ...] = (), without_them: str = "") -> None:
    """See to the Debian packages and to .venv; quick when both are there."""
    install_debian_packages(debian_packages, without_them)
    wanted = fingerprint()
    if not (INSTALLED.is_file() and INSTALLED.read_text() == wanted and PYTHON.exists()):
        make_venv()
        install_project()
        INSTALLED.write_text(wanted)


def prepare_tests() -> None:
    """See to what the tests need besides: a browser, and PostgreSQL's programs, of which they start their own."""
    install_debian_packages(BROWSER_PACKAGES, "the tests in a browser are skipped")
    keep_debian_from_starting_postgresql()
    prepare(DATABASE_PACKAGES, without_them="the tests on PostgreSQL are skipped")


def fingerprint() -> str:
    """Change whenever .venv has to be made anew: other dependencies, another Python, another folder."""
    parts = [(ROOT / name).read_bytes() for name in ("pyproject.toml", "constraints.txt")]
    parts += ["{}.{}".format(*sys.version_info).encode(), os.fsencode(ROOT)]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def make_venv() -> None:
    """Start from an empty .venv, so that nothing of an older or interrupted one stays behind."""
    if sys.version_info < (3, 11):
        sys.exit(f"Alongside needs Python 3.11 or newer; this is {platform.python_version()}.")
    if not importlib.util.find_spec("ensurepip"):
        sys.exit("Python cannot make a virtual environment here. On Debian: apt install python3-venv")
    say("making .venv and installing into it (once)")
    INSTALLED.unlink(missing_ok=True)
    run_quietly(sys.executable, "-m", "venv", "--clear", VENV)


def install_project() -> None:
    """Install the project where it stands, with uv where uv can be had, because it is many times quicker."""
    wanted = ("--constraint", "constraints.txt", "--editable", ".[dev]")
    pip = (PYTHON, "-m", "pip", "--disable-pip-version-check", "--quiet", "install")
    if succeeds(*pip, "--constraint", "constraints.txt", "uv"):
        run_quietly(BIN / "uv", "pip", "install", "--python", PYTHON, "--build-constraint", "constraints.txt", *wanted)
    else:
        run_quietly(*pip, *wanted)


def install_debian_packages(names: tuple[str, ...], without_them: str) -> None:
    """Install what is missing when we may; otherwise say what is missing and go on without it."""
    missing = [name for name in names if not is_debian_package_installed(name)]
    if missing and shutil.which("apt-get") and os.geteuid() == 0:
        say(f"installing Debian's {', '.join(missing)} (once)")
        os.environ["DEBIAN_FRONTEND"] = "noninteractive"
        succeeds("apt-get", "update")
        succeeds("apt-get", "install", "--yes", "--no-install-recommends", *missing)
        missing = [name for name in missing if not is_debian_package_installed(name)]
    if missing:
        say(f"not installed, so {without_them}. On Debian, as root: apt install {' '.join(missing)}")


def keep_debian_from_starting_postgresql() -> None:
    """Before the first installation, ask for the programs alone: nobody here wants a cluster that runs for ever."""
    is_ours_to_say = shutil.which("apt-get") and os.geteuid() == 0
    if is_ours_to_say and not DEBIANS_CLUSTER.exists() and not is_debian_package_installed("postgresql-common"):
        DEBIANS_CLUSTER.parent.mkdir(parents=True, exist_ok=True)
        DEBIANS_CLUSTER.write_text("create_main_cluster = false\n")


def is_debian_package_installed(name: str) -> bool:
    """Ask dpkg; where there is no dpkg the answer is no."""
    return bool(shutil.which("dpkg")) and succeeds("dpkg", "--status", name)


def run_quietly(*command: str | Path) -> None:
    """Run an installer and show what it said only if it fails."""
    result = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if result.returncode:
        sys.exit(f"{result.stdout}\nThis failed: {' '.join(map(str, command))}")


def succeeds(*command: str | Path) -> bool:
    """Run a program for its exit code alone."""
    return subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except KeyboardInterrupt:
        sys.exit(130)
