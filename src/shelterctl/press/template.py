"""Templates rendered by Jinja in a sandbox, with their filters; the compiled form of each shipped template; and sheets
as one page of HTML.

Everything that is filled in is escaped.
"""

import gettext
import json
import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from hashlib import sha256
from pathlib import Path
from string import Formatter
from traceback import walk_tb
from typing import Any

import jinja2
from jinja2 import FileSystemLoader, StrictUndefined, TemplateError, TemplateSyntaxError
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup, escape

from shelterctl.core.values.written_days import KYRGYZ_ENDINGS_AFTER_BLANK, add_kyrgyz_ending, long_day
from shelterctl.country import ENGLISH, Country, current_country
from shelterctl.errors import BrokenRulebook
from shelterctl.language import format_fact, speak_of_man
from shelterctl.press.chart import draw_chart, read_chart
from shelterctl.press.sheet import Sheet
from shelterctl.rulebook.files import TEMPLATES_FOLDER
from shelterctl.ui_language import N_

COMPILED_TEMPLATES = Path(__file__).parent / "compiled"


def compiled_template_file(name: str) -> Path:
    """Return the path of the compiled form of a template."""
    return COMPILED_TEMPLATES / f"{name.removesuffix('.j2')}.json"


def find_compiled_template(name: str | None, source: str) -> str | None:
    """Return the Python of a template with exactly that text; None if its compiled form is missing or
    does not fit.
    """
    try:
        form = json.loads(compiled_template_file(name or "").read_text("utf-8"))
        python: str = form["python"]
        same = form["sha256"] == sha256(source.encode()).hexdigest() and form["jinja"] == jinja2.__version__
        return python if same else None
    except (OSError, ValueError, LookupError, TypeError):
        return None


TEMPLATE_BROKEN = N_("The template {file} is broken at line {line} ({what}).")

PAPER_CATALOGUE = "paper"
"""The catalogue of the templates' own sentences; screens have another."""

TEMPLATE_FAULTS = (
    TemplateError, LookupError, TypeError, ValueError, ArithmeticError, AttributeError, OSError, RecursionError,
)  # fmt: skip
"""The exceptions that a broken template can raise."""


class StrictCatalogue(gettext.GNUTranslations):
    """A catalogue in which a missing translation is an error, so that no sheet is half translated."""

    def gettext(self, message: str) -> str:
        """Return the sentence in the language of the catalogue."""
        return str(self._catalog[message])  # type: ignore[attr-defined]

    def ngettext(self, one: str, many: str, number: int) -> str:
        """Return the sentence in the plural form for that number."""
        return str(self._catalog[one, self.plural(number)])  # type: ignore[attr-defined]


class RulebookCatalogue(gettext.NullTranslations):
    """The sentences of the templates as a rulebook translates them; any other is in the language printed otherwise."""

    def __init__(self, language: str, country: Country) -> None:
        super().__init__()
        self.language, self.country = language, country

    def gettext(self, message: str) -> str:
        """Return the sentence in the language of the rulebook, or otherwise."""
        own = self.country.languages[self.language]
        if said := own.words.get(message):
            return said
        self.country.fell_back.add(self.language)
        return paper_catalogue(own.otherwise, self.country).gettext(message)


@cache
def paper_catalogue(language: str, country: Country) -> gettext.NullTranslations:
    """Return the sentences of the templates in *language*; English needs no catalogue."""
    if language == ENGLISH:
        return gettext.NullTranslations()
    if language in country.languages:
        return RulebookCatalogue(language, country)
    locale = Path(__file__).parents[1] / "locale" / language / "LC_MESSAGES" / f"{PAPER_CATALOGUE}.mo"
    with locale.open("rb") as compiled:
        return StrictCatalogue(compiled)


class TemplateEnvironment(ImmutableSandboxedEnvironment):
    """The sandbox, which uses the compiled form of a shipped template."""

    def compile(
        self, source: Any, name: Any = None, filename: Any = None, raw: Any = False, defer_init: Any = False
    ) -> Any:
        """Return a template as code, or its Python source if *raw*."""
        known = None if raw or not isinstance(source, str) else find_compiled_template(name, source)
        if known is None:
            return super().compile(source, name, filename, raw, defer_init)
        return self._compile(known, filename or "<template>")


@jinja2.pass_context
def say_fact(context: Context, fact: Any) -> str:
    """Return a fact in the language of the sheet, its days in words, or in figures if the sheet has *short_days*.

    On the sheet of a man, texts of the rulebook use the words of *masculine*.
    """
    language = context["language"]
    if type(fact) is date and not context.get("short_days"):
        return long_day(fact, language)
    said = format_fact(fact, language)
    return speak_of_man(said, context.get("masculine") or {}) if isinstance(fact, Mapping) else said


@jinja2.pass_context
def say_day(context: Context, day: date | None) -> str:
    """Return a day as this sheet writes days, or an empty text."""
    return "" if day is None else say_fact(context, day)


def template_environment(language: str) -> TemplateEnvironment:
    """Return the sandbox with the filters and sentences for *language*, as the country of the rulebook has them."""
    return _make_environment(language, current_country())


@cache
def _make_environment(language: str, country: Country) -> TemplateEnvironment:
    made = TemplateEnvironment(
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        loader=FileSystemLoader(TEMPLATES_FOLDER),
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.install_gettext_translations(paper_catalogue(language, country), newstyle=True)  # type: ignore[attr-defined]
    made.filters |= {
        "said": say_fact,
        "filled": lambda text, **facts: fill_sentence(format_fact(text, language), facts),
        "som": lambda som: "" if som is None else format_fact(Decimal(som), language),
        "day": say_day,
        "in_words": lambda som: _capitalized_amount(som, language),
        "or_blank": or_blank,
    }
    made.globals |= {"language": language, "partly": False}
    made.globals |= {name: country.choose_words(words, language) for name, words in country.words.items()}
    del made.filters["safe"]  # filled-in values never contain elements
    return made


def render_template(name: str, language: str, facts: Mapping[str, Any]) -> str:
    """Return a template with its facts filled in; raises BrokenRulebook with file and line if it cannot be rendered."""
    try:
        return template_environment(language).get_template(name).render(facts)
    except TEMPLATE_FAULTS as error:
        raise _template_error(error, name) from error


def _template_error(error: Exception, name: str) -> BrokenRulebook:
    """Return the error with the file and line that are broken; the message of *error* may repeat a filled-in value, so
    it is left out.
    """
    file, line = name, getattr(error, "lineno", None)
    if isinstance(error, TemplateSyntaxError):
        file = error.name or name
    else:
        for frame, number in walk_tb(error.__traceback__):
            if frame.f_code.co_filename.startswith(str(TEMPLATES_FOLDER)):
                file, line = Path(frame.f_code.co_filename).name, number
    return BrokenRulebook("template/broken", TEMPLATE_BROKEN, file=file, line=line or "…", what=type(error).__name__)


def fill_sentence(text: str, facts: Mapping[str, Any]) -> Markup:
    """Return *text* with each fact in place of its name in braces, and a blank to write on where a fact is None."""
    written = Markup()
    for literal, field, case, _ in Formatter().parse(text):
        written += escape(literal)
        if field is not None:
            fact = facts[field]
            written += or_blank(add_kyrgyz_ending(fact, case) if case and fact else fact)
            written += KYRGYZ_ENDINGS_AFTER_BLANK[case] if case and not fact else ""
    return written


def or_blank(fact: Any, width: int = 36) -> Markup:
    """Return a fact in bold, or a line to write on that is *width* letters wide."""
    if fact is None or fact == "":
        return Markup('<span class="blank" data-letters="{}"></span>').format(width)
    return Markup("<strong>{}</strong>").format(fact)


def _capitalized_amount(som: Decimal, language: str) -> str:
    """Return an amount in words, beginning with a capital letter as on every form."""
    from shelterctl.form_notation import amount_in_words  # noqa: PLC0415 - takes as long to import as typer

    words = amount_in_words(som, language)
    return words[:1].upper() + words[1:]


def render_html(sheets: Sequence[Sheet], size: str) -> bytes:
    """Return the page, which fetches nothing and runs no script."""
    bodies = [_body_with_charts(sheet, _body_with_picture(sheet), place) for place, sheet in enumerate(sheets)]
    # What is filled in was escaped by the templates themselves.
    articles = [(sheet, Markup(body)) for sheet, body in zip(sheets, bodies, strict=True)]  # noqa: S704
    facts = {"sheets": articles, "size": size, "title": " · ".join(dict.fromkeys(sheet.title for sheet in sheets))}
    return (render_template("page.html.j2", sheets[0].language, facts) + "\n").encode()


def _body_with_picture(sheet: Sheet) -> str:
    """Return the body of a sheet with its picture in place."""
    before, waiting, after = sheet.body.partition("<picture")
    return before + sheet.picture + after.partition(">")[2] if waiting else sheet.body


def _body_with_charts(sheet: Sheet, body: str, place: int) -> str:
    """Return the body of the sheet at that place in a file, with its charts drawn."""
    figures = enumerate(sheet.tree.find("figure"))

    def draw_next(_: re.Match[str]) -> str:
        number, figure = next(figures)
        pictures = draw_chart(read_chart(figure), sheet.language, f"{place}-{number}")
        return "\n".join(("<figure>", *pictures, "</figure>"))

    return _FIGURE.sub(draw_next, body)


_FIGURE = re.compile(r"<figure>.*?</figure>", re.DOTALL)
"""A chart in the body of a sheet; filled-in text is escaped, and the parser has seen that no figure is in another."""
