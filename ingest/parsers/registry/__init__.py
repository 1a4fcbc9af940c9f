"""Any file to its parser: the kinds of files, how they are told apart, and the errors they may end in."""

from ingest.parsers.registry.registry import EXTENSIONS, REMEDIES, SUPPORTED, Registry, default_registry

__all__ = ["EXTENSIONS", "REMEDIES", "SUPPORTED", "Registry", "default_registry"]
