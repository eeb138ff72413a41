"""A mailbox as a channel of its own, for marketplaces that speak by mail only."""

from mkt_tui.adapters.mailbox.adapter import MailboxAdapter

__all__ = ["MailboxAdapter"]
