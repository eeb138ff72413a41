"""Where secrets come from: a channel keeps a reference, never the secret itself (C2)."""

import os
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from mkt_tui import secret_store
from mkt_tui.domain.errors import SecretMissing
from mkt_tui.i18n import _

_SECONDS: Final = 20


def read_secret(reference: str, channel: str) -> str:
    """Return the secret that `reference` points to.

    Args:
        reference: env:NAME, file:PATH, cmd:COMMAND, keyring:SERVICE/USER or store:PATH.
        channel: The channel's name, for the error.

    Raises:
        SecretMissing: It leads nowhere; the error names the reference only.
    """
    scheme, _colon, rest = reference.partition(":")
    try:
        secret = _SCHEMES[scheme](rest).strip()
    except KeyError as error:
        raise _not_a_reference(channel) from error
    except (OSError, LookupError, subprocess.SubprocessError, UnicodeDecodeError) as error:
        raise SecretMissing(reference=reference, channel=channel, detail=_reason(error)) from error
    if not secret:
        raise SecretMissing(reference=reference, channel=channel, detail=_("it is empty"))
    return secret


def check_reference(reference: str, channel: str) -> None:
    """Refuse what is no reference, such as a secret typed by mistake (it is not repeated).

    Raises:
        SecretMissing: It does not start with env:, file:, cmd:, keyring: or store:.
    """
    scheme, _colon, rest = reference.partition(":")
    if scheme not in _SCHEMES or not rest:
        raise _not_a_reference(channel)


def _not_a_reference(channel: str) -> SecretMissing:
    # What was typed may be the secret itself, so it is not shown.
    return SecretMissing(
        reference="…",
        channel=channel,
        detail=_("write env:NAME, file:PATH, cmd:COMMAND or keyring:SERVICE/USER"),
    )


def _reason(error: Exception) -> str:
    """Say what failed without the command's output, which may hold the secret."""
    if isinstance(error, OSError):
        return error.strerror or type(error).__name__
    if isinstance(error, subprocess.CalledProcessError):
        return _("the command ended with code {code}").format(code=error.returncode)
    return str(error) if isinstance(error, _NotSetError) else type(error).__name__


class _NotSetError(LookupError):
    """A reference that names nothing."""


def _from_environment(name: str) -> str:
    if name not in os.environ:
        raise _NotSetError(_("the variable is not set"))
    return os.environ[name]


def _from_file(path: str) -> str:
    return Path(path).expanduser().read_text(encoding="utf-8")


def _from_command(command: str) -> str:
    done = subprocess.run(  # noqa: S602 - the administrator's own command line
        command, shell=True, check=True, capture_output=True, text=True, timeout=_SECONDS
    )
    return done.stdout


def _from_keyring(name: str) -> str:
    import keyring
    from keyring.errors import KeyringError

    service, _slash, user = name.partition("/")
    try:
        found = keyring.get_password(service, user)
    except KeyringError as error:
        raise _NotSetError(_("no keyring is available")) from error
    if found is None:
        raise _NotSetError(_("the keyring does not hold it"))
    return found


def _from_store(path: str) -> str:
    try:
        return secret_store.read(path)
    except ValueError as error:
        raise _NotSetError(_("it was kept with another key")) from error


_SCHEMES: Final[Mapping[str, Callable[[str], str]]] = {
    "env": _from_environment,
    "file": _from_file,
    "cmd": _from_command,
    "keyring": _from_keyring,
    secret_store.SCHEME: _from_store,
}
