import os
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from tests.databases import KEY_LINE

ROOT = Path(__file__).parents[2]


@pytest.fixture
def served(tmp_path, migrated_sqlite):
    """The Procfile's own web line, running for real: its port and the home folder it may write to."""
    database, key_file = tmp_path / "alongside.db", tmp_path / "alongside.key"
    shutil.copy(migrated_sqlite, database)
    key_file.touch(mode=0o600)
    key_file.write_text(KEY_LINE)
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    line = next(line for line in (ROOT / "Procfile").read_text().splitlines() if line.startswith("web: "))
    program, *arguments = shlex.split(line.removeprefix("web: "))
    home = tmp_path / "home"
    home.mkdir()
    environment = os.environ | {"PORT": str(port), "HOME": str(home), "XDG_RUNTIME_DIR": str(home)}
    environment |= {"DATABASE_URL": f"sqlite:///{database}", "ALONGSIDE_KEY_FILE": str(key_file)}
    command = [str(Path(sys.executable).with_name(program)), *arguments]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL) as server:
        yield port, home
        server.send_signal(signal.SIGTERM)


def fetch(port: int, path: str) -> bytes:
    deadline = time.monotonic() + 10
    while True:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as answer:
                return answer.read()
        except urllib.error.URLError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)


def test_half_open_clients_keep_nobody_waiting_and_no_control_socket_is_left_in_the_home_folder(served):
    port, home = served
    fetch(port, "/healthz")
    silent = [socket.create_connection(("127.0.0.1", port)) for _ in range(6)]
    assert b"ok" in fetch(port, "/healthz")
    assert b"Two people, side by side" in fetch(port, "/")
    assert b"Mail address" in fetch(port, "/sign-in")
    for client in silent:
        client.close()
    assert list(home.rglob("*")) == []


def test_a_worker_that_is_told_to_end_at_once_waits_for_no_lock():
    program = """if True:
        import concurrent.futures, os, signal
        from web.gunicorn_settings import post_worker_init
        threads = concurrent.futures.ThreadPoolExecutor()
        signal.signal(signal.SIGQUIT, lambda *_: threads.shutdown(wait=False))  # as gunicorn does
        post_worker_init(None)
        with threads._shutdown_lock:  # as while a thread is being started
            os.kill(os.getpid(), signal.SIGQUIT)
        os._exit(1)
    """
    assert subprocess.run([sys.executable, "-c", program], cwd=ROOT, timeout=20).returncode == 0
