"""What a ticket's thread is read from: messages, what is on its way, how replies ended, news."""

from typing import Any, NamedTuple

import orjson

from mkt_tui.cache.database import Database


class ThreadMessage(NamedTuple):
    """A message of a thread; `row` grows with every message that came in after it."""

    code: str
    author: str
    author_name: str
    recipients: str
    body: str
    sent_at: int
    row: int
    attachments: list[dict[str, Any]]


class ThreadOperation(NamedTuple):
    """Something of ours that the marketplace does not have yet; what is no reply has no words."""

    id: str
    kind: str
    agent: str
    audience: str | None
    text: str
    state: str
    queued_at: int
    error: str | None


class End(NamedTuple):
    """How and when a reply of ours ended; instants in cache milliseconds."""

    at: int
    agent: str
    state: str


class News(NamedTuple):
    """Something written on a ticket after a draft was begun; `mark` tells it from others."""

    mark: str
    author: str
    author_name: str
    body: str
    at: int


def messages(database: Database, ticket_id: int) -> list[ThreadMessage]:
    """Return the thread, oldest message first."""
    rows = database.rows(
        "SELECT code, author, author_name, recipients, body, sent_at, id, attachments FROM message"
        " WHERE ticket_id = :id ORDER BY sent_at, id",
        {"id": ticket_id},
    )
    return [ThreadMessage._make((*row[:7], orjson.loads(row[7]))) for row in rows]


def operations(database: Database, ticket_id: int) -> list[ThreadOperation]:
    """Return what is on its way, failed or in doubt of a ticket, oldest first.

    A failed one that was written anew since is history and left out.
    """
    rows = database.rows(
        "SELECT id, kind, agent, audience, COALESCE(text, ''), state, queued_at, error"
        " FROM operation"
        " WHERE ticket_id = :id AND state NOT IN ('sent', 'recalled')"
        " AND (state <> 'failed' OR queued_at ="
        " (SELECT MAX(queued_at) FROM operation WHERE ticket_id = :id)) ORDER BY queued_at, id",
        {"id": ticket_id},
    )
    return [ThreadOperation._make(row) for row in rows]


def ends(database: Database, ticket_id: int) -> list[End]:
    """Return how the replies of a ticket ended, the oldest first."""
    rows = database.rows(
        "SELECT settled_at, agent, state FROM operation WHERE ticket_id = :id"
        " AND kind = 'reply' AND settled_at IS NOT NULL AND state IN ('sent', 'failed', 'unknown')"
        " ORDER BY settled_at",
        {"id": ticket_id},
    )
    return [End._make(row) for row in rows]


def news(database: Database, ticket_id: int, agent: str, seen: int) -> list[News]:
    """Return what others wrote on a ticket since message row `seen`, sent or on its way."""
    rows = database.rows(
        "SELECT 'm' || id, author, author_name, body, sent_at FROM message"
        " WHERE ticket_id = :id AND id > :seen AND code NOT IN (SELECT remote_code FROM operation"
        " WHERE ticket_id = :id AND agent = :agent AND remote_code IS NOT NULL)"
        " UNION ALL SELECT 'o' || id, 'shop', agent, text, queued_at FROM operation"
        " WHERE ticket_id = :id AND agent <> :agent"
        " AND kind = 'reply' AND state IN ('queued', 'sending', 'unknown') ORDER BY 5",
        {"id": ticket_id, "agent": agent, "seen": seen},
    )
    return [News._make(row) for row in rows]
