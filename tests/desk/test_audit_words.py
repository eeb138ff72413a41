"""What the audit log notes reads as words, whoever wrote it."""

import pytest

from mkt_tui.desk.audit_words import detail


@pytest.mark.parametrize(
    ("noted", "shown"),
    [
        (None, ""),
        ("to=both operation=01J", "to customer AND marketplace"),
        ("to=operator operation=01J order=unseen",
         "to marketplace only, order: not seen before the reply"),
        ("to=bia", "to bia"),
        ("to=file revealed=no", "to a file, personal data shown: no"),
        ("until=2026-03-10T15:00Z", "until 2026-03-10 15:00 UTC"),
        ("AB1 > AB2", "AB1 > AB2"),
        ("lines=3", "lines: 3"),
        ("operation=01J", ""),
        ("mentions=bia,ana", "mentioned: bia,ana"),
        ("since=2026-01-31", "since 2026-01-31"),
    ],
)  # fmt: skip
def test_an_agent_reads_words(noted: str | None, shown: str) -> None:
    assert detail(noted) == shown
