"""Templates: their compiled form is their text, and a broken one stops the press with file and line."""

import json
import os
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from shelterctl.core.values.written_days import long_day
from shelterctl.press import template
from shelterctl.press.template import fill_sentence
from shelterctl.ui_language import PAPER_LANGUAGES
from tests.support.desk import Desk
from tests.support.paths import ACCEPTED, PROJECT
from tools import generated

BLUE = (ACCEPTED / "blue.yaml").read_text("utf-8")

NAME = "Tainova"

BROKEN = {
    "class": "{{ ''.__class__.__mro__ }}",
    "globals": "{{ _.__globals__ }}",
    "write": "{{ groups.append(1) }}",
    "set": "{% set words.title = 1 %}",
    "missing": "{{ nobody }}",
    "attribute": "{{ heading.nobody }}",
    "syntax": "{% if %}",
    "unclosed block": "{% if words %}",
    "filter": "{{ heading.ngo_representative|safe }}",
    "sentence": '{{ _("A sentence that nobody translated") }}',
    "plural": "{% trans n=2 %}one{% pluralize %}many{% endtrans %}",
    "outside": '{% include "../pyproject.toml" %}',
    "absolute": '{% include "/etc/passwd" %}',
    "itself": "{% macro more() %}{{ more() }}{% endmacro %}{{ more() }}",
    "division": "{{ 1 / 0 }}",
    "range": "{{ range(10 ** 9)|length }}",
    "type": "{{ heading.ngo_representative + 1 }}",
}
"""What Jinja stops at, as one line of a template."""

UNKNOWN = {
    "script": "<script>1</script>",
    "image": '<img src="x">',
    "link": '<a href="https://x.example">x</a>',
    "style": '<p style="color: red">x</p>',
    "handler": '<p onclick="x">x</p>',
    "class": '<p class="red">x</p>',
    "number": '<table class="lines"><tbody><tr><td colspan="many">x</td></tr></tbody></table>',
    "zero": '<table class="lines"><tbody><tr><td colspan="0">x</td></tr></tbody></table>',
    "span of rows": '<table class="lines"><tbody><tr><td rowspan="2">x</td></tr></tbody></table>',
    "no class": "<table><tbody><tr><td>x</td></tr></tbody></table>",
    "no scope": '<table class="lines"><thead><tr><th>x</th></tr></thead></table>',
    "no words": "<picture>",
    "heading in a chart": "<figure><h2>x</h2></figure>",
    "bar without end": '<figure><data value="-1">x</data></figure>',
    "words in a label": "<figure><data><em>x</em></data></figure>",
    "block in words": "<p><table></table></p>",
    "loose words": "<ul>x</ul>",
    "loose cell": "<td>x</td>",
    "fact as a tag": "{% autoescape false %}<{{ heading.ngo_representative }}>{% endautoescape %}",
    "fact as an attribute": '{% autoescape false %}<p {{ heading.ngo_representative }}="x">{% endautoescape %}',
    "fact as a value": '<p class="{{ heading.ngo_representative }}">x</p>',
    "comment": "<!-- x -->",
    "declaration": "<!DOCTYPE html>",
    "instruction": "<?php x ?>",
    "section": "<![CDATA[x]]>",
}
OPEN = {
    "paragraph": "<p>x",
    "words": "<p><strong>x</p>",
    "twice": "<p>x</p></p>",
    "crossed": "<p><strong><em>x</strong></em></p>",
    "half": "<p",
    "half an end": "<p>x</p",
    "sign": "<p>a < b</p>",
}
KINDS = {"template/broken": BROKEN, "template/unknown": UNKNOWN, "template/open": OPEN}
CASES = [(code, name) for code, cases in KINDS.items() for name in cases]
LINES = {"set": 1, "fact as a tag": "…", "fact as an attribute": "…"}
"""Where the line is not the third: Jinja itself says the first, or the template does not say it."""

TRIED = """
import json, sys
from datetime import date
from shelterctl.errors import ShelterError
from shelterctl.language import format_sentence
from shelterctl.press.sheet import make_sheet
said = []
for number in range(int(sys.argv[1])):
    facts = {"words": {"title": {"en": "x"}}, "groups": [], "heading": {"ngo_representative": sys.argv[2]}}
    try:
        make_sheet(f"case-{number}", facts, title="x", language="ru", tint="white", day=date(2026, 11, 25))
    except ShelterError as error:
        said.append([int(error.exit), error.code, error.facts, format_sentence(error.message, error.facts)])
    else:
        said.append(None)
print(json.dumps(said))
"""


def tree(folder: Path) -> Path:
    """The program as it lies beside these tests, with templates of its own."""
    for name in ("src", "schemas", "docs", "examples"):
        (folder / name).symlink_to(PROJECT / name)
    shutil.copytree(PROJECT / "templates", folder / "templates")
    return folder


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], Any]:
    """What the press said to each case, in one process."""
    folder = tree(tmp_path_factory.mktemp("tree"))
    for number, (kind, name) in enumerate(CASES):
        (folder / "templates" / f"case-{number}.html.j2").write_text(
            f"<h1>x</h1>\n<p>y</p>\n{KINDS[kind][name]}\n", "utf-8"
        )
    env = {"PATH": os.defpath, "PYTHONPATH": str(folder / "src"), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-c", TRIED, str(len(CASES)), NAME]
    ended = subprocess.run(command, env=env, cwd=folder, capture_output=True, text=True, check=True)
    return dict(zip(CASES, json.loads(ended.stdout), strict=True))


@pytest.mark.parametrize("case", CASES, ids=" ".join)
def test_it_is_said_where_and_nothing_that_was_filled_in(
    told: dict[tuple[str, str], Any], case: tuple[str, str]
) -> None:
    code, name = case
    assert told[case], name
    exit_, said, facts, message = told[case]
    assert (exit_, said) == (4, code)
    assert facts["file"] == f"case-{CASES.index(case)}.html.j2"
    assert facts["line"] == LINES.get(name, 3)
    assert facts["file"] in message
    assert NAME.casefold() not in json.dumps([facts, message], ensure_ascii=False).casefold()


WHOLE = [
    ("agreement.html.j2", "{{ sentence.mark }}", "{{ sentence.nobody }}", "template/broken"),
    ("_sheet.html.j2", "<footer>", "<footer><script></script>", "template/unknown"),
    ("_sheet.html.j2", "{%- if draft and not outside %}", "{%- if draft and nobody %}", "template/broken"),
    ("agreement.html.j2", "</strong>", "", "template/open"),
    ("sheet.typ", "#let sheets", "#let sheets = nobody\n#let other", "template/paper"),
]
"""A file, a part of it, what stands there instead, and what is said: line by line as the program is run."""


@pytest.mark.parametrize(("file", "part", "instead", "code"), WHOLE, ids=lambda part: part if "/" in part else "")
def test_the_program_ends_with_4_and_writes_nothing(
    admitted: Desk, tmp_path: Path, file: str, part: str, instead: str, code: str
) -> None:
    admitted.do(f"agreement {admitted.her} --form blue", BLUE.replace("Б. Образцова", NAME))
    template = tree(tmp_path) / "templates" / file
    text = template.read_text("utf-8")
    line = text[: text.index(part)].count("\n") + 1
    template.write_text(text.replace(part, instead, 1), "utf-8")

    admitted.anew = True
    env = {"PYTHONPATH": str(tmp_path / "src")}
    ended = admitted.refused(f"form blue {admitted.her} --lang ru --out sheet.pdf", env=env)
    assert (ended.code, ended.error) == (4, code)
    assert file in ended.page["error"]["message"]
    assert code == "template/paper" or f"line {line}" in ended.page["error"]["message"]
    assert NAME not in ended.out + ended.err
    assert "Traceback" not in ended.out + ended.err
    told = admitted.run(f"form blue {admitted.her} --lang ru --out sheet.pdf", env=env)
    assert told.code == 4
    assert file in told.err
    assert NAME not in told.out + told.err


def test_no_template_switches_escaping_off() -> None:
    for path in (PROJECT / "templates").glob("*.j2"):
        text = path.read_text("utf-8")
        assert "autoescape" not in text
        assert "|safe" not in text.replace(" ", "")
        assert "Markup" not in text


@pytest.mark.parametrize(("month", "said"), [(1, "январында"), (4, "апрелинде"), (5, "майында"), (8, "августунда")])
def test_a_day_in_a_kyrgyz_sentence_has_its_ending(month: int, said: str) -> None:
    day = long_day(date(2026, month, 20), "ky")
    assert fill_sentence("{on:in} түзүлгөн", {"on": day}) == f"<strong>2026-жылдын\u00a020-{said}</strong> түзүлгөн"
    until = fill_sentence("{a:from} {b:to} чейинки", {"a": long_day(date(2026, 12, 1), "ky"), "b": None})
    assert until.startswith("<strong>2026-жылдын\u00a01-декабрынан</strong> <span")


@pytest.mark.parametrize("language", PAPER_LANGUAGES)
def test_they_are_compiled_from_what_lies_there_now_the_same_in_every_language(language: str) -> None:
    ours = {path: path.read_text("utf-8") for path in template.COMPILED_TEMPLATES.iterdir()}
    anew = {template.compiled_template_file(name): form for name, form in generated.compile_templates(language).items()}
    stale = sorted(path.name for path in ours.keys() | anew if ours.get(path) != anew.get(path))
    assert not stale, f"run make shelf: {', '.join(stale)}"


def test_another_text_is_not_found_and_neither_is_what_is_not_whole(
    monkeypatch: pytest.MonkeyPatch, tmp_path: object
) -> None:
    name = "sheet.html.j2"
    environment = template.template_environment("en")
    source, _, _ = environment.loader.get_source(environment, name)  # type: ignore[union-attr]
    assert template.find_compiled_template(name, source)
    assert template.find_compiled_template(name, source + " ") is None
    assert template.find_compiled_template("nothing.html.j2", source) is None
    assert template.find_compiled_template(None, source) is None


@pytest.mark.parametrize("form", ["", "[]", "{}", '{"sha256": 1, "python": 1}', "null"])
def test_what_is_not_whole_is_as_if_it_was_not_there(
    form: str, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("compiled")
    monkeypatch.setattr(template, "COMPILED_TEMPLATES", folder)
    (folder / "sheet.html.json").write_text(form)
    assert template.find_compiled_template("sheet.html.j2", "text") is None


def test_its_python_is_what_runs(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("compiled")
    environment = template.template_environment("en").overlay()
    python = environment.compile("said", "x.j2", raw=True).replace("said", "sung")
    monkeypatch.setattr(template, "COMPILED_TEMPLATES", folder)
    (folder / "x.json").write_text(generated.format_compiled_template("said", python))
    code = environment.compile("said", "x.j2", "x.j2")
    assert environment.template_class.from_code(environment, code, {}).render() == "sung"
    assert json.loads((folder / "x.json").read_text())["sha256"]
