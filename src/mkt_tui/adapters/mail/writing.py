"""Our answers as mails, and the numbers they carry.

A mail's number is made from the operation before the first try, so that a second copy can at
least be recognised; and it holds the ticket, so that an answer to it finds its thread again even
where the writer's mail program or the marketplace's relay dropped the rest.
"""

import base64
import re
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr
from typing import Final

from mkt_tui.adapters.bodies import media_type
from mkt_tui.adapters.mail.account import Account
from mkt_tui.adapters.mail.reading import Mail
from mkt_tui.domain.ticket_operations import Reply

_OURS: Final = re.compile(r"mkt\.([A-Za-z0-9-]{1,64})\.([A-Za-z0-9_-]{1,400})@")
_REPLY: Final = re.compile(r"^\s*(?:(?:re|ris?|res|aw|antw|sv)\s*:\s*)+", re.IGNORECASE)
_MOST_REFERENCES: Final = 20
# Any server takes such a mail.
_PLAIN: Final = SMTP.clone(cte_type="7bit")
# Folded shorter, numbers of mails would be put into encoded words, which nobody decodes there.
_WIRE: Final = _PLAIN.clone(max_line_length=990)


def message_id(reply: Reply, account: Account) -> str:
    """Return the number of the mail that delivers `reply`, the same on every try."""
    ticket = base64.urlsafe_b64encode(reply.ticket_code.encode()).decode().rstrip("=")
    return f"mkt.{reply.operation}.{ticket}@{account.domain}"


def ticket_of(number: str) -> str | None:
    """Return the ticket that one of our own mails belongs to, None for anybody else's number."""
    found = _OURS.match(number)
    if found is None:
        return None
    try:
        return base64.urlsafe_b64decode(found[2] + "=" * (-len(found[2]) % 4)).decode()
    except ValueError:
        return None


def without_re(subject: str) -> str:
    """Return a subject without the Re: of answers."""
    return _REPLY.sub("", subject)


def answer_to(mail: Mail, reply: Reply, account: Account) -> EmailMessage:
    """Return `reply` as an answer to `mail`, in its thread.

    Raises:
        ValueError: The address or subject of `mail` cannot be put into a header.
    """
    message = EmailMessage(policy=_PLAIN)
    message["From"] = formataddr((account.name, account.address))
    message["To"] = mail.sender
    message["Subject"] = f"Re: {without_re(mail.subject)}".strip()
    message["Date"] = format_datetime(reply.queued_at)
    message["Message-ID"] = f"<{message_id(reply, account)}>"
    message["In-Reply-To"] = f"<{mail.message_id}>"
    chain = [*mail.references, mail.message_id]
    # The first is the thread's own number, the last are those that programs look for.
    chain = chain[:1] + chain[1:][-_MOST_REFERENCES:]
    message["References"] = " ".join(f"<{each}>" for each in dict.fromkeys(chain))
    message.set_content(reply.text)
    for each in reply.files:
        main, _slash, kind = media_type(each.name).partition("/")
        message.add_attachment(each.data, maintype=main, subtype=kind, filename=each.name)
    return message


def wire(message: EmailMessage) -> bytes:
    """Return the mail as it goes over the wire."""
    return message.as_bytes(policy=_WIRE)
