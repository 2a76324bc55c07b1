"""Some keys of a document of the program's own layout: what is kept is the same as in the whole, or it is not cut."""

from hypothesis import given
from hypothesis import strategies as some

from shelterctl.document.outline import cut_document
from shelterctl.document.reading import read_document
from shelterctl.document.writing import format_document

TEXTS = some.text(alphabet="aЖ:-#'\"{}[]|> \n\t0", max_size=12).filter(lambda text: "\t" not in text)
VALUES = some.recursive(
    TEXTS | some.booleans() | some.integers(0, 99),
    lambda inside: (
        some.lists(inside, min_size=1, max_size=3) | some.dictionaries(some.sampled_from("pqr"), inside, min_size=1)
    ),
    max_leaves=6,
)
ITEMS = some.lists(some.dictionaries(some.sampled_from(["seen", "left", "more"]), VALUES), min_size=1, max_size=3)
RECORDS = some.fixed_dictionaries({"id": some.just("7QF2-M9KD"), "stays": ITEMS, "other": VALUES, "kept": VALUES})


@given(RECORDS)
def test_what_is_kept_is_as_in_the_whole_document(record: dict[str, object]) -> None:
    record["stays"] = [{"id": f"K7M2Q{number}", **one} for number, one in enumerate(record["stays"])]  # type: ignore[var-annotated, arg-type]
    whole = read_document(format_document(record)).value
    cut = cut_document(format_document(record), {"id": None, "kept": None, "stays": {"seen", "left"}})
    assert cut is not None
    stays = [{name: said for name, said in one.items() if name != "more"} for one in whole["stays"]]
    assert read_document(cut).value == {"id": whole["id"], "stays": stays, "kept": whole["kept"]}


def test_another_layout_is_not_cut() -> None:
    keys = {"id": None, "stays": {"seen"}}
    for text in ('{"id": "x", "stays": []}', "id: x\nstays: [{seen: 1}]\n", "id: x\nstays:\n- id: y\n  seen: 1\n"):
        assert cut_document(text, keys) is None
    assert cut_document("id: x\nstays:\n   - id: y\n", keys) is None
