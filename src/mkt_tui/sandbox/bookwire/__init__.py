"""A publisher's portal behind our own bridge: titles, files, tickets, deliveries, sales."""
