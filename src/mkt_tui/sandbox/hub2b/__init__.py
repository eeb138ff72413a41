"""The hub Hub2b, API v2: login, orders, their status, nota fiscal and tracking."""
