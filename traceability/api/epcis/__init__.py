"""EPCIS 2.0 under /epcis/v2/: the addresses, headers and problems that GS1 describes (openapi 2.0.0)."""
