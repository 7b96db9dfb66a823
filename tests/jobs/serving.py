"""Pages that a command serves through real gunicorn, and somebody who signs in over HTTP as a browser would."""

import os
import re
import signal
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.cookiejar import CookieJar, DefaultCookiePolicy
from pathlib import Path

ALONGSIDE = Path(sys.executable).with_name("alongside")
END = "Ctrl-C ends it.\n"


@contextmanager
def serving(folder: Path, *words: object) -> Iterator[tuple[str, Callable[[], tuple[int, str, str]]]]:
    """A command that serves, as at a terminal: what it said, and a way to press Ctrl-C that gives code and outputs.

    Ctrl-C is for a server that has answered; none of its workers may stay behind.
    """
    command = [str(word) for word in (ALONGSIDE, *words)]
    with subprocess.Popen(
        command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as server:

        def end() -> tuple[int, str, str]:
            assert len(alive_in(server.pid)) > 1, "there is no worker"
            os.killpg(server.pid, signal.SIGINT)
            rest, errors = server.communicate(timeout=20)
            assert alive_in(server.pid) == []
            return server.returncode, rest, errors

        try:
            yield said_until_it_serves(server), end
        finally:
            if server.poll() is None:
                os.killpg(server.pid, signal.SIGTERM)


def said_until_it_serves(server: "subprocess.Popen[str]") -> str:
    """Everything up to its last line; a command that ends before says why."""
    said = ""
    for line in server.stdout or ():
        said += line
        if line == END:
            return said
    raise AssertionError(f"{said}\n{server.communicate()[1]}")


def start_in(said: str) -> str:
    """Where the pages are, as the command said it."""
    found = re.findall(r"^  (http://localhost:\d+/)$", said, re.M)
    assert len(found) == 1, said
    return found[0]


def alive_in(group: int) -> list[int]:
    """The processes of a group, as a command and those it has started are one."""
    alive = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(fields[2]) == group and fields[0] != "Z":
            alive.append(int(stat.parent.name))
    return alive


class Browser:
    """Keeps cookies as browsers do on localhost: those that are for https alone, too."""

    def __init__(self, start: str) -> None:
        """Nobody is signed in."""
        self.start = start
        jar = CookieJar(DefaultCookiePolicy(secure_protocols=("http", "https")))
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))

    def get(self, path: str) -> tuple[int, str]:
        """Open a page."""
        return self._answer(urllib.request.Request(self.start + path.lstrip("/")))

    def sign_in(self, address: str, password: str, code: str = "") -> tuple[int, str]:
        """Fill in the form, and send it; gives the page that comes."""
        token = re.search(r'name="csrf_token" value="([^"]+)"', self.get("/sign-in")[1])
        assert token
        fields = {"csrf_token": token[1], "address": address, "password": password, "code": code, "next": ""}
        sent = urllib.parse.urlencode(fields).encode()
        return self._answer(urllib.request.Request(f"{self.start}sign-in", sent))

    def _answer(self, request: urllib.request.Request) -> tuple[int, str]:
        try:
            with self.opener.open(request, timeout=20) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as refused:
            with refused:
                return refused.code, refused.read().decode()
