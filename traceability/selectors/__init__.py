"""Reads: what a page, an endpoint or a proof needs, and nothing that writes."""
