"""From a file to numbered rows of text, whatever the spreadsheet that wrote it thought a CSV is.

A row's number is the one a person sees at its left edge: the header is row 1, a blank row counts, and a line break
inside a cell does not.
"""

import codecs
import csv
import gzip
import io
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from matcher.errors import SheetError

SAVE_AS = 'open it in a spreadsheet and save it as "CSV UTF-8"'

_GZIP = b"\x1f\x8b"
_BYTE_ORDER_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
_NO_TEXT = {
    b"PK\x03\x04": "a workbook (such as .xlsx or .ods) or another zip file",
    b"\xd0\xcf\x11\xe0": "an old workbook (.xls)",
    b"%PDF": "a PDF",
    b"<": "a web page",
}
_DELIMITERS = ",;\t"
_HEADER_AT_MOST = 100_000
_LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class Uploaded:
    """A file that somebody sent: what it is called in sentences, and what it holds. No file is opened by this name."""

    name: str
    content: bytes

    @classmethod
    def called(cls, name: str, content: bytes) -> "Uploaded":
        """Take a file under the name a visitor gave, without folders, on one line, not too long."""
        last = re.split(r"[\\/]", name)[-1]
        line = " ".join("".join(sign if sign.isprintable() else " " for sign in last).split())
        return cls(line[:_LONGEST_NAME] or "This file", content)


Source = Path | Uploaded
"""Where a sheet comes from: a file of whoever runs this at a keyboard, or what a visitor sent."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a sheet: the number a person sees beside it, and its cells without the space around them."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet with a header. Every row has as many cells as the header; those that had more are in ``too_long``."""

    name: str
    header: tuple[str, ...]
    rows: tuple[Row, ...]
    too_long: tuple[Row, ...] = ()
    notes: tuple[str, ...] = ()


def read_table(source: Source) -> Table:
    """Read a CSV file, gzipped or not, as a header and its rows.

    Raises SheetError for a file that is empty, no CSV, or has two columns of one name.
    """
    rows, notes = read_rows(source)
    header = _without_empty_end(rows[0].cells)
    _refuse_twins(source.name, header)
    width = len(header)
    fitting = (row for row in rows[1:] if len(row.cells) <= width)
    return Table(
        name=source.name,
        header=header,
        rows=tuple(Row(row.number, row.cells + ("",) * (width - len(row.cells))) for row in fitting),
        too_long=tuple(row for row in rows[1:] if len(row.cells) > width),
        notes=notes,
    )


def read_rows(source: Source) -> tuple[tuple[Row, ...], tuple[str, ...]]:
    """Read the rows that hold anything, the header among them, and notes on how the file was read."""
    content = _sent(source) if isinstance(source, Uploaded) else _content(source)
    text, notes = _decode(source.name, content)
    rows = tuple(_rows(source.name, text))
    if not rows:
        raise SheetError(f"{source.name} is empty; export the answers again, with the header in row 1.")
    return rows, notes


def _sent(upload: Uploaded) -> bytes:
    """What a visitor sent, never unpacked: a small .gz file can hold more than this machine has room for."""
    if upload.content.startswith(_GZIP):
        raise SheetError(f"{upload.name} is a .gz file; unpack it, and send the CSV file that is in it.")
    return upload.content


def _content(path: Path) -> bytes:
    try:
        content = path.read_bytes()
        return gzip.decompress(content) if content.startswith(_GZIP) else content
    except (EOFError, gzip.BadGzipFile, zlib.error):
        raise SheetError(f"{path.name} is a damaged .gz file; fetch or compress it again.") from None
    except (OSError, ValueError) as problem:  # ValueError: a NUL in the path itself
        reason = getattr(problem, "strerror", None) or "its name is not a file's"
        raise SheetError(f"{path.name or path} cannot be read: {reason}.") from None


def _decode(name: str, content: bytes) -> tuple[str, tuple[str, ...]]:
    start = content[:100].lstrip()
    for beginning, kind in _NO_TEXT.items():
        if start.startswith(beginning):
            raise SheetError(f"{name} is not a CSV file but {kind}; {SAVE_AS}.")
    encoding = next((known for mark, known in _BYTE_ORDER_MARKS.items() if content.startswith(mark)), "utf-8")
    notes: tuple[str, ...] = ()
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        text = _as_windows(name, content, encoding)
        notes = (f"{name} is not UTF-8 and was read as Windows-1252; look whether names with accents are right.",)
    if "\0" in text:
        raise SheetError(f"{name} is not a CSV file, or in an unusual encoding; {SAVE_AS}.")
    return text, notes


def _as_windows(name: str, content: bytes, encoding: str) -> str:
    try:
        if encoding == "utf-8":
            return content.decode("cp1252")
    except UnicodeDecodeError:
        pass
    raise SheetError(f"{name} is not text in a known encoding; {SAVE_AS}.") from None


def _rows(name: str, text: str) -> Iterator[Row]:
    """The rows that hold anything. Strict, because an open quotation mark would swallow every row after it."""
    delimiter, text = _delimiter(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True, skipinitialspace=True)
    number = 0
    try:
        for number, cells in enumerate(reader, start=1):
            row = _without_empty_end(tuple(cell.strip() for cell in cells))
            if row:
                yield Row(number, row)
    except csv.Error:
        raise SheetError(
            f"{name}, row {number + 1}: a quotation mark opens a cell there and is not closed where the cell ends, "
            f"or the cell is longer than a sheet allows; mend that row, or {SAVE_AS}."
        ) from None


def _delimiter(text: str) -> tuple[str, str]:
    """The separator that row 1 uses most outside of quotation marks, and the text without a ``sep=;`` line."""
    told = re.match(r"sep=([,;\t])\r?\n", text)
    if told:
        return told[1], text[told.end() :]
    unquoted = re.sub(r'"[^"]*"', "", text[:_HEADER_AT_MOST]).lstrip("\r\n ")
    return max(_DELIMITERS, key=re.split(r"[\r\n]", unquoted, maxsplit=1)[0].count), text


def _without_empty_end(cells: tuple[str, ...]) -> tuple[str, ...]:
    end = len(cells)
    while end and not cells[end - 1]:
        end -= 1
    return cells[:end]


def _refuse_twins(name: str, header: tuple[str, ...]) -> None:
    seen: set[str] = set()
    for title in filter(None, header):
        if title.casefold() in seen:
            raise SheetError(f'{name} has two columns called "{title}"; give each its own name in row 1.')
        seen.add(title.casefold())
