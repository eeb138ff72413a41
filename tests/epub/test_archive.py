"""Hostile archives are refused before anything else reads them; honest ones of any size are not."""

import json
import stat
import struct
import subprocess
import sys
import warnings
import zipfile
import zlib
from collections.abc import Callable
from io import BytesIO
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mkt_tui.epub import archive, markup
from mkt_tui.epub.archive import Hostile
from mkt_tui.epub.book import Book
from mkt_tui.epub.check import Unreadable, check
from mkt_tui.epub.contents import dead_links
from mkt_tui.epub.profiles import Profile
from mkt_tui.epub.progress import Cancelled, Progress, Step, Stopped
from mkt_tui.epub.report import Report, Severity
from mkt_tui.sandbox.books import book
from tests.epub.conftest import ISBN

FileOf = Callable[[bytes], Path]
GOOD = book(ISBN)


def with_entry(
    name: str, content: bytes = b"x", *, method: int = zipfile.ZIP_STORED, mode: int = 0
) -> bytes:
    """Return the good book with one more entry."""
    made = BytesIO(GOOD)
    with warnings.catch_warnings(), zipfile.ZipFile(made, "a") as opened:
        warnings.simplefilter("ignore")  # of two entries with one name
        info = zipfile.ZipInfo(name)
        info.compress_type, info.external_attr = method, mode << 16
        opened.writestr(info, content)
    return made.getvalue()


def refusal(path: Path) -> Hostile:
    with pytest.raises(Hostile) as found:
        archive.examine(path, lambda *_: None, Cancelled())
    return found.value


def rule_of(path: Path) -> str:
    """Return the rule that a file is refused by, "" for none."""
    try:
        archive.examine(path, lambda *_: None, Cancelled()).close()
    except Hostile as error:
        return error.rule
    return ""


@pytest.mark.parametrize(
    "name",
    ["../../etc/cron.d/x", "EPUB/../../x", "/etc/passwd", "..\\x", "\\\\server\\x", "C:/x"],
)
def test_a_name_that_leads_out_of_the_archive_is_refused(file_of: FileOf, name: str) -> None:
    assert refusal(file_of(with_entry(name))).rule == "ARCHIVE-SLIP"


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(parts=st.lists(st.sampled_from(["..", ".", "a", "b.xhtml", "é"]), min_size=1, max_size=5))
def test_no_name_leads_out_however_it_is_written(
    parts: list[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.getbasetemp() / "slip.epub"
    path.write_bytes(with_entry("/".join(parts)))
    leads_out = ".." in PurePosixPath(*parts).parts
    assert (rule_of(path) == "ARCHIVE-SLIP") == leads_out


def test_a_bomb_of_zeros_is_refused_by_what_it_claims(file_of: FileOf) -> None:
    bomb = with_entry("EPUB/b.xhtml", bytes(30_000_000), method=zipfile.ZIP_DEFLATED)
    assert refusal(file_of(bomb)).rule == "ARCHIVE-BOMB"


def test_a_bomb_that_claims_to_be_small_is_refused_by_what_it_is(file_of: FileOf) -> None:
    bomb = with_entry("EPUB/b.bin", bytes(30_000_000), method=zipfile.ZIP_DEFLATED)
    claimed = struct.pack("<I", 30_000_000)
    assert bomb.count(claimed) == 2
    lying = bomb.replace(claimed, struct.pack("<I", 10))
    # Its checksum is right too, as far as we read.
    true, false = (struct.pack("<I", zlib.crc32(bytes(size))) for size in (30_000_000, 11))
    lying = lying.replace(true, false)
    assert refusal(file_of(lying)).text == "A file is not as large as the archive claims."


def test_files_that_share_their_bytes_are_refused(file_of: FileOf) -> None:
    made = BytesIO(with_entry("EPUB/one.bin", b"o" * 500))
    with zipfile.ZipFile(made, "a") as opened:
        twin = zipfile.ZipInfo("EPUB/two.bin")
        first = opened.getinfo("EPUB/one.bin")
        for name in ("header_offset", "CRC", "compress_size", "file_size"):
            setattr(twin, name, getattr(first, name))
        opened.filelist.append(twin)
        opened.NameToInfo[twin.filename] = twin
        vars(opened)["_didModify"] = True
    assert refusal(file_of(made.getvalue())).rule == "ARCHIVE-BOMB"


def test_more_files_than_a_book_has_are_refused_before_their_list_is_read(
    file_of: FileOf,
) -> None:
    made = BytesIO()
    with zipfile.ZipFile(made, "w") as opened:
        for number in range(archive.MOST_ENTRIES + 1):
            opened.writestr(str(number), b"")
    assert refusal(file_of(made.getvalue())).rule == "ARCHIVE-ENTRIES"


def test_an_archive_in_the_archive_is_refused(file_of: FileOf) -> None:
    assert refusal(file_of(with_entry("EPUB/inner.xhtml", GOOD))).rule == "ARCHIVE-NESTED"


def test_two_files_of_one_name_are_refused(file_of: FileOf) -> None:
    assert refusal(file_of(with_entry("EPUB/nav.xhtml"))).rule == "ARCHIVE-DUPLICATE"


@pytest.mark.parametrize("mode", [stat.S_IFLNK | 0o777, stat.S_IFIFO, stat.S_IFCHR])
def test_links_and_devices_are_refused(file_of: FileOf, mode: int) -> None:
    content = with_entry("EPUB/fonts/x.otf", b"/etc/passwd", mode=mode)
    assert refusal(file_of(content)).rule == "ARCHIVE-LINK"


def test_an_archive_with_a_password_is_refused(file_of: FileOf) -> None:
    made = BytesIO(GOOD)
    place = GOOD.index(b"PK\x01\x02")
    locked = bytearray(made.getvalue())
    locked[place + 8] |= 1
    assert refusal(file_of(bytes(locked))).rule == "ARCHIVE-ENCRYPTED"


LAUGHS = b"""<!DOCTYPE html [
<!ENTITY a "haha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">
]>
<html xmlns="http://www.w3.org/1999/xhtml"><body><p>&c;</p></body></html>"""
READS = LAUGHS.replace(b'<!ENTITY a "haha">', b'<!ENTITY a SYSTEM "file:///etc/passwd">')


@pytest.mark.parametrize(
    "document",
    [
        LAUGHS,
        READS,
        LAUGHS.replace(b'<!ENTITY a "haha">', b'<!ENTITY % a SYSTEM "http://127.0.0.1/x"> %a;'),
        b'<?xml version="1.1"?>' + LAUGHS,
        b" " * 5_000 + LAUGHS,
        b"\xef\xbb\xbf" + LAUGHS,
        LAUGHS.decode().encode("utf-16"),
        b"<!--" + b"-" * 300_000 + b"x-->" + LAUGHS,
        b'<!DOCTYPE html [<!ENTITY a "' + b"a" * 5_000 + b'">]><html/>',
    ],
    ids=["bomb", "file", "parameter", "xml-1.1", "blanks", "bom", "utf-16", "comment", "long"],
)
def test_entities_that_grow_or_read_files_are_refused(file_of: FileOf, document: bytes) -> None:
    content = with_entry("EPUB/c9.xhtml", document, method=zipfile.ZIP_DEFLATED)
    assert refusal(file_of(content)).rule == "ARCHIVE-ENTITIES"


def test_names_of_characters_as_old_books_declare_them_are_no_attack(file_of: FileOf) -> None:
    old = (
        b'<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.1//EN"'
        b' "http://www.w3.org/TR/xhtml11/DTD/xhtml11.dtd" [<!ENTITY nbsp "&#160;">]>'
        b"<html><body>&nbsp;&eacute;</body></html>"
    )
    content = with_entry("EPUB/c9.xhtml", old.replace(b"&#160;", b"\xc2\xa0"))
    archive.examine(file_of(content), lambda *_: None, Cancelled()).close()


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", GOOD[:-30], GOOD[:500]])
def test_what_is_no_archive_is_said_to_be_none(file_of: FileOf, content: bytes) -> None:
    assert refusal(file_of(content)).rule == "ARCHIVE-DAMAGED"


def test_a_refused_file_gets_a_report_of_one_fatal_message_and_java_never_sees_it(
    file_of: FileOf, shops: dict[str, Profile], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")  # with Java it would be missing
    report = check(file_of(with_entry("../x")), list(shops.values()))
    assert report.checker is None
    assert not report.passed
    for verdict in report.verdicts:
        (message,) = verdict.messages
        assert (message.id, message.severity) == ("ARCHIVE-SLIP", Severity.FATAL)
        assert (message.path, bool(message.advice)) == ("../x", True)


def test_a_file_that_is_not_there_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match=r"x\.epub cannot be checked: there is no such file"):
        check(tmp_path / "x.epub", [])
    with pytest.raises(Unreadable, match="no such file"):
        check(tmp_path, [])


def test_a_check_tells_how_far_it_is_and_ends_when_nobody_waits(file_of: FileOf) -> None:
    stop = Cancelled()
    told: list[Progress] = []

    def tell(progress: Progress) -> None:
        told.append(progress)
        if progress.done > 2_000:
            stop.set()

    with pytest.raises(Stopped):
        check(file_of(GOOD), [], on_progress=tell, cancelled=stop)
    assert {each.step for each in told} == {Step.ARCHIVE}
    assert 0 < told[-1].done <= told[-1].total


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    changes=st.lists(
        st.tuples(st.integers(0, len(GOOD) - 1), st.integers(0, 255)), min_size=1, max_size=8
    )
)
def test_a_damaged_file_is_refused_or_read_but_never_breaks_the_check(
    changes: list[tuple[int, int]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    content = bytearray(GOOD)
    for place, value in changes:
        content[place] = value
    path = tmp_path_factory.getbasetemp() / "damaged.epub"
    path.write_bytes(content)
    if rule_of(path):
        return
    opened = archive.examine(path, lambda *_: None, Cancelled())
    found = Book(opened)
    places = [each.target for each in found.toc()]
    assert all(each.path for each in dead_links(found))
    assert all(found.pixels(each) != (0, 0) for each in found.images)
    assert isinstance(found.title + found.identifier + found.cover + "".join(places), str)
    assert all(isinstance(each.path, str) for each in found.encrypted)
    opened.close()


@pytest.mark.parametrize("side", ["9" * 400, "0", "x"])
def test_a_picture_that_says_nonsense_of_its_size_has_none(side: str, file_of: FileOf) -> None:
    drawn = f"<svg width='{side}' height='{side}'></svg>".encode()
    opened = archive.examine(
        file_of(with_entry("EPUB/map.png", drawn)), lambda *_: None, Cancelled()
    )
    assert Book(opened).pixels("EPUB/map.png") is None
    opened.close()


@given(tree=st.binary(max_size=200))
def test_no_bytes_break_the_reading_of_markup(tree: bytes) -> None:
    document = b"<package xmlns='http://www.idpf.org/2007/opf'>" + tree
    assert all(each.line > 0 and each.column > 0 for each in markup.elements(document))


# Run in a process of its own, whose memory is measured; its messages are progress, then figures.
MEASURED = """
import json, resource, sys
from pathlib import Path
from mkt_tui.desk import own_files
from mkt_tui.epub.check import check
from mkt_tui.epub.profiles import read

steps = []
shops = read(own_files.of_package("epub_profiles.toml"), {})
report = check(Path(sys.argv[1]), list(shops.values()), on_progress=steps.append)
# What getrusage tells of oneself holds what the parent had at one's birth; the kernel's mark does not.
ours = int(Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0])
javas = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
print(json.dumps([list(dict.fromkeys(each.step for each in steps)), ours, javas]))
print(report.to_json())
"""


def test_a_whole_book_of_300_mb_is_taken_by_every_shop_in_bounded_memory(
    tmp_path: Path, java: None, shops: dict[str, Profile]
) -> None:
    path = tmp_path / f"{ISBN}.epub"
    path.write_bytes(GOOD)
    with zipfile.ZipFile(path, "a") as opened, opened.open("META-INF/film.bin", "w") as film:
        for _megabyte in range(300):
            film.write(b"\xff\xfb\x90\x44" * 250_000)
    done = subprocess.run(
        [sys.executable, "-c", MEASURED, str(path)], capture_output=True, text=True, check=True
    )
    path.unlink()
    figures, _line, told = done.stdout.partition("\n")
    steps, ours, javas = json.loads(figures)
    report = Report.from_json(told)
    assert report.size > 300_000_000
    assert [(each.passed, each.messages) for each in report.verdicts] == [(True, ())] * len(shops)
    assert (report.title, report.identifier) == ("O farol da ilha", f"urn:isbn:{ISBN}")
    assert steps == list(Step)
    # In KB.
    assert ours < 250_000
    assert javas < 800_000
