"""The program with one of its checks broken, and the attacks that tell: no check is there that no attack needs."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace

from shelterctl import limits
from shelterctl.custody import (
    backup_choice,
    check,
    device,
    journal_repair,
    recovery,
    recovery_paper,
    repair,
    safeguards,
    trust,
)
from shelterctl.custody.safeguards import NotedBackup
from shelterctl.journal import claims, device_log, device_logs, file_heads, store_journal
from shelterctl.journal import device_log as behind
from shelterctl.journal.line import _signed_bytes
from shelterctl.output import stdio
from shelterctl.store import attribution, opening
from shelterctl.store import sealed_entries as sealed
from shelterctl.store import store as records
from shelterctl.store.folder import record_file
from shelterctl.store.sealed_entries import SealedEntries
from shelterctl.trust import chain, chain_state, key_standing, memory, problems
from shelterctl.trust.statement import STATEMENT_PURPOSE, Statement
from shelterctl.vault import protocol
from shelterctl.vault.sealed_bytes import BlockPlace
from tests.attack.breaks import (
    Break,
    Everything,
    Like,
    Whatever,
    acknowledged,
    adopted_unseen,
    agreed_once,
    all_held,
    any_kind_of_key,
    any_number_of_keys,
    as_it_lies,
    behind_the_last,
    clock_not_asked,
    copy_not_held_against_the_note,
    dumps,
    every_paper_signed,
    for_any_purpose,
    keys_of_any_spelling,
    large_headers,
    leftover_of_any_kind,
    line_signed_for,
    links_followed,
    loosely_spelt,
    no_number,
    no_number_needed,
    nothing,
    of_our_root,
    one_of_two_lists,
    put,
    read_as,
    said_by_itself,
    sealed_anew_alone,
    strangers_of_old,
    unagreed,
    unknown_statements,
    unmarked,
    without_bystanders,
)
from tests.attack.lab import ELSEWHERE


@dataclass(frozen=True)
class Tooth:
    """A check that is broken, and where it is missed: attack, observer and command."""

    name: str
    breaks: Break
    bites: Sequence[tuple[str, str, str]]
    tells: bool = False
    """Whether the check changes what is told alone, and no exit code."""


FORGED = "own device by forged signature"

TEETH = [
    Tooth(
        "signatures of statements not verified",
        put(Statement, "has_valid_signatures", lambda one: True),
        [
            (FORGED, "N", "check"),
            ("device under a forged agreement (two)", "N", "check"),
            ("fork by forged signature (ended)", "N", "check"),
            ("settled by a forged paper (two)", "N", "check"),
            ("their list with one bit changed (two)", "D", "list"),
            ("settlement with another outcome (two)", "N", "check"),
        ],
    ),
    Tooth(
        "what was sealed anew takes the place of what was saved",
        put(file_heads, "_resolve_resealed", sealed_anew_alone),
        [("sealed anew with other words (two)", "D", "check"), ("sealed anew with other words (two)", "P", "check")],
    ),
    Tooth("a statement signed for another purpose", for_any_purpose, [("statements crossed with lines", "N", "check")]),
    Tooth("statements not held to the byte", as_it_lies, [("device by two statements in one (two)", "N", "check")]),
    Tooth("signatures in any spelling", loosely_spelt, [("last signature respelt", "N", "list")]),
    Tooth("keys in any spelling", keys_of_any_spelling, [("device with our age key respelt (two)", "N", "check")]),
    Tooth(
        "a key twice in the list",
        put(chain, "_is_key_taken", lambda *_: False),
        [("device with our age key (two)", "N", "check")],
    ),
    Tooth("root of a statement not compared", read_as(of_our_root), [("device for another root (two)", "N", "check")]),
    Tooth(
        "what a statement goes on from not compared",
        read_as(behind_the_last),
        [
            ("device behind another statement (two)", "N", "check"),
            ("continued twice by one (two)", "N", "check"),
            ("continued twice by two (two)", "N", "check"),
        ],
    ),
    Tooth(
        "authority of a statement not checked",
        put(chain, "_authorities", lambda _: Everything()),
        [
            ("own device by himself", "N", "check"),
            ("ended admits (ended)", "N", "check"),
            ("fork by a stranger (ended)", "N", "check"),
            ("fork by a stranger in the place of ours (ended)", "D", "list"),
            ("loser admits behind the settlement (two)", "N", "check"),
            ("device that may only write admits (two)", "N", "check"),
        ],
    ),
    Tooth(
        "whoever is named need not sign",
        unagreed,
        [
            ("device that did not agree (two)", "N", "check"),
            ("paper replaced by one that did not sign (two)", "N", "check"),
        ],
    ),
    Tooth(
        "bystanders may sign", read_as(without_bystanders), [("statement signed by a bystander (two)", "N", "check")]
    ),
    Tooth(
        "own key not needed in the chain",
        put(key_standing, "_has_signed_itself", lambda *_: True),
        [("own store under our devices name", "D", "list")],
    ),
    Tooth(
        "the paper need not sign",
        nothing(key_standing, "_check_paper"),
        [
            ("own store", "P", "check"),
            ("own store with his paper", "P", "restore"),
            ("paper replaced (two)", "P", "check"),
        ],
    ),
    Tooth(
        "a paper that was replaced is the store's",
        agreed_once,
        [("nothing (renewed)", "O", "check"), ("nothing (renewed)", "O", "restore")],
    ),
    Tooth(
        "a paper that was replaced may sign",
        put(chain, "_authorities", lambda so_far: set(so_far.agreed)),
        [
            ("device by the old paper (renewed)", "N", "check"),
            ("paper by the old paper (renewed)", "P", "check"),
            ("our device ended by the old paper (renewed)", "D", "list"),
        ],
    ),
    Tooth(
        "one of two papers settles a list that parted",
        every_paper_signed,
        [("settled by the old paper (renewed)", "N", "check"), ("settled by the old paper (renewed)", "D", "list")],
    ),
    Tooth(
        "mark of a note of a new paper not compared",
        put(recovery_paper, "_mark", lambda *_: Like()),
        [("note of a paper of his", "D", "renew")],
    ),
    Tooth(
        "any line of a note taken for one",
        put(safeguards, "_parse_backup_line", lambda line: NotedBackup(**json.loads(line))),
        [("reminders filled with rubbish (two)", "D", "check"), ("reminders filled with rubbish (two)", "D", "backup")],
    ),
    Tooth(
        "the list not held against memory",
        put(key_standing, "hash_lines", lambda *_: Like()),
        [
            ("trust cut and nothing written since (two)", "D", "check"),
            ("settlement cut off (two)", "D", "list"),
            ("their list in the place of ours (two)", "D", "list"),
            ("ended forks the list without its end (ended)", "D", "list"),
        ],
    ),
    Tooth(
        "the list beside a note not held against it",
        copy_not_held_against_the_note,
        [("all put back with the list beside the memory (ended)", "D", "list")],
        tells=True,
    ),
    Tooth(
        "a list that parted read as one of the two",
        one_of_two_lists,
        [
            ("each shut the other out (two)", "N", "check"),
            ("ended forks the list (ended)", "N", "check"),
            ("ended admits from before its end (ended)", "D", "list"),
            ("paper found forks the list (ended)", "D", "list"),
            ("loser goes on after the settlement (two)", "D", "list"),
        ],
    ),
    Tooth(
        "whoever may settles a list that parted",
        every_paper_signed,
        [("settled by a stranger (two)", "N", "check"), ("settled by whoever was shut out (ended)", "N", "check")],
    ),
    Tooth(
        "a list that does not stand admits",
        put(chain_state, "_is_shut_out_elsewhere", lambda *_: False),
        [("admitted by the loser (two)", "N", "check")],
    ),
    Tooth(
        "a new statement needs no acknowledgement",
        nothing(problems, "unacknowledged_error"),
        [("device added (two)", "D", "admit"), ("paper as found (two)", "D", "admit")],
    ),
    Tooth(
        "whatever comes is what this computer was about to save",
        put(memory, "hash_lines", lambda *_: Like()),
        [("device added where an end was cut off (two)", "D", "admit")],
    ),
    Tooth(
        "to shut one out accepts all that is new",
        put(device, "_needs_no_answer", lambda *_: True),
        [("two joined by the found paper (two)", "D", "shut out")],
    ),
    Tooth("a restore acknowledges what came with it", acknowledged, [("device added (two)", "D", "afterwards")]),
    Tooth(
        "a store that is not remembered is written to",
        nothing(problems, "no_memory_error"),
        [("memory erased and all put back (two)", "D", "admit")],
    ),
    Tooth(
        "a store of a later version is written to",
        nothing(problems, "newer_chain_error"),
        [("statement of a later version (two)", "D", "admit")],
    ),
    Tooth("a device that was shut out is not told", nothing(problems, "device_shut_out_error"), []),
    Tooth(
        "whoever left the staff writes on",
        nothing(attribution, "signer_left_error"),
        [("leaver sits at a computer that stays (kept)", "D", "admit")],
    ),
    Tooth("mark of memory not verified", unmarked, [("memory made up (two)", "D", "admit")]),
    Tooth(
        "journals not held against memory",
        put(device_log, "begins_with", lambda *_: True),
        [("all put back", "D", "list")],
    ),
    Tooth("a backup does not doubt", nothing(device_log, "compare_with_note"), [("all put back", "D", "backup")]),
    Tooth(
        "links of lines not checked",
        put(device_log, "is_linked_to", lambda *_: True),
        [("line taken out", "N", "list")],
    ),
    Tooth(
        "last signature of a journal not checked",
        put(device_log, "is_line_signed", lambda *_: True),
        [("own line in our journal", "D", "list")],
    ),
    Tooth(
        "a line signed as a statement",
        line_signed_for(lambda said: STATEMENT_PURPOSE + said),
        [("line crossed with statements", "N", "check")],
    ),
    Tooth(
        "a line signed for another store",
        line_signed_for(lambda said: _signed_bytes(said, ELSEWHERE)),
        [("line of our other store", "D", "list")],
    ),
    Tooth("every other signature of a journal not checked", put(device_logs, "is_line_signed", lambda *_: True), []),
    Tooth(
        "lines not held to shape and number",
        put(device_logs, "is_sound_line", lambda *_: True),
        [("numbers left out (two)", "D", "check"), ("put back and said to be restored (two)", "N", "check")],
    ),
    Tooth(
        "what a line is not asked",
        put(device_log, "is_journal_line", lambda _: True),
        [
            ("line without a field (two)", "D", "list"),
            ("line nested without end (two)", "D", "list"),
            ("line of no time (two)", "D", "admit"),
            ("line of a number beyond all (two)", "D", "admit"),
            ("line with letters that turn (two)", "N", "list"),
            ("own line that is none", "N", "list"),
        ],
    ),
    Tooth(
        "what an older version noted is not held", all_held, [("line that is none and was noted (two)", "D", "list")]
    ),
    Tooth(
        "whole lines signed for as broken",
        put(claims, "_find_whole_lines", lambda *_: set()),
        [
            ("whole line signed for as broken (two)", "D", "list"),
            ("whole line signed for as broken (two)", "N", "list"),
            ("own whole line signed for as broken (two)", "D", "list"),
        ],
    ),
    Tooth(
        "lines signed for as broken not told",
        put(device_logs.DeviceLogs, "_find_false_claims", lambda *_: iter(())),
        [("line signed for that is not there (two)", "D", "check")],
    ),
    Tooth(
        "an older device signs for what is damaged",
        put(claims, "is_written_by", lambda *_: True),
        [("line of the second destroyed and signed for (two)", "N", "list")],
    ),
    Tooth(
        "who saw the lines that an end denies", put(device_logs.DeviceLogs, "_count_witnessed_lines", lambda *_: 0), []
    ),
    Tooth("lines under a statement that is not there", unknown_statements, [("unknown mark (two)", "D", "list")]),
    Tooth("a later line under an older list", put(device_logs, "MARK_LENGTH", 0), [("old mark (two)", "D", "check")]),
    Tooth(
        "what one device saw of the other not compared",
        put(device_logs.DeviceLogs, "_find_unseen_lines", lambda *_: iter(())),
        [("second journal put back (two)", "N", "check")],
    ),
    Tooth(
        "journals of strangers not told",
        put(store_journal.Journal, "foreign_journals", lambda _: []),
        [("own journal", "D", "check")],
    ),
    Tooth(
        "lines behind the end of a device count",
        put(device_log.DeviceLog, "cut_at", lambda one, end: replace(one, behind_end=b"")),
        [
            ("ended writes on (ended)", "D", "list"),
            ("ended changes her record (ended)", "N", "check"),
            ("end missed (ended)", "D", "list"),
            ("end that leaves lines out (two)", "P", "check"),
            ("end of lines that never were (two)", "P", "check"),
            ("end over other lines (two)", "N", "list"),
        ],
    ),
    Tooth(
        "a device says itself what remains of its lines",
        said_by_itself,
        [
            ("ended rewrites and says what remains (ended)", "N", "restore"),
            ("ended rewrites and says what remains (ended)", "P", "restore"),
        ],
    ),
    Tooth(
        "what lies behind an end closes a journal that is too long",
        put(device_logs, "read_device_log", lambda path, head=False: device_log.read_device_log(path)),
        [("more than a journal behind an end (ended)", "D", "list")],
    ),
    Tooth(
        "the list may be filled to its end",
        put(chain, "_takes_reserved_space", lambda *_: False),
        [("list filled with statements (two)", "N", "check"), ("list filled with signatures (two)", "D", "check")],
    ),
    Tooth(
        "lines behind an end are not told",
        put(device_logs.DeviceLogs, "lines_behind_ends", lambda _: iter(())),
        [("rubbish behind an end (ended)", "D", "check"), ("rubbish behind an end (ended)", "P", "check")],
    ),
    Tooth(
        "lines behind an end are told by check alone",
        put(opening, "wrote_later_error", lambda _: problems.no_memory_error()),
        [("rubbish behind an end (ended)", "D", "list")],
        tells=True,
    ),
    Tooth(
        "whoever knows of some lines behind an end knows of all",
        put(device_logs.DeviceLogs, "_acknowledged_lines", lambda *_: Everything()),
        [("ended writes more than is known (ended)", "#", "check")],
    ),
    Tooth(
        "a file saved behind an end is one that nobody saved",
        put(device_logs.DeviceLogs, "saved_behind", lambda *_: None),
        [("ended writes on (ended)", "D", "list")],
        tells=True,
    ),
    Tooth(
        "anybody signs behind an end",
        put(behind, "is_written_by", lambda *_: True),
        [("line forged behind an end (ended)", "D", "list")],
        tells=True,
    ),
    Tooth(
        "what was taken over not compared",
        put(device_log, "_adopted_length", adopted_unseen),
        [("all but the list put back after it was begun (0.1.0)", "N", "restore")],
    ),
    Tooth(
        "hash of a file not compared",
        put(protocol, "hash_version", lambda _: Like()),
        [("record forged", "D", "list"), ("record old", "D", "list")],
    ),
    Tooth(
        "id in a record not compared",
        put(records.Store, "read", lambda store, id_: store._read(record_file(id_), store.record_shape)),
        [("wrong id inside (two)", "D", "list")],
    ),
    Tooth(
        "what a sealed block says of its place not compared",
        put(BlockPlace, "__ne__", lambda *_: False),
        [("block of another client (two)", "D", "check")],
    ),
    Tooth(
        "what stands outside of a sealed block not compared",
        nothing(SealedEntries, "_differs"),
        [("another word outside (two)", "D", "part"), ("block of another part (two)", "D", "part")],
    ),
    Tooth(
        "revision of a sealed block not compared",
        nothing(sealed, "check_revision"),
        [
            ("older block (two)", "D", "part"),
            ("older block (two)", "P", "check"),
            ("older block counted no more (two)", "D", "check"),
            ("older block without its number (two)", "D", "check"),
            ("older block of every file (two)", "D", "check"),
        ],
    ),
    Tooth("a sealed block needs no number", no_number_needed, [("older block without its number (two)", "D", "check")]),
    Tooth(
        "a block that the file counts need not be there",
        nothing(SealedEntries, "_missing_blocks"),
        [("no block of every file (two)", "D", "check"), ("entry taken away (two)", "D", "check")],
    ),
    Tooth(
        "what does not open in a file is not told",
        put(records.Store, "closed_parts", lambda *_: iter(())),
        [("block for himself (two)", "P", "check")],
    ),
    Tooth(
        "keys of a file not counted",
        any_number_of_keys,
        [
            ("another reader (two)", "D", "list"),
            ("another reader (two)", "D", "backup"),
            ("paper left out (two)", "D", "list"),
        ],
    ),
    Tooth(
        "what still opens for whoever was shut out not told",
        put(check, "list_files_to_rekey", lambda _: []),
        [("sealing anew undone (ended)", "N", "check"), ("sealing anew undone (ended)", "P", "check")],
        tells=True,
    ),
    Tooth("keys of another kind", any_kind_of_key, [("another kind of reader (two)", "D", "list")]),
    Tooth("headers without bound", large_headers, [("some stanzas at residents/{her}.yaml.age", "D", "check")]),
    Tooth("files without bound", put(limits, "SEALED_FILE_BYTES", 1 << 30), []),
    Tooth("links followed", links_followed, [("link at staff.yaml", "D", "check")]),
    Tooth("files not filled up to a step", put(protocol, "pad_text", bytes), [("sizes watched", "D", "admit")]),
    Tooth(
        "id of the store not compared",
        nothing(opening, "mark_other_store"),
        [("store renamed and vouched for (two)", "D", "list")],
    ),
    Tooth(
        "words not compared",
        put(recovery, "parse_fingerprint_words", lambda _: Like()),
        [("another store of the same key", "W", "words"), ("key in two hands", "W", "moment")],
    ),
    Tooth(
        "number not compared",
        no_number,
        [("all put back", "#", "check"), ("all put back", "#", "restore"), ("disk put back (two)", "#", "check")],
    ),
    Tooth(
        "a repair takes bytes that no line names",
        put(repair, "_recorded_versions", lambda *_: Whatever(x=0)),
        [("record forged", "D", "repair")],
    ),
    Tooth(
        "the clock not held against the journals",
        clock_not_asked,
        [("line far ahead (two)", "D", "admit"), ("line far ahead (two)", "D", "check")],
        tells=True,
    ),
    Tooth(
        "what nobody sees stays in a page",
        put(stdio, "dump_json", dumps),
        [("words that turn what follows (two)", "D", "show")],
        tells=True,
    ),
    Tooth(
        "whatever has the name of a leaving was left by a command",
        leftover_of_any_kind,
        [("folder named as a leaving", "D", "admit")],
    ),
    Tooth(
        "a journal taken apart at once",
        put(device_log, "iterate_lines", lambda lines, at=0: lines[at:].split(b"\n")[:-1]),
        [("ends of lines behind our journal", "D", "list")],
    ),
    Tooth("strangers in a store of 0.1.0", strangers_of_old, [("old stranger (0.1.0)", "D", "begin")]),
    Tooth(
        "a backup that cannot be read passed over in silence",
        nothing(backup_choice, "_may_have_more"),
        [
            ("one bit at trust.jsonl", "D", "choose"),
            ("deleted at trust.jsonl", "D", "choose"),
            ("pipe at journal/{device}.jsonl", "D", "choose"),
        ],
    ),
    Tooth(
        "whether a passed-over backup may be newer not looked at",
        put(backup_choice, "_covers_backup", lambda *_: True),
        [("one bit at trust.jsonl", "P", "choose"), ("journal cut", "D", "choose")],
    ),
    Tooth(
        "lines that a backup lost not missed",
        put(backup_choice, "_find_losses", lambda *_: iter(())),
        [("journals deleted", "D", "choose"), ("deleted at journal/{device}.jsonl", "D", "choose")],
    ),
    Tooth(
        "lines of a backup not verified before it is chosen",
        nothing(backup_choice, "_find_edits"),
        [("one bit at journal/{device}.jsonl", "D", "choose")],
    ),
    Tooth(
        "an older version put back beside a damaged newer one",
        nothing(repair, "refuse_passed_over"),
        [("record forged", "D", "repair of several")],
    ),
    Tooth(
        "an older list put back beside a damaged newer one",
        nothing(trust, "refuse_passed_over"),
        [(FORGED, "D", "relist of several")],
    ),
    Tooth(
        "lines given up beside a backup that cannot be read",
        nothing(journal_repair, "refuse_passed_over"),
        [("link at journal/{device}.jsonl", "D", "lines of several")],
    ),
    Tooth("a store of 0.1.0 that was begun", nothing(opening, "_require_not_taken_over"), []),
]

SILENT = {
    "who saw the lines that an end denies": "Nothing is believed either way; the check is there to say whether it was "
    "the journal that was changed, or the end that is not true.",
    "a device that was shut out is not told": "It is no reader any more: what it seals it cannot open, so nothing is "
    "written all the same; the check is there to say why.",
    "every other signature of a journal not checked": "Each line carries the hash of the one before, and the last is "
    "signed; the check says at which line a journal is broken.",
    "files without bound": "What is too large is refused later too, by its hash or by the reader of YAML; the bound is "
    "there for the time and the memory until then.",
    "a store of 0.1.0 that was begun": "What this computer remembers of the journal is held against it as well; the "
    "check is there to say what happened.",
}
"""Checks that no attack of the table needs, and why they are there all the same."""
