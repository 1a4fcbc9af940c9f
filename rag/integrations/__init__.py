"""Footnote inside other frameworks."""
