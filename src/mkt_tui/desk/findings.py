"""What a look at an installation finds, and what was done about it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as it should be.

    Attributes:
        check: A stable word for scripts: settings, permissions, damage, ...
        what: One sentence that says what is wrong.
        remedy: One sentence that says what to do.
        repair: Does it, where that is safe, and says what was done.
    """

    check: str
    what: str
    remedy: str
    repair: Callable[[], str] | None = None


@dataclass(frozen=True, slots=True)
class Treated:
    """A finding after its treatment; `done` says what was done about it, None = nothing."""

    finding: Finding
    done: str | None

    def as_json(self) -> dict[str, Any]:
        """Return it under its public keys; to these keys others may only be added."""
        return {
            "check": self.finding.check,
            "problem": self.finding.what,
            "remedy": self.finding.remedy,
            "can_fix": self.finding.repair is not None,
            "fixed": self.done,
        }


def followed(finding: Finding, then: Callable[[], None]) -> Finding:
    """Return the finding with a repair that calls `then` when it has succeeded."""
    repair = finding.repair
    if repair is None:
        return finding

    def both() -> str:
        done = repair()
        then()
        return done

    return replace(finding, repair=both)


def treat(finding: Finding, *, repairing: bool) -> Treated:
    """Carry the finding's repair out, if that is wanted and there is one.

    Raises:
        UserError: The repair failed.
    """
    done = finding.repair() if repairing and finding.repair else None
    return Treated(finding, done)
