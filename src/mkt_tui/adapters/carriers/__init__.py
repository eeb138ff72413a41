"""Carriers: BRT by REST or SOAP, and any other by the address of its tracking page."""
