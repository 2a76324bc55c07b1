"""The shelf: manual, schemas and catalogues, read once and checked."""

from shelterctl.library.file import EXAMPLES, SCHEMAS, TEMPLATES, read_errors, read_glossary, read_schema
from shelterctl.library.opening import open_shelf, shelf_name
from shelterctl.library.shelf import UNWRITTEN, Shelf

__all__ = [
    "EXAMPLES",
    "SCHEMAS",
    "TEMPLATES",
    "UNWRITTEN",
    "Shelf",
    "open_shelf",
    "read_errors",
    "read_glossary",
    "read_schema",
    "shelf_name",
]
