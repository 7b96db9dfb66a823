"""Sealed columns: what members tell us to find them a partner is unreadable in the database and its backups.

AES-256-GCM with a random nonce for each value. A value names its key and is bound to its column, so that it opens
nowhere else. The keys live in a file beside the database, readable by its owner alone.
"""

import base64
import hashlib
import hmac
import json
import os
import secrets
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Dialect, LargeBinary
from sqlalchemy.types import TypeDecorator

from matcher.errors import KeyFileError, SpoiltError

_KEY_BYTES = 32
_NONCE_BYTES = 12
_OWNER_ONLY = 0o600


class Keyring:
    """Keys by their ids; the last one seals, all of them open."""

    def __init__(self, keys: dict[str, bytes]) -> None:
        """Take keys of 32 bytes each, the newest last."""
        self._keys = keys
        self._newest = next(reversed(keys))

    @classmethod
    def read(cls, path: Path) -> "Keyring":
        """Read a key file: one ``id base64`` a line. Raises KeyFileError where it is missing, open or no key file."""
        try:
            mode = path.stat().st_mode
            lines = path.read_text("ascii").splitlines()
        except FileNotFoundError:
            raise KeyFileError(
                f"The key file {path} is missing. Without it the sealed columns cannot be read: put it back from where "
                "you keep it. For a new database: alongside db upgrade."
            ) from None
        except (OSError, UnicodeDecodeError) as problem:
            raise KeyFileError(f"The key file {path} cannot be read: {problem}.") from None
        if mode & 0o077:
            raise KeyFileError(f"The key file {path} can be read by others. Close it: chmod 600 {path}")
        return cls(_keys_in(lines, path))

    @classmethod
    def make(cls, path: Path) -> "Keyring":
        """Write a new key file that its owner alone may read; an existing one is never touched (FileExistsError)."""
        key_id, key = secrets.token_hex(4), secrets.token_bytes(_KEY_BYTES)
        path.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER_ONLY), "w") as file:
            file.write(f"{key_id} {base64.b64encode(key).decode()}\n")
            file.flush()
            os.fsync(file.fileno())
        return cls({key_id: key})

    def seal(self, plain: bytes, column: str) -> bytes:
        """Seal bytes for one column, which is named as ``table.column``: key id, colon, nonce, ciphertext and tag."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        sealed = AESGCM(self._keys[self._newest]).encrypt(nonce, plain, column.encode())
        return self._newest.encode() + b":" + nonce + sealed

    def open(self, value: bytes, column: str) -> bytes:
        """Open what was sealed for a column. Raises KeyFileError for an unknown key or a value that was changed."""
        key_id, _, rest = value.partition(b":")
        key = self._keys.get(key_id.decode(errors="replace"))
        if key is None:
            raise KeyFileError("A sealed value names a key that is not in the key file. Put the right key file back.")
        try:
            return AESGCM(key).decrypt(rest[:_NONCE_BYTES], rest[_NONCE_BYTES:], column.encode())
        except (InvalidTag, ValueError):  # the second for a value that was cut off
            raise SpoiltError(f"A sealed value in {column} was changed, or belongs to another column.") from None

    def holds_key_of(self, value: bytes) -> bool:
        """Whether the key that a sealed value names is one of these."""
        return value.partition(b":")[0].decode(errors="replace") in self._keys

    def mark(self, text: str, use: str) -> str:
        """A keyed hash of a text for one use: the same text gives the same mark, and nobody without the key can tell.

        It is made with the oldest key, which therefore stays in the file when newer ones come.
        """
        oldest = next(iter(self._keys.values()))
        return hmac.new(oldest, f"{use}\0{text}".encode(), hashlib.sha256).hexdigest()


def _keys_in(lines: list[str], path: Path) -> dict[str, bytes]:
    keys: dict[str, bytes] = {}
    for line in lines:
        key_id, _, text = line.partition(" ")
        try:
            key = base64.b64decode(text, validate=True)
        except ValueError:
            key = b""
        if not key_id.isalnum() or key_id in keys or len(key) != _KEY_BYTES:
            raise KeyFileError(f"{path} is no key file; each line is a key's own id and the key.")
        keys[key_id] = key
    if not keys:
        raise KeyFileError(f"The key file {path} is empty. Put it back from where you keep it.")
    return keys


class Unreadable:
    """What stands for a sealed value that was changed: whoever looks at it gets its error, and its row stays usable.

    One spoilt value must stop neither a query of many rows nor a night of many people, and can be written anew.
    """

    def __init__(self, problem: KeyFileError) -> None:
        """Keep the error for whoever looks."""
        self._problem = problem

    def __getitem__(self, _: Any) -> Any:
        """Raise the error; whoever goes through it meets it too."""
        raise self._problem

    def __str__(self) -> str:
        """Raise the error."""
        raise self._problem


class Sealed(TypeDecorator[Any]):
    """A column whose value, anything JSON can hold, is sealed. The engine's dialect carries the keyring."""

    impl = LargeBinary
    cache_ok = True

    def __init__(self, column: str) -> None:
        """Bind the type to its column, named as ``table.column``."""
        super().__init__()
        self.column = column

    def process_bind_param(self, value: Any, dialect: Dialect) -> bytes | None:
        """Seal what is written."""
        if value is None:
            return None
        plain = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return keyring_of(dialect).seal(plain.encode(), self.column)

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        """Open what is read. Raises KeyFileError where the key is not there; no value can be read then."""
        if value is None:
            return None
        try:
            return json.loads(keyring_of(dialect).open(bytes(value), self.column))
        except SpoiltError as problem:
            return Unreadable(problem)


def keyring_of(dialect: Dialect) -> Keyring:
    """The keyring that the engine was made with."""
    keyring: Keyring = dialect.alongside_keyring  # type: ignore[attr-defined]  # put there by database.engine_for
    return keyring
