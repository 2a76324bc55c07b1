"""YAML text to a located mapping, and back: strict, canonical, silent about values."""

from shelterctl.document.fault import Unreadable, finding
from shelterctl.document.reading import Document, read
from shelterctl.document.writing import write

__all__ = ["Document", "Unreadable", "finding", "read", "write"]
