"""The secret store: credentials typed at a desk, encrypted in private files of the home (C2).

Each is a file of its own in the folder `secrets`, encrypted with the key beside them (Fernet:
AES in CBC mode, authenticated). One file, or a backup without the key, gives nothing away. Whoever
can start the program can read both, as the program itself must; who wants more makes `key` a link
to another medium, or uses cmd: or keyring: references instead.
"""

import os
from contextlib import suppress
from pathlib import Path
from typing import Final
from uuid import uuid4

SCHEME: Final = "store"
_KEY: Final = "key"


def keep(folder: Path, text: str) -> str:
    """Encrypt `text` into a new file of `folder`, and return the reference to it.

    Raises:
        OSError: It cannot be written.
    """
    # The library takes 50 ms to load, which only keeping and reading of secrets needs.
    from cryptography.fernet import Fernet

    folder.mkdir(mode=0o770, exist_ok=True)
    path = folder / uuid4().hex
    _write(path, Fernet(_key(folder)).encrypt(text.encode()))
    return f"{SCHEME}:{path}"


def read(path: str) -> str:
    """Return what `keep` kept at `path`.

    Raises:
        OSError: It, or its key, cannot be read.
        ValueError: It was kept with another key, or is damaged.
    """
    from cryptography.fernet import Fernet, InvalidToken

    place = Path(path)
    try:
        return Fernet((place.parent / _KEY).read_bytes()).decrypt(place.read_bytes()).decode()
    except InvalidToken:
        # Not chained: nothing of it is worth telling.
        raise ValueError(path) from None


def forget(folder: Path, reference: str) -> None:
    """Remove a secret that `keep` kept in `folder`; other references are left alone."""
    scheme, _colon, path = reference.partition(":")
    if scheme == SCHEME and Path(path).parent == folder:
        Path(path).unlink(missing_ok=True)


def _key(folder: Path) -> bytes:
    from cryptography.fernet import Fernet

    place = folder / _KEY
    # Somebody else may make it at the same moment; the first one made it for all.
    if not place.exists():
        made = folder / uuid4().hex
        _write(made, Fernet.generate_key())
        with suppress(FileExistsError):
            place.hardlink_to(made)
        made.unlink()
    return place.read_bytes()


def _write(path: Path, content: bytes) -> None:
    # The umask of the process decides whether the home's group may read it (`home.prepare`).
    handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o660)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(handle)
