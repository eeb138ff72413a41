"""The seller API v2 of Casas Bahia, once Via Varejo and CNOVA: tickets, orders, trackings."""
