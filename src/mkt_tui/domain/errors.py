"""The errors a user may meet.

    UserError
    ├── SettingsWrong          settings, homes, languages, secrets
    │   ├── NotPrivate
    │   └── SecretMissing
    ├── CacheProblem
    │   ├── CacheDamaged
    │   ├── CacheFull
    │   ├── CacheUnwritable
    │   ├── CacheNewer
    │   ├── CacheUnreachable   PostgreSQL only, as those that follow
    │   ├── CacheRefuses
    │   ├── CacheMissing
    │   └── CacheLost
    ├── NotFound               a channel, ticket or order named on the command line
    ├── NotAllowed             something the desk or the channel refuses
    ├── FilterWrong            a word of the filter language
    └── ChannelError           the outside world
        ├── AccessRefused      401, 403
        │   ├── LoginRefused   of a mail server
        │   ├── KeyRefused     of a file server
        │   └── HostKeyWrong   the server shows another key than was agreed
        ├── Unreachable        the request certainly never arrived
        ├── RateLimited        429
        ├── Unavailable        503 and other passing faults
        │   ├── MailBusy
        │   └── FileAway       a file that waits on another server
        ├── BadAnswer          not what the contract promises
        ├── Refused            a definite no to a request
        │   ├── TakenBack      by moderation
        │   └── MailRefused
        └── Doubtful           the request may have arrived
            └── FileLost       its words arrived, a file of it did not

Each class holds one sentence that says what happened and what to do. The sentence is translated
when shown, and an error survives a trip through the cache (`to_json`, `from_json`), so that a
sync process can leave it for desks that speak other languages.
"""

import json
from typing import ClassVar, Self

from mkt_tui.domain.text import clean
from mkt_tui.i18n import N_, _

_WORDS = frozenset({"detail", "what", "remedy"})


class UserError(Exception):
    """An error with a sentence for its user; its parameters are made safe for a screen."""

    sentence: ClassVar[str] = "{detail}"

    def __init__(self, **parameters: object) -> None:
        self.parameters = {key: clean(str(value), 600) for key, value in parameters.items()}
        super().__init__(self.sentence)

    def __str__(self) -> str:
        told = _Told(self.parameters)
        # Our own words in them are message ids (N_): who left them may speak another language.
        for name in told.keys() & _WORDS:
            told[name] = _(told[name]) if told[name] else ""
        return _(self.sentence).format_map(told)

    def to_json(self) -> str:
        """Return the error as text that `from_json` understands."""
        return json.dumps({"kind": type(self).__name__, **self.parameters}, ensure_ascii=False)

    @staticmethod
    def from_json(text: str) -> "UserError":
        """Return the error that `to_json` wrote; one of an unknown kind keeps its words."""
        parameters = json.loads(text)
        kind = _find(UserError, parameters.pop("kind", ""))
        return kind(**parameters) if kind else UserError(detail=text)


class _Told(dict[str, str]):
    """Parameters for a sentence; one that nobody gave shows as a dash, never as a second error."""

    def __missing__(self, key: str) -> str:
        return "-"


def _find(base: type[UserError], name: str) -> type[UserError] | None:
    if base.__name__ == name:
        return base
    found = (_find(child, name) for child in base.__subclasses__())
    return next((each for each in found if each), None)


class SettingsWrong(UserError):
    """A setting, an option or a file that cannot be used as given."""

    sentence = N_("{what}. {remedy}")


class NotPrivate(SettingsWrong):
    """A folder or file that other users of the server could read."""

    sentence = N_(
        "{path} can be read by other users of this machine. Make it private first: chmod {mode} {path}"
    )


class SecretMissing(SettingsWrong):
    """A secret reference that leads nowhere; the reference is shown, never the secret."""

    sentence = N_("The secret {reference} of channel {channel} cannot be read: {detail}.")


class CacheProblem(UserError):
    """Something is wrong with the local database."""

    sentence = N_("The cache {path} cannot be used: {detail}.")


class CacheDamaged(CacheProblem):
    """The file is no longer a sound database."""

    sentence = N_(
        "The cache file {path} is damaged ({detail}). Nothing in it was changed. "
        "Set it aside and save what can be read: mkt-tui doctor --fix"
    )


class CacheFull(CacheProblem):
    """No room on the disk for what was to be kept."""

    sentence = N_(
        "The disk of {path} is full, so nothing was saved just now. Free some space and try again."
    )


class CacheUnwritable(CacheProblem):
    """The database or its folder cannot be written."""

    sentence = N_("The cache {path} cannot be written ({detail}). Check who owns it and its disk.")


class CacheGone(CacheProblem):
    """The file is no longer where it was opened; SQLite alone would go on writing into nothing."""

    sentence = N_(
        "The cache {path} is no longer there, so nothing is saved. Put it back, and the work goes "
        "on; what you have written stays on the screen."
    )


class CacheReplaced(CacheProblem):
    """Another file is where the cache was; its tickets need not be those on the screen."""

    sentence = N_(
        "Another file has taken the place of the cache {path}, so nothing is saved. Copy what you "
        "have written, leave, and start again."
    )


class CacheNewer(CacheProblem):
    """A newer mkt-tui has already changed the schema."""

    sentence = N_("The cache {path} was made by a newer mkt-tui. Install that version to open it.")


class CacheUnreachable(CacheProblem):
    """The server of the database does not answer."""

    sentence = N_(
        "The database {path} cannot be reached ({detail}). Check its address, the network, and "
        "that its server runs."
    )


class CacheRefuses(CacheProblem):
    """The server of the database does not let this user in."""

    sentence = N_(
        "The database {path} does not let you in ({detail}). Check the user, and the password in "
        "~/.pgpass or PGPASSWORD."
    )


class CacheMissing(CacheProblem):
    """The server has no database of that name."""

    sentence = N_("The database {path} does not exist yet. Create it on its server first: createdb")


class CacheLost(CacheProblem):
    """The connection broke; whether a change that was just being saved is kept is not known."""

    sentence = N_(
        "The connection to {path} was lost ({detail}). The next try makes a new one; look first "
        "whether your last change is there."
    )


class NotFound(UserError):
    """Something named by the user that is not here."""

    sentence = N_("There is no {kind} {name}. {remedy}")


class NotAllowed(UserError):
    """An act that is refused, with the reason."""

    sentence = N_("{what}. {remedy}")


class FilterWrong(UserError):
    """A word of a filter that is not understood, from `start` to `end` of the line."""

    sentence = N_("{word}: {what}. {remedy}")
    start: int = 0
    end: int = 0


class ChannelError(UserError):
    """A marketplace could not do what was asked. `channel` is always among the parameters."""

    sentence = N_("{channel}: {detail}.")
    retry_after: float | None = None

    def at(self, channel: str) -> Self:
        """Return the error with the channel it concerns filled in."""
        self.parameters["channel"] = clean(channel)
        return self


class AccessRefused(ChannelError):
    """The marketplace does not accept the key."""

    sentence = N_(
        "{channel} refuses the API key (HTTP {status}). Put a valid key where {secret} points, "
        "then: mkt-tui channel test {channel}"
    )


class LoginRefused(AccessRefused):
    """The mail server does not accept user and password."""

    sentence = N_(
        "The mail server of {channel} does not let {user} in ({detail}). Put the right password "
        "where {secret} points, then: mkt-tui channel test {channel}"
    )


class KeyRefused(AccessRefused):
    """The file server does not accept user and password, or key."""

    sentence = N_(
        "The file server of {channel} does not let {user} in ({detail}). Put the right password or "
        "key where {secret} points, then: mkt-tui channel test {channel}"
    )


class HostKeyWrong(AccessRefused):
    """A server that cannot prove to be the one that was agreed."""

    sentence = N_(
        "The server {url} of {channel} shows another key than was agreed, so nothing was sent to it. "
        "Ask its operator; if the key was changed on purpose, set the option {option} anew."
    )


class Unreachable(ChannelError):
    """No connection: the request certainly did not arrive."""

    sentence = N_(
        "{channel} cannot be reached at {url} ({detail}). Check the address and the network."
    )


class RateLimited(ChannelError):
    """Too many requests; try again after the wait."""

    sentence = N_("{channel} asks for fewer requests (HTTP 429). The next try follows by itself.")


class Unavailable(ChannelError):
    """A passing fault at the marketplace."""

    sentence = N_("{channel} is not available now (HTTP {status}). The next try follows by itself.")


class MailBusy(Unavailable):
    """A passing fault of a mail server."""

    sentence = N_(
        "The mail server of {channel} cannot do it now ({detail}). The next try follows by itself."
    )


class FileAway(Unavailable):
    """A file that is to leave is not on this server."""

    sentence = N_(
        "The file {name} for {channel} is not on this server: it leaves from the one where it was "
        "chosen, when the sync runs there."
    )


class BadAnswer(ChannelError):
    """An answer that is not what the contract promises."""

    sentence = N_(
        "{channel} sent an answer that cannot be read ({detail}). What was read before it is kept; "
        "if it stays so, check the channel's address: mkt-tui channel test {channel}"
    )


class Refused(ChannelError):
    """A definite no: the request arrived and was not carried out."""

    sentence = N_("{channel} refused it (HTTP {status}): {detail}")


class TakenBack(Refused):
    """A reply that was taken and shown, and that moderation rejected afterwards."""

    sentence = N_("{channel} took the reply back ({detail}). Change the words and send them again.")


class MailRefused(Refused):
    """A definite no of a mail server."""

    sentence = N_("The mail server of {channel} refused it: {detail}")


class Doubtful(ChannelError):
    """The request left and no answer came: it may have been carried out."""

    sentence = N_(
        "{channel} did not confirm ({detail}): it is not known whether the reply arrived."
    )


class FileLost(Doubtful):
    """The words of a reply arrived, a file of it did not."""

    sentence = N_(
        "{channel} has the words of the reply, but not its file: {name}. Do not send the words again;"
        " send the file in a new reply, or in the portal."
    )
