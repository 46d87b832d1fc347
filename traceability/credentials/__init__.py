"""Credentials of the W3C model: proofs, keys, identifiers, status lists and the UNTP shapes, without I/O or clock."""
