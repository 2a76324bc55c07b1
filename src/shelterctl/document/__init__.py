"""YAML text to a located mapping, and back: strict, canonical, silent about values."""

from shelterctl.document.fault import Unreadable, finding
from shelterctl.document.reading import Document, read
from shelterctl.document.scalar import KEPT, LARGEST_STREAM, MOST_EVENTS
from shelterctl.document.stream import read_stream, unheaded
from shelterctl.document.writing import write

__all__ = [
    "KEPT",
    "LARGEST_STREAM",
    "MOST_EVENTS",
    "Document",
    "Unreadable",
    "finding",
    "read",
    "read_stream",
    "unheaded",
    "write",
]
