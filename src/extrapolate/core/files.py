"""Files: read as text, written whole or not at all.

What is written goes to a temporary file beside the target, which is then renamed: a crash or a full disk leaves
the old file as it was. An existing file is only replaced when that is asked for.
"""

from __future__ import annotations

import codecs
import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from extrapolate.core.errors import InputError

LARGEST = 200_000_000
WINDOWS = "cp1252"
# A character beyond ASCII that was UTF-8, and no byte that stands for itself.
_DECODED = re.compile("[^\\x00-\\x7f\\udc80-\\udcff]")


def read_bytes(path: str | Path) -> bytes:
    """The bytes of a file; InputError when there is no such file or it can't be read."""
    try:
        if Path(path).is_dir():
            raise InputError(f"{path} is a folder; give a file.")
        with open(path, "rb") as file:
            data = file.read(LARGEST + 1)
    except InputError:
        raise
    except FileNotFoundError:
        raise InputError(f"there is no file {path}; give the path of a file, or - for standard input.") from None
    except (OSError, ValueError) as error:
        raise InputError(f"{str(path)!r} can't be read ({getattr(error, 'strerror', None) or error}).") from None
    if len(data) > LARGEST:
        raise InputError(f"{path} is larger than {LARGEST:,} bytes, which is the most that is read; give a part of it.")
    return data


def decode(data: bytes, name: str) -> str:
    """The text of UTF-8 bytes, a byte order mark included; InputError names the first byte that is not UTF-8."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise InputError(
            f"{name} is not UTF-8 text: byte {error.start + 1:,} (0x{data[error.start]:02x}, in line {line:,}) "
            "does not fit; save it as UTF-8 and try again."
        ) from None


def decode_table(data: bytes, name: str, encoding: str | None = None) -> tuple[str, str | None]:
    """The text of a table, and the encoding it was read in where that is not UTF-8.

    Without an `encoding`, a file that begins with the mark of UTF-16 is that, and one whose letters beyond ASCII are
    all no UTF-8 is what Windows writes (cp1252). Of any other, single bytes that are not UTF-8 stand for themselves,
    as PEP 383 has it, and are written back. InputError for zero bytes that are not UTF-16, and for an encoding that is
    unknown or does not fit.
    """
    if encoding is None and data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    if encoding is not None:
        try:
            return data.decode(encoding), encoding
        except (LookupError, UnicodeError) as error:
            raise InputError(f"{name} can't be read as {encoding} ({error}); give another --encoding.") from None
    if b"\0" in data:
        return decode(data, name), None
    text = data.decode("utf-8", "surrogateescape")
    if not text.isascii() and not _DECODED.search(text):
        return data.decode(WINDOWS, "replace"), WINDOWS
    return text, None


def is_decoded(text: str) -> bool:
    """Whether a text is free of bytes that are not UTF-8."""
    return text.isascii() or not any("\udc80" <= c <= "\udcff" for c in text)


def encode(text: str) -> bytes:
    """UTF-8, with the bytes that were none as they were; half characters, which JSON may hold, are spelled out."""
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return text.encode("utf-8", "backslashreplace")


def read_text(path: str | Path) -> str:
    return decode(read_bytes(path), str(path))


def check_target(path: str | Path, *, force: bool = False) -> Path:
    """The path, when a file can be written there; InputError when one is there already or the folder is missing."""
    target = Path(path)
    try:
        if target.is_dir():
            raise InputError(f"{path} is a folder; give the name of a file in it.")
        if target.exists() and not target.is_file():
            raise InputError(f"{path} is not a plain file, so it can't be replaced; give another name.")
        if target.exists() and not force:
            raise InputError(f"{path} exists and is left as it is; give another name, or --force to replace it.")
        folder = Path(os.path.realpath(target)).parent
        if not folder.is_dir():
            raise InputError(f"{path} can't be written, as there is no folder {folder}; make it first.")
        if not os.access(folder, os.W_OK):
            raise InputError(f"{path} can't be written, as the folder {folder} is read-only; give another place.")
    except InputError:
        raise
    except (OSError, ValueError) as error:
        raise InputError(f"{str(path)!r} is not a name a file can have ({error}).") from None
    return target


def write_text(path: str | Path, text: str, *, force: bool = False) -> None:
    """Writes a whole file in one step, line ends as they are in the text."""
    with written(path, force=force) as temporary, open(temporary, "wb") as file:
        file.write(encode(text))
        file.flush()
        os.fsync(file.fileno())


@contextmanager
def written(path: str | Path, *, force: bool = False) -> Iterator[Path]:
    """An empty file beside the path, with its ending, that takes its place when the block ends without an error."""
    target = Path(os.path.realpath(check_target(path, force=force)))
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.stem[:40]}.", suffix=f".part{target.suffix}")
    os.close(handle)
    temporary = Path(name)
    try:
        yield temporary
        os.chmod(temporary, target.stat().st_mode & 0o777 if target.exists() else 0o666 & ~_umask())
        os.replace(temporary, target)
    except BaseException as error:
        temporary.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise InputError(f"{path} can't be written ({error.strerror or error}).") from None
        raise


def _umask() -> int:
    """The mask of permissions; it can only be read by setting it."""
    mask = os.umask(0)
    os.umask(mask)
    return mask
