"""The budgets measured: a seeded cache, the desk in a pseudo-terminal, sync over loopback HTTP.

Run them from the repository's root: `python -m bench.startup`, see docs/performance.md.
"""
