import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import dev

ROOT = Path(__file__).parent.parent


def run_dev(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "dev.py", *words], cwd=folder, capture_output=True, text=True)


@pytest.fixture
def bare_folder(tmp_path):
    """A checkout in which nobody has set anything up."""
    for name in ("dev.py", "pyproject.toml", "constraints.txt"):
        shutil.copy(ROOT / name, tmp_path)
    return tmp_path


@pytest.mark.parametrize("words", [(), ("--help",), ("help",)])
def test_without_a_command_it_lists_them_all_and_installs_nothing(bare_folder, words):
    asked = run_dev(bare_folder, *words)
    assert asked.returncode == 0
    assert all(f"\n  {name} " in asked.stdout for name in dev.COMMANDS)
    assert not (bare_folder / ".venv").exists()


@pytest.mark.parametrize("words", [("tset",), ("check", "everything")])
def test_a_slip_of_the_fingers_is_answered_with_a_sentence(bare_folder, words):
    asked = run_dev(bare_folder, *words)
    assert asked.returncode == 1
    assert words[-1] in asked.stderr
    assert "Traceback" not in asked.stderr


def test_other_versions_or_another_folder_ask_for_another_installation(bare_folder):
    def fingerprint() -> str:
        program = [sys.executable, "-c", "import dev; print(dev.fingerprint())"]
        return subprocess.run(program, cwd=bare_folder, capture_output=True, text=True, check=True).stdout

    before = fingerprint()
    assert fingerprint() == before != dev.fingerprint()
    (bare_folder / "constraints.txt").write_text("flask==3.1.3\n")
    assert fingerprint() != before


def test_an_interrupted_installation_is_begun_anew(bare_folder, monkeypatch):
    monkeypatch.setenv("PIP_NO_INDEX", "1")  # so that the new one stops early, too
    (bare_folder / ".venv" / "bin").mkdir(parents=True)
    (bare_folder / ".venv" / "bin" / "python").touch()
    asked = run_dev(bare_folder, "setup")
    assert "making .venv" in asked.stdout
    assert "This failed" in asked.stderr
    assert asked.returncode == 1
    assert not (bare_folder / ".venv" / "alongside-installed").exists()


def test_continuous_integration_runs_what_everybody_runs():
    assert (ROOT / ".ci" / "run").read_text().endswith("exec python3 dev.py test\n")
