"""The schema, as SQLModel tables: the one source of the migrations.

Instants are whole milliseconds since 1970 UTC and money is whole minor units, so that SQLite and
PostgreSQL compare and order them alike. Codes from outside are text and kept whole.
Importing this package brings SQLAlchemy (about 30 MB and 0.3 s), so only migrations do: at work
every statement goes through `cache.database`, and a test holds those statements to these tables.
"""

from mkt_tui.cache.tables import agents, channels, orders, outgoing, publishing, tickets

__all__ = ["agents", "channels", "orders", "outgoing", "publishing", "tickets"]
