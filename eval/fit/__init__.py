"""The commands that fit the shipped models."""
