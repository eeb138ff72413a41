"""Tests: they and the many processes that they start shall find the program compiled."""

import os
import sys

# Where this is set, as in many containers, every process would compile all of mkt-tui anew.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False
