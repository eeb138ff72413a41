"""Buyers' messages as mails: read by IMAP, answered by SMTP.

For marketplaces whose API lets nobody read or answer messages (Amazon: facts.md, "No inbox").
"""
