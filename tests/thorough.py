"""How many examples property tests try: the usual number, or, when asked, at least a thousand.

HYPOTHESIS_PROFILE=thorough python -m pytest tests/domain
"""

import os
from typing import Final

from hypothesis import HealthCheck, settings

THOROUGH: Final = os.environ.get("HYPOTHESIS_PROFILE") == "thorough"
_MANY: Final = 1000

settings.register_profile(
    "thorough",
    max_examples=_MANY,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def examples(usual: int) -> int:
    """Return how many examples a test tries that is too slow for Hypothesis' own number."""
    return max(usual, _MANY) if THOROUGH else usual
