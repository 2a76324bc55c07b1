"""Every sentence of the program is in the catalogue, translated whole and in the forms that Russian counts in."""

import gettext
from io import BytesIO

import catalogue
from russian import MESSAGES, RUSSIAN, TRANSLATED, facts, forms, latin, originals

from shelterctl.language import Plural, format_sentence
from shelterctl.rulebook.rulebook import open_rulebook


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
