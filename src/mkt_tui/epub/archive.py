"""The archive, examined by every door a hostile one could come through before anybody reads it.

Every entry is unpacked once, in pieces, into nothing: what the directory of the archive claims
is not believed. Names, sizes and the heads of XML files are judged on the way.
"""

import copy
import stat
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from mkt_tui.domain.text import clean_line
from mkt_tui.epub import markup
from mkt_tui.epub.progress import Cancelled, Step, Told
from mkt_tui.i18n import N_, _

MOST_ENTRIES: Final = 10_000
MOST_BYTES: Final = 4_000_000_000
# Text packs 20 times smaller at best, a blank picture 200 times, a bomb a thousand times.
MOST_RATIO: Final = 200
RATIO_COUNTS_FROM: Final = 10_000_000
_LARGEST_DIRECTORY: Final = 16_000_000
_LONGEST_NAME: Final = 1_000
_PIECE: Final = 256 * 1024
_METHODS: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_PACKED: Final = (
    b"PK\x03\x04",
    b"\x1f\x8b\x08",
    b"7z\xbc\xaf\x27\x1c",
    b"Rar!\x1a\x07",
    b"BZh",
    b"\xfd7zXZ\x00",
    b"\x28\xb5\x2f\xfd",
)
_END: Final = b"PK\x05\x06"
_END_64: Final = b"PK\x06\x06"
_LOCATOR_64: Final = b"PK\x06\x07"
_LOCAL_HEADER: Final = 30


class Hostile(Exception):
    """The archive is refused.

    Attributes:
        rule: The id of the message.
        path: The entry, "" for the archive.
        text: What is wrong, translated.
    """

    def __init__(self, rule: str, text: str, path: str = "", **parameters: object) -> None:
        self.rule, self.path = rule, clean_line(path, 300)
        self.text = _(text).format(**parameters)
        super().__init__(rule)


class Archive:
    """An archive that was found harmless.

    Attributes:
        names: Its files, in their order.
    """

    def __init__(self, opened: zipfile.ZipFile) -> None:
        self._zip = opened
        self._infos = {each.filename: each for each in opened.infolist() if not each.is_dir()}
        self.names = tuple(self._infos)

    def __contains__(self, name: object) -> bool:
        return name in self._infos

    def size(self, name: str) -> int:
        """Return a file's size unpacked, in bytes."""
        return self._infos[name].file_size

    def read(self, name: str, most: int) -> bytes:
        """Return the first `most` bytes of a file.

        Raises:
            KeyError: There is no such file.
        """
        with self._zip.open(self._infos[name]) as entry:
            return entry.read(most)

    def close(self) -> None:
        """Close the file."""
        self._zip.close()


def examine(path: Path, tell: Told, cancelled: Cancelled) -> Archive:
    """Open an EPUB's archive; nothing is written anywhere.

    Raises:
        Hostile: It is no archive, a damaged or a hostile one.
        Stopped: `cancelled` said so.
        OSError: It cannot be read.
    """
    _look_at_directory(path)
    try:
        opened = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, NotImplementedError, ValueError, struct.error) as error:
        raise Hostile("ARCHIVE-DAMAGED", _DAMAGED, detail=clean_line(str(error), 200)) from error
    try:
        _examine(opened, tell, cancelled)
    except BaseException:
        opened.close()
        raise
    return Archive(opened)


_DAMAGED: Final = N_("This is no EPUB file, or a damaged one ({detail}).")


def _look_at_directory(path: Path) -> None:
    """See that the directory can be held in memory before anybody loads it."""
    with path.open("rb") as file:
        end = file.seek(0, 2)
        file.seek(max(end - 65_557, 0))
        tail = file.read()
        for place in _all(tail, _END):
            if len(tail) - place >= 22:
                count, size = struct.unpack_from("<HI", tail, place + 10)
                _check_directory(count, size)
        for place in _all(tail, _LOCATOR_64):
            if len(tail) - place >= 20:
                (offset,) = struct.unpack_from("<Q", tail, place + 8)
                file.seek(min(offset, end))
                record = file.read(56)
                if len(record) == 56 and record.startswith(_END_64):
                    count, size = struct.unpack_from("<QQ", record, 32)
                    _check_directory(count, size)


def _all(tail: bytes, sign: bytes) -> Iterator[int]:
    place = tail.find(sign)
    while place >= 0:
        yield place
        place = tail.find(sign, place + 1)


def _check_directory(count: int, size: int) -> None:
    # Beyond these every field of the old record says "look into the new one".
    if count != 0xFFFF and count > MOST_ENTRIES:
        raise Hostile("ARCHIVE-ENTRIES", _MANY, most=MOST_ENTRIES)
    if size != 0xFFFFFFFF and size > _LARGEST_DIRECTORY:
        raise Hostile("ARCHIVE-ENTRIES", _MANY, most=MOST_ENTRIES)


_MANY: Final = N_("The archive holds more than {most} files: no reading system would open it.")


def _examine(opened: zipfile.ZipFile, tell: Told, cancelled: Cancelled) -> None:
    infos = opened.infolist()
    if len(infos) > MOST_ENTRIES:
        raise Hostile("ARCHIVE-ENTRIES", _MANY, most=MOST_ENTRIES)
    names: set[str] = set()
    for each in infos:
        _check_entry(each)
        name = unicodedata.normalize("NFC", each.filename.rstrip("/"))
        if name in names:
            raise Hostile(
                "ARCHIVE-DUPLICATE",
                N_(
                    "The archive holds two files of this name: which one is read is a matter of luck."
                ),
                each.filename,
            )
        names.add(name)
    whole = sum(each.file_size for each in infos)
    _check_size(whole, sum(each.compress_size for each in infos))
    _check_overlap(infos)
    done = 0
    for each in infos:
        for piece in _unpacked(opened, each, cancelled):
            done += piece
            tell(Step.ARCHIVE, done, whole)


def _check_entry(info: zipfile.ZipInfo) -> None:
    name = info.orig_filename
    parts = name.replace("\\", "/").split("/")
    if name.startswith(("/", "\\")) or ".." in parts or parts[0].endswith(":"):
        raise Hostile(
            "ARCHIVE-SLIP",
            N_("A file's name leads out of the archive: unpacked, it would overwrite other files."),
            name,
        )
    if not name.strip("/") or len(name) > _LONGEST_NAME or _has_controls(name):
        raise Hostile("ARCHIVE-NAME", N_("A file's name cannot be used."), name)
    mode = stat.S_IFMT(info.external_attr >> 16)
    if mode not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise Hostile(
            "ARCHIVE-LINK", N_("The archive holds a link or a device instead of a file."), name
        )
    if info.flag_bits & 0x41:
        raise Hostile(
            "ARCHIVE-ENCRYPTED", N_("A file of the archive is locked with a password."), name
        )
    if info.compress_type not in _METHODS:
        raise Hostile(
            "ARCHIVE-METHOD", N_("A file is packed in a way that EPUB does not allow."), name
        )
    _check_size(info.file_size, info.compress_size, name)


def _has_controls(name: str) -> bool:
    return any(unicodedata.category(sign) in ("Cc", "Cs") for sign in name)


def _check_size(size: int, packed: int, name: str = "") -> None:
    if size > MOST_BYTES:
        raise Hostile(
            "ARCHIVE-BOMB",
            N_("Unpacked it would be larger than {most} GB."),
            name,
            most=MOST_BYTES // 10**9,
        )
    if size > RATIO_COUNTS_FROM and size > packed * MOST_RATIO:
        raise Hostile(
            "ARCHIVE-BOMB",
            N_("It is packed more than {ratio} times smaller: no book is, but a zip bomb."),
            name,
            ratio=MOST_RATIO,
        )


def _check_overlap(infos: list[zipfile.ZipInfo]) -> None:
    end = 0
    for each in sorted(infos, key=lambda info: info.header_offset):
        if each.header_offset < end:
            raise Hostile(
                "ARCHIVE-BOMB",
                N_("Several files share the same packed bytes, as only a zip bomb does."),
                each.filename,
            )
        end = each.header_offset + _LOCAL_HEADER + len(each.orig_filename) + each.compress_size


def _unpacked(
    opened: zipfile.ZipFile, info: zipfile.ZipInfo, cancelled: Cancelled
) -> Iterator[int]:
    """Yield the sizes of a file's pieces after having looked at them.

    The reader stops at the size that the directory claims; one byte more than that is asked
    for, so that a file which goes on is noticed. Java would unpack it to its end.
    """
    asked = copy.copy(info)
    asked.file_size += 1
    done = 0
    guard = markup.Guard()
    try:
        with opened.open(asked) as entry:
            while piece := entry.read(_PIECE):
                cancelled.check()
                if not done and piece.startswith(_PACKED):
                    raise Hostile(
                        "ARCHIVE-NESTED", N_("The archive holds another archive."), info.filename
                    )
                done += len(piece)
                guard.feed(piece)
                yield len(piece)
    except markup.HostileMarkup as error:
        raise Hostile("ARCHIVE-ENTITIES", _ENTITIES, info.filename) from error
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError) as error:
        detail = clean_line(str(error), 200)
        raise Hostile("ARCHIVE-DAMAGED", _DAMAGED, info.filename, detail=detail) from error
    if done != info.file_size:
        raise Hostile(
            "ARCHIVE-BOMB",
            N_("A file is not as large as the archive claims."),
            info.filename,
        )


_ENTITIES: Final = N_(
    "The file declares XML entities that read other files or grow without end when it is opened."
)
