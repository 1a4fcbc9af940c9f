"""Durable work: runs and files as workflows, the process that owns them, and workers that take over from dead ones."""
