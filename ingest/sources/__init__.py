"""What a user gives, to single sources; and a source, to bytes on the local disk."""

from ingest.sources.expanding import expand, expand_urls, joined
from ingest.sources.fetching import Fetcher
from ingest.sources.folders import Found, checked, in_folder, item_at
from ingest.sources.pruning import vanished
from ingest.sources.source import (
    WEB,
    Item,
    Limits,
    Refused,
    Sources,
    is_hidden,
    lies_under,
    member_of,
    misnamed,
    parts_of,
    printable,
)

__all__ = [
    "WEB",
    "Fetcher",
    "Found",
    "Item",
    "Limits",
    "Refused",
    "Sources",
    "checked",
    "expand",
    "expand_urls",
    "in_folder",
    "is_hidden",
    "item_at",
    "joined",
    "lies_under",
    "member_of",
    "misnamed",
    "parts_of",
    "printable",
    "vanished",
]
