"""Pages of accounts: signing up, colleagues, first days, leaving, and what the operator decides."""
