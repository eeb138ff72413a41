"""Tests that need the dictionaries of Debian's packages hunspell-pt-br, hunspell-it, hunspell-en-us."""

import os

import pytest

from mkt_tui.desk import spelling

LACKING = [each for each in ("pt_BR", "it", "en") if not spelling.is_known(each)]

needs_dictionaries = pytest.mark.skipif(
    bool(LACKING) and os.environ.get("CI") != "true",
    reason=f"no dictionary of {LACKING} (apt install libenchant-2-2 hunspell-pt-br ...)",
)
