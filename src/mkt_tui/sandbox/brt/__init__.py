"""A practice BRT: shipments made by REST, tracked by REST and by SOAP (contracts/brt)."""
