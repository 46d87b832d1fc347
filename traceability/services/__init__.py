"""Use-cases that write: one transaction each, called by web, API, commands and tasks."""
