"""Templates as they are shipped, compiled: the Python that Jinja makes of each, found again by the template's own text.

Parsing them costs as much as filling them in. A template that says anything else is not found here, and is compiled
as it is read, and so is every one by another Jinja. What is shipped knows no language, and a test holds it so.
"""

import json
from hashlib import sha256
from pathlib import Path

import jinja2

FOLDER = Path(__file__).parent / "compiled"


def file_of(name: str) -> Path:
    """Where the compiled form of a template lies."""
    return FOLDER / f"{name.removesuffix('.j2')}.json"


def compiled(source: str, python: str) -> str:
    """The compiled form of a template with that text."""
    form = {"sha256": sha256(source.encode()).hexdigest(), "jinja": jinja2.__version__, "python": python}
    return json.dumps(form, ensure_ascii=False) + "\n"


def found(name: str | None, source: str) -> str | None:
    """The Python of a template with that text; None where no such template is shipped, or its form is not whole."""
    try:
        form = json.loads(file_of(name or "").read_text("utf-8"))
        python: str = form["python"]
        same = form["sha256"] == sha256(source.encode()).hexdigest() and form["jinja"] == jinja2.__version__
        return python if same else None
    except (OSError, ValueError, LookupError, TypeError):
        return None
