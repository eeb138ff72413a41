"""The database engines behind `cache.database`."""
