"""Every sentence is in the catalogue, translated whole; how a file is written is told apart from what is wrong."""

import gettext
import pkgutil
import re
from collections.abc import Iterator, Mapping
from importlib import import_module
from io import BytesIO
from typing import Any

import pytest
from babel.messages.catalog import Message

from shelterctl import core
from shelterctl.cli.commands import COMMAND_SUMMARIES
from shelterctl.core.finding import Finding
from shelterctl.core.manual.act import Item
from shelterctl.core.manual.field import FIELD_KINDS, LIST_OF_TEXTS
from shelterctl.core.rules.checklist import DATED_AFTER_ACT
from shelterctl.core.rules.verbs.entries import REGISTER_NEEDS_FIELD
from shelterctl.core.tables.columns import ANSWER_WORDS, NOT_WRITTEN_DOWN
from shelterctl.core.tables.derived_columns import DERIVED_COLUMNS
from shelterctl.language import Plural, Text, format_sentence
from shelterctl.rulebook.rulebook import open_rulebook
from tests.support.russian import ADVISED, MESSAGES, RUSSIAN, SAID, TRANSLATED, facts, forms, latin, originals
from tools import catalogue, generated


def test_every_sentence_is_in_the_catalogue_and_nothing_else() -> None:
    said, kept = set(catalogue.sentences()), {message.id for message in MESSAGES}
    missing = [f"{file}:{line}" for one in said - kept for file, line in catalogue.sentences()[one]]
    assert not missing, "run: make catalogue"
    assert not kept - said, "run: make catalogue"
    assert not RUSSIAN.obsolete


def test_every_sentence_is_translated_and_none_is_guessed() -> None:
    assert not [message.id for message in MESSAGES if catalogue.is_missing(message)]
    assert not [message.id for message in MESSAGES if message.fuzzy]


def test_every_translation_has_the_facts_of_its_sentence() -> None:
    wrong = [form for message in TRANSLATED for form in forms(message) if facts(form) != facts(originals(message)[-1])]
    assert not wrong


def test_answers_without_a_code_are_called_alike_on_paper_on_screens_and_in_codebooks() -> None:
    for language in ("ru", "ky"):
        paper = catalogue.written(language, catalogue.PAPER)
        words: dict[str, Any] = {text["en"]: text[language] for text in ANSWER_WORDS.values()}
        if language in catalogue.LANGUAGES:
            nothing = [NOT_WRITTEN_DOWN, *(column.nothing for column in DERIVED_COLUMNS if column.nothing)]
            words |= {one: RUSSIAN[one].string for one in nothing}
        assert words == {one: paper[one].string for one in words}
        assert len({*words.values()}) == len(words)  # two that differ in meaning are never called alike


def test_russian_counts_in_three_forms() -> None:
    assert RUSSIAN.num_plurals == 3
    assert not [message.id for message in TRANSLATED if message.pluralizable and len(forms(message)) != 3]


def test_what_is_compiled_is_what_is_translated() -> None:
    lying = gettext.GNUTranslations(BytesIO(catalogue.po("ru").with_suffix(".mo").read_bytes()))
    fresh = gettext.GNUTranslations(BytesIO(catalogue.compiled(RUSSIAN)))
    told = [{key: text for key, text in vars(one)["_catalog"].items() if key} for one in (lying, fresh)]
    assert told[0] == told[1], "run: make catalogue"
    assert [lying.ngettext("", "", n) for n in range(30)] == [fresh.ngettext("", "", n) for n in range(30)]


def test_no_english_is_left_in_russian(typed: set[str]) -> None:
    for message in TRANSLATED:
        english = set(latin(" ".join(originals(message))))
        for form in forms(message):
            after = form.partition("Пример: ")[2]
            if after and after in originals(message)[0]:  # an example is typed as it stands
                form = form.removesuffix(after)  # noqa: PLW2901
            assert set(latin(form)) <= typed & english, form


def test_russian_begins_and_ends_as_english_does() -> None:
    for message in TRANSLATED:
        for form in forms(message):
            one = originals(message)[-1]
            assert (form[:1].isspace(), form[-1:].isspace()) == (one[:1].isspace(), one[-1:].isspace()), form
            assert form[-1:] == one[-1:] or not {form[-1:], one[-1:]} & set(".:?"), form
            assert form.count("\n") == one.count("\n"), form


def test_what_depends_on_a_number_is_said_in_its_form() -> None:
    plural = next(message for message in TRANSLATED if message.pluralizable)
    one, many = originals(plural)
    around = dict.fromkeys(facts(many), "")
    by = "months" if "months" in around else next(iter(around))
    said = [format_sentence(Plural(one, many, by), {**around, by: n}, "ru") for n in (1, 2, 5)]
    assert len(set(said)) == 3


def test_a_state_is_called_alike_in_the_catalogue_and_on_the_shelf() -> None:
    states = open_rulebook().states.items()
    called = {name: RUSSIAN.get(name) for name, _ in states if name != "client"}  # also the heading of a column
    assert {name: text["text"]["ru"] for name, text in states if name in called} == {
        name: message.string if message else None for name, message in called.items()
    }


SHELF = open_rulebook()
ITEMS = [*SHELF.items.values()]
ROOMS = tuple(f"src/shelterctl/{room}/" for room in ("core", "act", "paper", "prompts"))
"""Where the messages stand that a walk-through may show; what only reads a file speaks of nothing else."""
OF_FILES = tuple(f"src/shelterctl/{file}.py" for file in ("act/admit", "act/batch", "core/manual/notation"))
"""And where what is given by file alone is taken in, be it by whoever revises the rulebook."""

MODULES = [import_module(module.name) for module in pkgutil.walk_packages(core.__path__, "shelterctl.core.")]
ADVICE = (
    {words for message in ADVISED for words in originals(message)}
    | {said for module in MODULES for name, said in vars(module).items() if name.endswith("_IN_FILE")}
    | {REGISTER_NEEDS_FIELD}
)
"""What the program says to whoever writes files, be they of the rulebook."""

FACTS = {called for _, called in FIELD_KINDS.values()} | {LIST_OF_TEXTS}
TYPED = re.compile(
    r"\badd ID [a-z]+(?:-[a-z]+)*|"
    rf"\b(?:{'|'.join(COMMAND_SUMMARIES)})(?: [a-z]+)?(?: (?:\{{\w+\}}|[A-Z]+|--[a-z-]+(?: [a-z-]+)?))+"
    rf"|\bshelterctl (?:{'|'.join(COMMAND_SUMMARIES)})(?: [a-z-]+)?|--[a-z-]+",
    re.ASCII,
)
"""A command with what belongs to it, or an option: what is typed at a terminal."""


def properties(node: Any) -> Iterator[str]:
    """Every key that a schema knows."""
    if isinstance(node, Mapping):
        yield from node["properties"] if isinstance(node.get("properties"), Mapping) else ()
    for below in node.values() if isinstance(node, Mapping) else node if isinstance(node, list) else ():
        yield from properties(below)


KEYS = set(properties(generated.make_schemas(SHELF))) - {"shelterctl"}


def keys_in(text: str, *, english: bool = False) -> set[str]:
    """The keys that a text names: in English those that are no word, elsewhere all in Latin letters."""
    named = KEYS & set(latin(TYPED.sub(" ", text)))
    return {key for key in named if "_" in key} if english else named


def shown() -> Iterator[Message]:
    """Every sentence that a walk-through may show, with its translation."""
    yield from SAID
    for sentence, places in catalogue.sentences().items():
        one = set(sentence) if isinstance(sentence, tuple) else {sentence}
        message = RUSSIAN.get(sentence if isinstance(sentence, str) else sentence[0])
        walked = any(file.startswith(ROOMS) and file not in OF_FILES for file, _ in places)
        if message and walked and not (ADVICE | FACTS) & one:  # that each is there is asked above
            yield message


def texts(item: Item) -> Iterator[tuple[Text, Text | None]]:
    """What is said while the item is missing, with what more is said to whoever writes files."""
    return ((text, item.in_file.get(reason)) for reason, text in item.says.items())


def test_a_finding_is_said_whole_with_its_advice_behind_it_and_without_it_as_it_stands() -> None:
    text: Text = {"en": "No {what} ({clause}).", "ru": "Нет: {what} ({clause})."}
    advice: Text = {"en": "Add {what}.", "ru": "Добавьте {what}."}
    many = Plural("{count} thing.", "{count} things.", "count")
    facts = {"what": "facility", "clause": "M1.2.9", "count": 2}
    found = Finding(code="test/x", message=text, in_file=advice, facts=facts)
    assert format_sentence(found.whole, facts) == "No facility (M1.2.9). Add facility."
    assert format_sentence(found.whole, facts, "ru") == "Нет: facility (M1.2.9). Добавьте facility."
    assert (
        format_sentence(Finding(code="test/x", message=many, in_file=advice).whole, facts) == "2 things. Add facility."
    )
    assert Finding(code="test/x", message=text).whole is text


def test_the_program_has_advice_for_files_and_messages_for_everybody() -> None:
    assert {"Write it in the agreement; in a file: contract_date.", "Write it next to the amount."} <= ADVICE
    assert keys_in("Добавьте discharge, iom_representative; facility CODE") == {"discharge", "iom_representative"}
    assert keys_in("Подробнее: shelterctl help security; help") == {"help"}
    assert keys_in("После этого: admit ID --done health-record, потом ngo add CODE --memorandum DATE") == set()
    assert keys_in("Запишите: add ID pocket-money; admit ID referral") == {"referral"}
    assert {"The NGO is not in the register ({clause}).", DATED_AFTER_ACT} <= {message.id for message in shown()}


def test_no_message_that_a_walk_through_shows_names_a_key_of_a_file() -> None:
    for message in shown():
        assert not [said for said in originals(message) if keys_in(said, english=True)], message.id
        assert not [form for form in forms(message) if keys_in(form)], message.id


@pytest.mark.parametrize("item", ITEMS, ids=lambda item: item.name)
def test_no_item_names_a_key_of_a_file_but_apart(item: Item) -> None:
    for text, advice in texts(item):
        for language, words in text.items():
            assert not keys_in(words, english=language == "en")
        if advice:
            assert list(advice) == list(text)
            assert all(words.endswith(".") for words in (*text.values(), *advice.values()))


def test_an_advice_is_for_files_in_every_language() -> None:
    for item in ITEMS:
        for _, advice in texts(item):
            others = [words for spoken, words in (advice or {}).items() if spoken != "en"]
            named = {tuple(sorted(set(re.findall(r"[A-Za-z][A-Za-z_-]+", words)))) for words in others}
            assert len(named) == bool(advice), item.name  # the same keys and commands
            assert () not in named, item.name
