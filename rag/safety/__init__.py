"""Safeguards: injected instructions, active markup, unsafe questions and sentences."""

from rag.safety.injections import find_hidden, find_instructions, gives_orders
from rag.safety.markup import inert, unknown_addresses
from rag.safety.moderated import ModeratedAnswerer
from rag.safety.moderation import CATEGORIES, MODERATION_FILE, LocalModerator, Moderation, Moderator, load_linear_model

__all__ = [
    "CATEGORIES",
    "MODERATION_FILE",
    "LocalModerator",
    "ModeratedAnswerer",
    "Moderation",
    "Moderator",
    "find_hidden",
    "find_instructions",
    "gives_orders",
    "inert",
    "load_linear_model",
    "unknown_addresses",
]
