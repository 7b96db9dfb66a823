"""What people install is the wheel, not the checkout: it must work alone, from any folder."""

import csv
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
UV = Path(sys.executable).with_name("uv")
UNREACHABLE = ("dns", "connect", "network", "timed out", "offline", "temporary failure")


@pytest.fixture(scope="module")
def alongside(tmp_path_factory) -> Path:
    """The command of a wheel built here and installed into a new, empty environment."""
    wheels, environment = tmp_path_factory.mktemp("wheels"), tmp_path_factory.mktemp("environment")
    subprocess.run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", wheels], cwd=ROOT, check=True)
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", environment], check=True)
    python = environment / "bin" / "python"
    pip = [UV, "pip", "install", "--python", python] if UV.exists() else pip_into(python)
    result = run(*pip, "--constraint", ROOT / "constraints.txt", *wheels.glob("*.whl"))
    if result.returncode and any(word in result.stderr.lower() for word in UNREACHABLE) and "CI" not in os.environ:
        pytest.skip("no package index can be reached, so the wheel cannot be installed into an empty environment")
    assert result.returncode == 0, result.stderr
    return environment / "bin" / "alongside"


def pip_into(python: Path) -> list[str | Path]:
    return [sys.executable, "-m", "pip", "--python", python, "install", "--quiet"]


def run(*command: str | Path, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True)


def test_the_installed_command_says_what_it_can_do(alongside, tmp_path):
    asked = run(alongside, "--help", cwd=tmp_path)
    assert asked.returncode == 0, asked.stderr
    assert "peer support group" in asked.stdout


def test_the_installed_packages_bring_their_pages_and_types(alongside, tmp_path):
    site = Path(next(alongside.parent.parent.glob("lib/python*/site-packages")))
    ours = {path.relative_to(ROOT) for name in ("matcher", "web", "jobs") for path in (ROOT / name).rglob("*")}
    ours = {path for path in ours if (ROOT / path).is_file() and "__pycache__" not in path.parts}
    assert {path for path in ours if not (site / path).is_file()} == set()
    assert run(alongside.with_name("python"), "-c", "import web; web.create_app()", cwd=tmp_path).returncode == 0


def test_the_example_sheet_of_the_installed_command_can_be_paired(alongside, tmp_path):
    written = run(alongside, "pair", "--template", "template.csv", cwd=tmp_path)
    assert written.returncode == 0, written.stderr
    paired = run(alongside, "pair", "template.csv", "--json", "--on", "2026-01-12", cwd=tmp_path)
    assert paired.returncode == 0, paired.stderr
    result = json.loads(paired.stdout)
    rows = list(csv.DictReader((tmp_path / "template.csv").read_text("utf-8-sig").splitlines()))
    assert result["pairs"]
    assert sum(len(paired["ids"]) for paired in result["pairs"] + result["trios"]) + len(result["alone"]) == len(rows)


def test_the_installed_command_shows_the_demo(alongside, tmp_path):
    shown = run(alongside, "demo", "--no-serve", "--out", tmp_path / "demo", cwd=tmp_path)
    assert shown.returncode == 0, shown.stderr
    assert list((tmp_path / "demo").iterdir())
