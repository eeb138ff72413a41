"""Our own contract for shops without a public API: tickets, orders, writes that are keyed."""
