"""The outside world: one small class per marketplace behind small ports."""
