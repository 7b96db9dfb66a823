"""Letters as files, where no mail server is set: to try things, and to see what would go out."""

import os
from pathlib import Path

from jobs.mail.letters import Letter
from jobs.mail.post import LineError

_OWNER_ONLY = 0o700


class FolderPost:
    """Writes each letter as an .eml file that every mail program opens. The same letter again is the same file."""

    def __init__(self, folder: Path) -> None:
        """Take the folder; it is made with the first letter."""
        self._folder = folder

    def send(self, letter: Letter) -> None:
        """Write one letter; when this returns it is on disk. Raises LineError where it cannot be written."""
        try:
            self._write(self._folder / f"{letter.name}.eml", letter.mail.as_bytes())
        except OSError as problem:
            raise LineError(f"Mails cannot be written into {self._folder} ({problem.strerror}).") from None

    def close(self) -> None:
        """Nothing stays open."""

    def remark(self, sent: int) -> str:
        """Say where they are, and how they would become mails."""
        are = "mail is a file" if sent == 1 else "mails are files"
        where = f"so {sent:,} {are} in {self._folder}/ (ALONGSIDE_SMTP_HOST)"
        return f"There is no SMTP server set, {where}." if sent else ""

    def _write(self, path: Path, text: bytes) -> None:
        """A new name appears only with the whole letter behind it."""
        self._folder.mkdir(mode=_OWNER_ONLY, parents=True, exist_ok=True)
        unfinished = path.with_suffix(".unfinished")
        with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
        folder = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
