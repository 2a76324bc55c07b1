"""shelterctl hub match: finds out with another house, blindly, which clients both know, by files that go to and fro."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import typer

from shelterctl.act import hub_match
from shelterctl.act.output_path import PIPE, OutputTarget, read_target
from shelterctl.cli.options import Ctx, begin_command
from shelterctl.core.finding import FilledSentences, Outcome
from shelterctl.core.name_keys import KeyKind
from shelterctl.custody.matching import find_matching
from shelterctl.errors import UsageError
from shelterctl.language import LabelledCode, OwnHeading
from shelterctl.session import Session, read_code_option, read_day_option
from shelterctl.store.folder import parse_client_id
from shelterctl.terminal.screen import show_busy
from shelterctl.ui_language import N_, Marked

MATCHING_COLUMNS = ("matching", "for", "invited", "ends_on", "done", "words")
MATCH_COLUMNS = ("id", "match", "several", "token", "id_sent", "other_id")
DONE_BY_KEY = OwnHeading("by", N_("by whom"))
STEP_COLUMNS = ("at", DONE_BY_KEY, "step", "matching", "for", "count")

ONE_STEP = N_("Name one step: --begin, --accept, --list, --answer, --result, --tell, --hear, --end or --log.")
STEP_NEEDS = N_("{step} needs {option}.")
STEP_HAS_NOT = N_("{step} does not take {option}.")
OPTION_BELONGS_TO = N_("It goes with: {steps}")
LETTER_ENDS_IN_AGE = N_("The file is encrypted for the other house. Name it with --out, ending in .age: list.age")
COMPARING = N_("Comparing…")

OWN_KEY = N_("The key of this house, for --with at the other one: {key}")
NO_MATCHINGS = N_("No matching is open here.")
WORDS_TO_COMPARE = N_(
    "Four words: {words}. Read them to the other house over the telephone. If it sees other words, somebody is between "
    "you: end this matching, and tell the data officer."
)
SEND_INVITATION = N_("Send the file to the other house. It goes on with: shelterctl hub match --accept FILE --for CODE")
MAKE_LIST_NEXT = N_("If the words agree, go on with: shelterctl hub match --list --out FILE.age")
CLIENTS_LISTED = N_("Clients on the list: {count}. Send the file to the other house.")
CLIENTS_NOT_LISTED = N_(
    "Left out: {withheld} who have not agreed to be compared with this house, {consent_over} of them by a consent that "
    "was refused or is over; {incomplete} without a first name, a last name or a year of birth. Record a consent: "
    "shelterctl add ID consent"
)
LIST_ANSWERED = N_("Send the file to the other house. When its answer comes: shelterctl hub match --result FILE")
MATCHES_FOUND = N_("Matches: {count}. A match is no proof: ask the client before you tell anybody of her.")
NOBODY_MATCHES = N_("Nobody of the clients on both lists matches.")
MATCHES_OF_SEVERAL = N_("Where several is yes, the names fit more than one person; none of these need be the one.")
TELL_NEXT = N_("To tell the other house an id: shelterctl hub match --tell ID --out FILE.age")
IDS_TOLD = N_("Ids told: {count}. Send the file, and record what you disclosed: shelterctl add ID disclosure")
IDS_HEARD = N_("Ids that came in: {count}. An id is shown once this house has told its own; still to tell: {waiting}.")
MATCHING_ENDED = N_("The matching {matching} is ended: its secret, its lists and its matches are gone from here.")

KIND_WORDS: Mapping[str, Marked] = {
    KeyKind.DAY: N_("names and day of birth"),
    KeyKind.MONTH: N_("names and month of birth"),
    KeyKind.FATHER: N_("names, patronymic and year of birth"),
    KeyKind.SLIP: N_("day of birth; one letter of a name differs"),
    KeyKind.YEAR: N_("names and year of birth only"),
}
STEP_WORDS: Mapping[str, Marked] = {
    "begin": N_("invitation written"),
    "accept": N_("invitation accepted"),
    "list": N_("own list written"),
    "answer": N_("their list answered"),
    "result": N_("compared"),
    "tell": N_("ids told"),
    "hear": N_("ids received"),
    "end": N_("matching ended"),
}


class Typed(NamedTuple):
    """The options as they were typed, by the name of each."""

    session: Session
    file: str | None
    out: str | None
    given: Mapping[str, Any]


def match(
    ctx: Ctx,
    begin: Annotated[bool, typer.Option("--begin", help="Invite another house; needs --with, --for, --until.")] = False,
    accept: Annotated[
        str | None, typer.Option("--accept", metavar="FILE", help="Accept the invitation in this file; needs --for.")
    ] = None,
    make_list: Annotated[
        bool, typer.Option("--list", help="Write the blinded list of the clients who agreed to it.")
    ] = False,
    answer: Annotated[
        str | None, typer.Option("--answer", metavar="FILE", help="Answer the list of the other house, once.")
    ] = None,
    result: Annotated[
        str | None, typer.Option("--result", metavar="FILE", help="Open the answer of the other house, and compare.")
    ] = None,
    tell: Annotated[
        str | None, typer.Option("--tell", metavar="ID,…", help="Tell the other house the ids of these matches.")
    ] = None,
    hear: Annotated[
        str | None, typer.Option("--hear", metavar="FILE", help="Open the ids that the other house told.")
    ] = None,
    end: Annotated[bool, typer.Option("--end", help="Forget a matching, its secret and its matches.")] = False,
    log: Annotated[bool, typer.Option("--log", help="List every step, by whom and when, from the journal.")] = False,
    key: Annotated[
        str | None, typer.Option("--with", metavar="AGE-KEY", help="The public key of the other house, age1….")
    ] = None,
    recipient: Annotated[
        str | None,
        typer.Option("--for", metavar="CODE", help="The code under which consents name the other house."),
    ] = None,
    until: Annotated[
        str | None, typer.Option("--until", metavar="DATE", help="The last day; after it nothing is compared.")
    ] = None,
    matching: Annotated[
        str | None, typer.Option("--matching", metavar="ID", help="Which matching, if several are open.")
    ] = None,
    invented: Annotated[
        bool, typer.Option("--invented", help="For trials: both houses hold invented clients alone.")
    ] = False,
    out: Annotated[
        str | None, typer.Option("--out", metavar="FILE", help="The file for the other house; it ends in .age.")
    ] = None,
) -> Outcome:
    """Find out with another house which clients both know.

    Names never leave a house, and only who agreed is compared.

    Without a step it shows the key of this house and the matchings that are open.
    """
    # Gather.
    session = begin_command(ctx, lists=True)
    steps = {"--begin": begin, "--accept": accept, "--list": make_list, "--answer": answer, "--result": result,
             "--tell": tell, "--hear": hear, "--end": end, "--log": log}  # fmt: skip
    given = {"--with": key, "--for": recipient, "--until": until, "--matching": matching, "--invented": invented,
             "--out": out}  # fmt: skip
    chosen = [name for name, value in steps.items() if value]
    if len(chosen) > 1:
        raise UsageError("usage/one-thing", ONE_STEP)
    step = STEPS[chosen[0]] if chosen else Step(_list_matchings, takes=("--matching",))
    _require_options(chosen[0] if chosen else "hub match", step, given)

    # Decide, act.
    value = steps[chosen[0]] if chosen else None
    with show_busy(COMPARING, quiet=session.json):
        return step.run(Typed(session, value if isinstance(value, str) else None, out, given))


class Step(NamedTuple):
    """A step of a matching: what carries it out, the options that it needs, and those that it takes too."""

    run: Callable[[Typed], Outcome]
    needs: tuple[str, ...] = ()
    takes: tuple[str, ...] = ()


def _require_options(name: str, step: Step, given: Mapping[str, Any]) -> None:
    for option, value in given.items():
        if value and option not in (*step.needs, *step.takes):
            owners = [other for other, one in STEPS.items() if option in (*one.needs, *one.takes)]
            raise UsageError(
                "usage/option", STEP_HAS_NOT, hint=OPTION_BELONGS_TO, step=name, option=option, steps=owners
            )
        if not value and option in step.needs:
            raise UsageError("usage/missing", STEP_NEEDS, step=name, option=option)


def _begin(typed: Typed) -> Outcome:
    day = read_day_option(typed.given["--until"], "--until").isoformat()
    code, to = read_code_option(typed.given["--for"], "--for"), _read_out(typed)
    done = hub_match.begin_matching(
        typed.session, typed.given["--with"], code, day, to, invented=typed.given["--invented"]
    )
    return _say(done, WORDS_TO_COMPARE, SEND_INVITATION)


def _accept(typed: Typed) -> Outcome:
    code = read_code_option(typed.given["--for"], "--for")
    done = hub_match.accept_invitation(typed.session, _path(typed), code, invented=typed.given["--invented"])
    return _say(done, WORDS_TO_COMPARE, MAKE_LIST_NEXT)


def _make_list(typed: Typed) -> Outcome:
    done = hub_match.write_own_list(typed.session, typed.given["--matching"], _read_out(typed))
    left_out = (CLIENTS_NOT_LISTED,) if done.data.get("withheld") or done.data.get("incomplete") else ()
    return _say(done, CLIENTS_LISTED, *left_out)


def _answer(typed: Typed) -> Outcome:
    return _say(hub_match.answer_their_list(typed.session, _path(typed), _read_out(typed)), LIST_ANSWERED)


def _result(typed: Typed) -> Outcome:
    return _show_matches(hub_match.open_their_answer(typed.session, _path(typed)))


def _tell(typed: Typed) -> Outcome:
    ids = [parse_client_id(one.strip()) for one in str(typed.file).split(",")]
    done = hub_match.tell_ids(typed.session, typed.given["--matching"], ids, _read_out(typed))
    return _say(done, IDS_TOLD)


def _hear(typed: Typed) -> Outcome:
    done = hub_match.hear_ids(typed.session, _path(typed))
    return _say(_with_words(done), IDS_HEARD)


def _end(typed: Typed) -> Outcome:
    return _say(hub_match.end_matching(typed.session, typed.given["--matching"]), MATCHING_ENDED)


def _log(typed: Typed) -> Outcome:
    rows = [
        {"at": one["at"], DONE_BY_KEY: one["by"], "step": LabelledCode(one["step"], STEP_WORDS[one["step"]]),
         "matching": one["matching"], "for": one.get("for"), "count": one.get("count")}
        for one in hub_match.list_steps(typed.session)
    ]  # fmt: skip
    return Outcome(data={"rows": rows}, columns=STEP_COLUMNS)


def _list_matchings(typed: Typed) -> Outcome:
    """Return the own key with the matchings that are open, or the matches of one."""
    session = typed.session
    if (matching := typed.given["--matching"]) is not None:
        kept = find_matching(session, matching.upper())
        rows = hub_match.match_rows(session, hub_match.find_matching_rule(session), kept)
        return _show_matches(
            Outcome(data={"matching": kept.id, "for": kept.recipient, "count": len(rows), "rows": rows})
        )
    rows = hub_match.matching_rows(session)
    for row in rows:
        row["done"] = [LabelledCode(step, STEP_WORDS[step]) for step in row["done"]]
    key = session.store.identity.recipient
    said: FilledSentences = ((OWN_KEY, {"key": key}), *(() if rows else ((NO_MATCHINGS, {}),)))
    return Outcome(data={"key": key, "rows": rows}, columns=MATCHING_COLUMNS, said=said)


def _show_matches(done: Outcome) -> Outcome:
    """Return matches with the words for them."""
    rows: Any = done.data.get("rows", ())
    if not rows:
        return _say(_with_words(done), NOBODY_MATCHES)
    several = (MATCHES_OF_SEVERAL,) if any(row["several"] for row in rows) else ()
    return _say(_with_words(done), MATCHES_FOUND, *several, TELL_NEXT)


def _with_words(done: Outcome) -> Outcome:
    rows: Any = done.data.get("rows", ())
    said = [{**row, "match": LabelledCode(row["match"], KIND_WORDS[row["match"]])} for row in rows]
    return Outcome(data={**done.data, "rows": said}, columns=MATCH_COLUMNS) if not done.refused else done


def _say(done: Outcome, *sentences: str) -> Outcome:
    """Return an answer with sentences, filled from its data."""
    if done.refused:
        return done
    facts = {name: value for name, value in done.data.items() if name != "rows"}
    return Outcome(data=done.data, columns=done.columns, said=tuple((one, facts) for one in sentences))


def _path(typed: Typed) -> Path:
    return Path(str(typed.file)).expanduser()


def _read_out(typed: Typed) -> OutputTarget:
    """Return the file for the other house. Raises UsageError unless it is a file that ends in .age."""
    if typed.out == PIPE or not str(typed.out).endswith(".age"):
        raise UsageError("usage/out", LETTER_ENDS_IN_AGE)
    found = read_target(typed.out, None, False, ("age",), has_as=False)
    if found is None:
        raise UsageError("usage/out", LETTER_ENDS_IN_AGE)
    return found


STEPS: Mapping[str, Step] = {
    "--begin": Step(_begin, ("--with", "--for", "--until", "--out"), ("--invented",)),
    "--accept": Step(_accept, ("--for",), ("--invented",)),
    "--list": Step(_make_list, ("--out",), ("--matching",)),
    "--answer": Step(_answer, ("--out",)),
    "--result": Step(_result),
    "--tell": Step(_tell, ("--out",), ("--matching",)),
    "--hear": Step(_hear),
    "--end": Step(_end, (), ("--matching",)),
    "--log": Step(_log),
}
