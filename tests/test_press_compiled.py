"""The compiled templates are their text and nothing else, in every language; another text is compiled as it is read."""

import json

import pytest

from shelterctl.press import template
from shelterctl.ui_language import PAPER_LANGUAGES


@pytest.mark.parametrize("language", PAPER_LANGUAGES)
def test_they_are_compiled_from_what_lies_there_now_the_same_in_every_language(language: str) -> None:
    ours = {path: path.read_text("utf-8") for path in template.COMPILED_TEMPLATES.iterdir()}
    anew = {template.compiled_template_file(name): form for name, form in template.compile_templates(language).items()}
    stale = sorted(path.name for path in ours.keys() | anew if ours.get(path) != anew.get(path))
    assert not stale, f"run make shelf: {', '.join(stale)}"


def test_another_text_is_not_found_and_neither_is_what_is_not_whole(
    monkeypatch: pytest.MonkeyPatch, tmp_path: object
) -> None:
    name = "sheet.html.j2"
    environment = template._environment("en")
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
    environment = template._environment("en").overlay()
    python = environment.compile("said", "x.j2", raw=True).replace("said", "sung")
    monkeypatch.setattr(template, "COMPILED_TEMPLATES", folder)
    (folder / "x.json").write_text(template.pack_compiled_template("said", python))
    code = environment.compile("said", "x.j2", "x.j2")
    assert environment.template_class.from_code(environment, code, {}).render() == "sung"
    assert json.loads((folder / "x.json").read_text())["sha256"]
