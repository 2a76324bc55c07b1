"""Jinja2 in a sandbox: what a template may use, and its filters. What is filled in is escaped always."""

import gettext
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path
from string import Formatter
from traceback import walk_tb
from typing import Any

from jinja2 import FileSystemLoader, StrictUndefined, TemplateError, TemplateSyntaxError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup, escape

from shelterctl.errors import BrokenRulebook
from shelterctl.language import N_, shown
from shelterctl.library import TEMPLATES
from shelterctl.press import compilation
from shelterctl.press.date import BY_HAND, ending, long_day

BROKEN = N_("The template {file} is broken at line {line} ({what}).")

PAPER = "paper"
"""The catalogue of the sentences that templates say by themselves; screens have another."""

FAULTS = (
    TemplateError, LookupError, TypeError, ValueError, ArithmeticError, AttributeError, OSError, RecursionError,
)  # fmt: skip
"""What a broken template comes to."""


class Strict(gettext.GNUTranslations):
    """A catalogue in which a sentence that is not translated is an error, for half a language is none."""

    def gettext(self, message: str) -> str:
        """The sentence in the language."""
        return str(self._catalog[message])  # type: ignore[attr-defined]

    def ngettext(self, one: str, many: str, number: int) -> str:
        """The sentence in the form for that number."""
        return str(self._catalog[one, self.plural(number)])  # type: ignore[attr-defined]


@cache
def catalogue(language: str) -> gettext.NullTranslations:
    """The sentences of templates in *language*; English needs no catalogue."""
    if language == "en":
        return gettext.NullTranslations()
    locale = Path(__file__).parents[1] / "locale" / language / "LC_MESSAGES" / f"{PAPER}.mo"
    with locale.open("rb") as compiled:
        return Strict(compiled)


class Environment(ImmutableSandboxedEnvironment):
    """The sandbox, which takes a template that is shipped compiled as it was compiled."""

    def compile(
        self, source: Any, name: Any = None, filename: Any = None, raw: Any = False, defer_init: Any = False
    ) -> Any:
        """A template as Python can run it, or *raw* as the Python itself."""
        known = None if raw or not isinstance(source, str) else compilation.found(name, source)
        if known is None:
            return super().compile(source, name, filename, raw, defer_init)
        return self._compile(known, filename or "<template>")


@cache
def _environment(language: str) -> Environment:
    made = Environment(
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        loader=FileSystemLoader(TEMPLATES),
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.install_gettext_translations(catalogue(language), newstyle=True)  # type: ignore[attr-defined]
    made.filters |= {
        "said": lambda text: shown(text, language),
        "filled": lambda text, **facts: filled(shown(text, language), facts),
        "som": lambda som: "" if som is None else shown(Decimal(som), language),
        "day": lambda day: "" if day is None else long_day(day, language),
        "in_words": lambda som: _in_words(som, language),
        "or_blank": or_blank,
    }
    made.globals["language"] = language
    del made.filters["safe"]  # a template writes its elements itself; what is filled in has none
    return made


def rendered(name: str, language: str, facts: Mapping[str, Any]) -> str:
    """A template with its facts in place; BrokenRulebook with file and line if it cannot be rendered."""
    try:
        return _environment(language).get_template(name).render(facts)
    except FAULTS as error:
        raise _broken(error, name) from error


def compile_templates(language: str = "en") -> dict[str, str]:
    """The compiled forms of all templates, by name."""
    environment, forms = _environment(language), {}
    for name in environment.list_templates(extensions=["j2"]):
        source, _, _ = environment.loader.get_source(environment, name)  # type: ignore[union-attr]
        forms[name] = compilation.compiled(source, environment.compile(source, name, raw=True))
    return forms


def publish() -> None:
    """Write the compiled forms, and nothing else lies there afterwards."""
    compilation.FOLDER.mkdir(exist_ok=True)
    for old in compilation.FOLDER.glob("*.json"):
        old.unlink()
    for name, form in compile_templates().items():
        compilation.file_of(name).write_text(form, "utf-8")


def _broken(error: Exception, name: str) -> BrokenRulebook:
    """Which file is broken, at which line of it; what the error says may repeat what was filled in."""
    file, line = name, getattr(error, "lineno", None)
    if isinstance(error, TemplateSyntaxError):
        file = error.name or name
    else:
        for frame, number in walk_tb(error.__traceback__):
            if frame.f_code.co_filename.startswith(str(TEMPLATES)):
                file, line = Path(frame.f_code.co_filename).name, number
    return BrokenRulebook("template/broken", BROKEN, file=file, line=line or "…", what=type(error).__name__)


def filled(text: str, facts: Mapping[str, Any]) -> Markup:
    """*text* with each fact in the place of its name in braces, and a blank to write on where a fact is None."""
    written = Markup()
    for literal, field, case, _ in Formatter().parse(text):
        written += escape(literal)
        if field is not None:
            fact = facts[field]
            written += or_blank(ending(fact, case) if case and fact else fact)
            written += BY_HAND[case] if case and not fact else ""
    return written


def or_blank(fact: Any, width: int = 36) -> Markup:
    """A fact in bold, or a line to write on, so many letters wide."""
    if fact is None or fact == "":
        return Markup('<span class="blank" data-letters="{}"></span>').format(width)
    return Markup("<strong>{}</strong>").format(fact)


def _in_words(som: Decimal, language: str) -> str:
    """An amount in words, beginning with a capital letter as on every form."""
    from shelterctl.words import amount_in_words  # noqa: PLC0415 - costs as much as typer

    words = amount_in_words(som, language)
    return words[:1].upper() + words[1:]
