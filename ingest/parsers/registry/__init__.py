"""Any file to its parser: the formats, their detection, and their errors."""

from ingest.parsers.registry.registry import EXTENSIONS, NOT_TEXT, REMEDIES, SUPPORTED, Registry, default_registry

__all__ = ["EXTENSIONS", "NOT_TEXT", "REMEDIES", "SUPPORTED", "Registry", "default_registry"]
