"""The desk of a colleague: `python -m tests.journeys.colleague LOGIN ARGUMENTS...`.

Two logins would need two accounts of the machine that share a group and reach this Python. So the
operating system's word on who is at work is replaced, at its border; the desk is the real one.
"""

import pwd
import sys

from mkt_tui.__main__ import main

_ask = pwd.getpwuid


def _colleague(uid: int) -> pwd.struct_passwd:
    _login, *others = _ask(uid)
    return pwd.struct_passwd((LOGIN, *others))


LOGIN = sys.argv.pop(1)
pwd.getpwuid = _colleague
main()
