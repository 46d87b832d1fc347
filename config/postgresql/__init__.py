"""Django's PostgreSQL, with a look at the line instead of a question before each request."""
