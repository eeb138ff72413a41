"""One shop's rules laid over what EPUBCheck said.

Where EPUBCheck has already told of the same thing at the same place, its message keeps its id and
text, which is what a shop's ticket quotes, and takes over the shop's severity and our advice.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from mkt_tui.epub.advice import advice
from mkt_tui.epub.book import MANGLING, Encrypted
from mkt_tui.epub.profiles import Limit, Profile
from mkt_tui.epub.report import Message, Severity, Verdict, ordered
from mkt_tui.i18n import _

_MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class Facts:
    """What of a book the shops' rules ask for.

    Attributes:
        size: Of the whole file, in bytes.
        cover: The path of the cover image, "" = none.
        pixels: Width and height of each picture that has them.
        weights: Bytes of each picture.
        dead: Entries of the contents that lead nowhere.
        astray: Entries that lead to another chapter than they name.
    """

    size: int
    cover: str
    pixels: dict[str, tuple[int, int]]
    weights: dict[str, int]
    dead: tuple[Message, ...]
    encrypted: tuple[Encrypted, ...]
    astray: tuple[Message, ...] = ()


def judge(profile: Profile, told: Sequence[Message], facts: Facts | None) -> Verdict:
    """Return what a shop would say of a file; without facts it was refused unread."""
    messages = [_weighed(profile, each) for each in told]
    free: dict[tuple[str, str], list[int]] = {}
    for place, message in enumerate(messages):
        free.setdefault((message.id, message.path), []).append(place)
    for own in _own(profile, facts) if facts else ():
        _lay(messages, free, replace(own, source=profile.rule))
    passed = all(each.severity.rank > profile.refuses.rank for each in messages)
    return Verdict(
        profile.name, profile.title, profile.version, profile.source, passed, ordered(messages)
    )


def _weighed(profile: Profile, message: Message) -> Message:
    severity = profile.severities.get(message.id)
    return replace(message, severity=severity, source=profile.rule) if severity else message


# What EPUBCheck calls what we found ourselves.
_SAME = {
    "TOC-DEAD-LINK": "RSC-007",
    "TOC-DEAD-PLACE": "RSC-012",
    "FONT-ENCRYPTED": "RSC-004",
    "FILE-ENCRYPTED": "RSC-004",
}


def _lay(messages: list[Message], free: dict[tuple[str, str], list[int]], own: Message) -> None:
    """Join a message of ours with EPUBCheck's of the same thing, else add it."""
    known = free.get((_SAME.get(own.id, ""), own.path), [])
    # EPUBCheck gives the end of a tag, which may be lines below its beginning.
    same = [each for each in known if (messages[each].line or 0) >= (own.line or 0)]
    if not same:
        messages.append(own)
        return
    place = min(same, key=lambda each: (messages[each].line or 0, messages[each].column or 0))
    known.remove(place)
    messages[place] = replace(
        messages[place],
        severity=own.severity,
        advice=own.advice,
        kind=own.kind,
        source=f"{messages[place].source}, {own.source}",
    )


def _own(profile: Profile, facts: Facts) -> Iterator[Message]:
    if profile.dead_toc_links:
        for each in facts.dead:
            yield replace(each, severity=profile.dead_toc_links)
    yield from facts.astray
    yield from _encrypted(profile, facts)
    yield from _file(profile, facts)
    yield from _cover(profile, facts)
    yield from _images(profile, facts)


def _encrypted(profile: Profile, facts: Facts) -> Iterator[Message]:
    for each in facts.encrypted:
        if each.is_font and profile.encrypted_fonts:
            text = _("The font {path} is encrypted.").format(path=each.path)
            yield _message("FONT-ENCRYPTED", profile.encrypted_fonts, text, each.path)
        elif not each.is_font or each.algorithm not in MANGLING:
            text = _("The file {path} is encrypted: nobody can read it without a key.")
            told = text.format(path=each.path)
            yield _message("FILE-ENCRYPTED", Severity.ERROR, told, each.path)


def _file(profile: Profile, facts: Facts) -> Iterator[Message]:
    limit = profile.file
    if limit and facts.size > limit.most * _MEGABYTE:
        text = _("The file has {size} MB; {shop} takes {most} MB.").format(
            size=_megabytes(facts.size), shop=profile.title, most=limit.most
        )
        yield _message("FILE-LARGE", limit.severity, text)


def _cover(profile: Profile, facts: Facts) -> Iterator[Message]:
    wanted = profile.cover
    if not facts.cover:
        if wanted.missing:
            yield _message("COVER-MISSING", wanted.missing, _("No cover image is named."))
        return
    size = facts.pixels.get(facts.cover)
    if size is None:
        return
    shape = f"{size[0]} × {size[1]}"
    if wanted.shortest and min(size) < wanted.shortest:
        text = _("The cover has {shape} pixels; {shop} asks for {wanted} on its shorter side.")
        told = text.format(shape=shape, shop=profile.title, wanted=wanted.shortest)
        yield _message("COVER-SMALL", wanted.severity, told, facts.cover)
    if wanted.longest and max(size) > wanted.longest:
        text = _("The cover has {shape} pixels; {shop} takes {wanted} on its longer side.")
        told = text.format(shape=shape, shop=profile.title, wanted=wanted.longest)
        yield _message("COVER-LARGE", wanted.severity, told, facts.cover)


def _images(profile: Profile, facts: Facts) -> Iterator[Message]:
    if limit := profile.image:
        for path, (width, height) in facts.pixels.items():
            if width * height > limit.most:
                text = _("The picture has {pixels} million pixels; {shop} takes {most} million.")
                told = text.format(
                    pixels=_millions(width * height),
                    shop=profile.title,
                    most=_millions(limit.most),
                )
                yield _message("IMAGE-LARGE", limit.severity, told, path)
    if limit := profile.image_file:
        yield from _heavy(limit, profile, facts)


def _heavy(limit: Limit, profile: Profile, facts: Facts) -> Iterator[Message]:
    for path, size in facts.weights.items():
        if size > limit.most * _MEGABYTE:
            text = _("The picture has {size} MB; {shop} takes {most} MB.").format(
                size=_megabytes(size), shop=profile.title, most=limit.most
            )
            yield _message("IMAGE-HEAVY", limit.severity, text, path)


def _message(rule: str, severity: Severity, text: str, path: str = "") -> Message:
    return Message(rule, severity, path, None, None, text, advice(rule))


def _megabytes(size: int) -> str:
    return f"{size / _MEGABYTE:.1f}"


def _millions(pixels: int) -> str:
    return f"{pixels / 1_000_000:.2f}"
