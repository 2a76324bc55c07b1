"""Time what Typst alone needs for a form, and what handling a record needs without this program."""

import shutil
import sys
from typing import Any

from tools.bench_record import open_session
from tools.bench_timing import Ground, Row, against, median, process


def on_paper(ground: Ground) -> list[Row]:
    """Time a form printed to PDF in this process, one of a hundred, and the part of it that Typst takes."""
    from shelterctl.paper.agreement import print_agreement
    from shelterctl.paper.request import PaperRequest
    from shelterctl.press import pdf
    from shelterctl.press.sheet import Medium, render_sheets

    ground.run(*ground.agreement)
    session = open_session()
    her, _ = session.store.client(ground.id)
    facts = her.agreements[0]

    def made(number: int) -> Any:
        """Print a form different from every one before, because Typst caches what it has set."""
        request = PaperRequest("blue", ("en", "ru", "ky")[number % 3])
        return print_agreement(session, request, her, {**facts, "number": f"S-NGO-{number}"}).sheets

    numbers = iter(range(10**6))
    sheets = made(next(numbers))

    def anew() -> None:
        """Compile once from nothing."""
        pdf._compiler.cache_clear()
        render_sheets(sheets, Medium.PDF)

    alone = median(anew, 30)
    hundred = median(lambda: render_sheets(made(next(numbers)), Medium.PDF), 100)
    return [
        Row("one compile by Typst, nothing kept", alone),
        against(25.0, "a form of a hundred in one process", hundred, 1.0),
    ]


def by_hand(ground: Ground) -> list[Row]:
    """Time what a user would do without the program: age on the command line, and age with PyYAML and jsonschema."""
    if shutil.which("age") is None:
        return []
    key, sealed = str(ground.folder / "key"), str(ground.file)
    age = median(process("age", "-d", "-i", key, sealed))
    script = """
import sys, json, yaml, jsonschema, pyrage
key = [line for line in open(sys.argv[1]).read().split() if line.startswith("AGE-")][0]
opened = pyrage.decrypt(open(sys.argv[2], "rb").read(), [pyrage.x25519.Identity.from_str(key)])
jsonschema.Draft202012Validator(json.load(open(sys.argv[3]))).is_valid(yaml.safe_load(opened))
"""
    schema = ground.project / "schemas" / "resident.schema.json"
    loop = median(process(sys.executable, "-c", script, key, sealed, str(schema)))
    return [Row("by hand: age -d, a process a record", age), Row("by hand: age + PyYAML + jsonschema", loop)]
