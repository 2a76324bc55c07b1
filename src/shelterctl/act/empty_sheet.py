"""The empty sheet for cases from before the program: its columns in one language, and the page that explains it."""

from collections.abc import Sequence

from shelterctl.act.import_template import import_columns
from shelterctl.core.manual.import_sheet import ImportSheet
from shelterctl.language import Text
from shelterctl.questionnaire import Questionnaire, read_offers
from shelterctl.session import Session
from shelterctl.tabular.template import TemplateColumn, TemplateWords


def template_columns(session: Session, wanted: ImportSheet, language: str) -> Sequence[TemplateColumn]:
    """Return the columns of the empty sheet in a language, with the houses and the staff of this store as choices."""
    asked = Questionnaire(session.rulebook, read_offers(session), session.today)
    return [
        _template_column(session, asked, wanted, name, text, language)
        for name, text in import_columns(session.rulebook, wanted)
    ]


def _template_column(
    session: Session, asked: Questionnaire, wanted: ImportSheet, name: str, text: Text, language: str
) -> TemplateColumn:
    heading = _in_language(text, language)
    if name.startswith(("paper.", "act.")):
        return TemplateColumn(heading, how=_in_language(wanted.kinds["day"], language))
    place = session.rulebook.place_of(name)
    one, question = session.rulebook.places[place], asked.for_place(place)
    codes = [_in_language(words, language) for words in one.codes.values()]
    codes = codes or [str(code) for code in question.choices]
    kind = "several" if one.several else "code" if codes and not one.open else one.kind
    how = _in_language(wanted.kinds.get(kind, wanted.kinds["text"]), language)
    return TemplateColumn(heading, _in_language(one.hint or {"en": ""}, language), codes, how, one.several)


def template_words(wanted: ImportSheet, language: str) -> TemplateWords:
    """Return the words of the empty sheet in a language: the titles of its pages, and the lines that explain it."""
    words = {name: _in_language(text, language) for name, text in wanted.words.items()}
    return TemplateWords(words, [_in_language(text, language) for text in wanted.explains.values()])


def _in_language(text: Text, language: str) -> str:
    return text.get(language) or text["en"]
