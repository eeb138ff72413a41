"""The local database: what the desk reads, what the sync engine writes."""
