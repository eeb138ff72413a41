"""EPUB files examined before they leave: hostile archives, EPUBCheck, and what each shop asks for.

`check.check` is the way in. Nothing here knows the cache, the network or a screen.
"""
