"""The practice marketplaces: shops that speak the contracts of several marketplaces.

It shares no code with the adapters, so that one misreading of a contract cannot hide in both. What
is the same for all is here; each contract has a package of its own and an entry in `server.CONTRACTS`.
"""
