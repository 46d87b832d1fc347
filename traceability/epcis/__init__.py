"""EPCIS 2.0 without a framework: documents checked, events hashed, keys of GS1 written in one way, lots as events."""
