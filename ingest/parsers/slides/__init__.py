"""What the XML of slides says: their text, the order of their shapes, comments; and damaged parts made whole."""

from ingest.parsers.slides.comments import authors_of, comments_of
from ingest.parsers.slides.order import Box, in_reading_order, overlap
from ingest.parsers.slides.places import Frame, Point, Space, frame_of, seen, space_of
from ingest.parsers.slides.repair import Repaired, without_damage
from ingest.parsers.slides.text import SlideText, paragraphs_of

__all__ = [
    "Box",
    "Frame",
    "Point",
    "Repaired",
    "SlideText",
    "Space",
    "authors_of",
    "comments_of",
    "frame_of",
    "in_reading_order",
    "overlap",
    "paragraphs_of",
    "seen",
    "space_of",
    "without_damage",
]
