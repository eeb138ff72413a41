"""What each shop asks of a file, as dated data with its source (`epub_profiles.toml`)."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Final

from mkt_tui.domain.words import fold
from mkt_tui.epub.report import Severity

DEFAULT: Final = "bookwire"


@dataclass(frozen=True, slots=True)
class Cover:
    """What the cover image must be; lengths in pixels, None asks for nothing.

    Attributes:
        missing: How grave it is that there is none; None = not at all.
        shortest: The least length of the shorter side.
        longest: The greatest length of the longer side.
        severity: How grave a wrong size is.
    """

    missing: Severity | None = None
    shortest: int | None = None
    longest: int | None = None
    severity: Severity = Severity.ERROR


@dataclass(frozen=True, slots=True)
class Limit:
    """The most that may be, and how grave more than that is."""

    most: int
    severity: Severity = Severity.ERROR


@dataclass(frozen=True, slots=True)
class Profile:
    """One shop's rules on top of EPUBCheck's.

    Attributes:
        title: The shop's name.
        version: When its rules were taken down, or their own version.
        source: Where they are written.
        aliases: Other names it goes by in tickets.
        refuses: The least severity that the shop refuses a file for.
        encrypted_fonts: How grave mangled or encrypted fonts are; None = they are welcome.
        dead_toc_links: How grave an entry of the contents is that leads nowhere.
        file: The largest file, in megabytes of a million bytes.
        image: The most pixels of a picture.
        image_file: The largest picture, in megabytes.
        severities: Messages by their ids, whose severity differs from EPUBCheck's own.
    """

    name: str
    title: str
    version: str
    source: str
    aliases: tuple[str, ...] = ()
    refuses: Severity = Severity.ERROR
    encrypted_fonts: Severity | None = Severity.ERROR
    dead_toc_links: Severity | None = Severity.ERROR
    file: Limit | None = None
    image: Limit | None = None
    image_file: Limit | None = None
    cover: Cover = Cover()
    severities: Mapping[str, Severity] = field(default_factory=dict)

    @property
    def rule(self) -> str:
        """Whose rules, and of when."""
        return f"{self.title} {self.version}"


def read(figures: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Profile]:
    """Return the profiles of the package with the shop's own over them, field by field.

    Raises:
        ValueError: A profile that means nothing.
    """
    names = dict.fromkeys([*figures, *own])
    merged = {name: _merged(figures.get(name, {}), own.get(name, {})) for name in names}
    return {
        name: _profile(name, values)
        for name, values in merged.items()
        if values.get("off") is not True
    }


def choose(profiles: Mapping[str, Profile], shop: str) -> Profile:
    """Return the profile of a shop by any of its names, else the default one.

    Raises:
        KeyError: There is none for it, and the default one is switched off.
    """
    wanted = fold(shop)
    for each in profiles.values():
        if wanted in map(fold, (each.name, each.title, *each.aliases)):
            return each
    return profiles[DEFAULT]


def _merged(figures: Any, own: Any) -> dict[str, Any]:
    if not isinstance(figures, dict) or not isinstance(own, dict):
        raise ValueError("a profile is a table")  # noqa: TRY004 - one kind of wrong file
    return {**figures, **own}


def _profile(name: str, values: dict[str, Any]) -> Profile:
    known = {each.name for each in fields(Profile)} - {"name"}
    if unknown := values.keys() - known - {"off"}:
        raise ValueError(f"{name}: {', '.join(sorted(unknown))}?")
    try:
        return Profile(
            name,
            str(values.get("title", name)),
            str(values.get("version", "")),
            str(values.get("source", "")),
            tuple(map(str, values.get("aliases", ()))),
            Severity(values.get("refuses", "ERROR")),
            _severity(values.get("encrypted_fonts", "ERROR")),
            _severity(values.get("dead_toc_links", "ERROR")),
            _limit(values.get("file")),
            _limit(values.get("image")),
            _limit(values.get("image_file")),
            _cover(values.get("cover", {})),
            {str(k): Severity(v) for k, v in values.get("severities", {}).items()},
        )
    except (TypeError, AttributeError, ValueError) as error:
        raise ValueError(f"{name}: {error}") from error


def _severity(value: Any) -> Severity | None:
    return None if value == "allowed" else Severity(value)


def _limit(value: Any) -> Limit | None:
    if value is None:
        return None
    return Limit(int(value["most"]), Severity(value.get("severity", "ERROR")))


def _cover(values: Mapping[str, Any]) -> Cover:
    numbers = {name: int(values[name]) for name in ("shortest", "longest") if name in values}
    missing = Severity(values["missing"]) if "missing" in values else None
    if unknown := values.keys() - {"missing", "shortest", "longest", "severity"}:
        raise ValueError(f"cover: {', '.join(sorted(unknown))}?")
    return Cover(missing, severity=Severity(values.get("severity", "ERROR")), **numbers)
