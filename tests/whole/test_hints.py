"""Whoever types what a page, a help text or a message of ours names gets what she was told."""

import json
import re
import shlex
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from shelterctl.explain import topic
from shelterctl.rulebook.files import MANUAL_FOLDER
from tests.support.command import Answer
from tests.support.desk import TODAY, Desk, copied
from tests.support.inputs import REFERRAL, read
from tests.support.paths import ACCEPTED
from tests.support.revised_rulebook import copy_of_the_manual
from tests.whole import hints

GATHERED = hints.gathered(hints.hints())
LATER = "2027-06-01"

ASKS = {
    "usage/from", "usage/terminal", "usage/void", "usage/admit", "usage/provider", "usage/names", "usage/missing",
    "usage/no-track", "completion/shell", "repair/what", "init/recovery", "trust/needs-paper", "vault/no-passphrase",
    "check/compare", "repair/remembered",
}  # fmt: skip
"""What a command answers that asks somebody at a terminal, and nobody sits there."""

OTHERWISE = {
    r"check --strict": (1, "open things are exit 1 there"),
    r"export clients --anonymised .*": (1, "so few clients are never anonymous; test_export has a rulebook for it"),
    r"publish --confirm \S+": (3, "nobody asked for an exception there; test_publish asks and confirms"),
    r"publish .*--exception.*": (2, "nothing was published there that it overlaps; test_publish asks"),
    r"close \S+ plan": (1, "at a terminal it asks what became of the plan; else that is refused"),
    r"rules overlay end LIMIT.*": (3, "the limit has an id of its own; test_overlay ends one"),
    r"discharge (?!--)\S+( --on \d\S+)?": (1, "at a terminal it asks for IOM's part; else that is refused"),
}
"""Commands that do not end with 0 where they are tried, and why that is what was told."""

NOT_TRIED = {
    r"demo generate.*": "it takes twenty seconds; tests/cli/test_demo.py runs it",
    r"report .*--trace.*": "a terminal is needed; tests/cli/test_report.py has one",
    r"report .*--from.*": "what is typed is a file of its own; tests/cli/test_report.py has one",
    r'query "\$over"': "the question is in a variable; test_recipes asks it",
    r"demo run( \S+)?": "it takes three seconds; test_cli_lists runs it",
    r"trust --join --recovery .*": "it makes a key, with a passphrase at a terminal; test_join does",
    r"(--lang|--staff|--as-of) \S+|menu": "they open the menu; test_first_hour and test_menu do",
    r"--version|--help": "test_house asks for both",
    r"repair journal --vouch .*": "it names the bytes that were shown; test_vouch has them",
    r"repair \S+ --reseal": "test_reseal has a file for more keys than the list",
    r"staff|ngo|provider": "words of the rulebook; commands of these names have a second word",
    r"device|recovery|export": "words of the trust list and the journal, as the page of formats names them",
    r"hub match --.*": "two houses and the files between them; tests/cli/test_hub_match.py has both",
    r"hub( .*)?": "a dataset of the exports of houses; tests/hub/test_hub.py has one",
    r"export TABLES .*": "the words are in a message about exports of other houses; tests/hub/test_hub.py has them",
    r"import .*": "a sheet of its own; tests/cli/test_import_cases.py has some",
    r'query "\$\w+"': "a question of a script; tests/whole/test_recipes.py asks it",
    r"add CODE ngo-paper": "the NGO is named by its own code; test_agreement adds one",
    r"void (bishkek|\{house\}) \S+( --reason-code \S+)?": "an entry of theirs; test_house_registers strikes one out",
    r"confirm \{house\} .*": "the entry is the one that the page names",
    r"add (bishkek|HOUSE|ДОМ) (TRACK|\{track\}|pocket-money).*": "for all at once; test_add_for_all does it",
    r"form pocket-money \S+ --on \S+.*": "the sheet of all who live in a house; test_add_for_all prints one",
    r"(add|permit) \S+ (TRACK|absence|visit) (ENTRY|\S{6})": "the entry is one of theirs; test_cli_deed names it",
    r"repair --trust --recovery .*": "the list has to have parted first; test_settlement has such a one",
    r"device end .*": "it shuts a computer out; test_device does",
    r"help COMMAND": "test_topics asks for its page",
    r"init house .* --no-passphrase": "the store that all tests begin with is made so",
    r".* --for \S+( .*)?": "its answer is an age file, and no text; test_docs opens it",
    r"(check|trust) .*--(recovery|words|begin|out)( .*)?": "slow by intent: test_recovery, test_old_store",
}
"""Commands that are only read here, and who carries them out."""


def gone(desk: Desk) -> None:
    """The memory of this computer is lost."""
    shutil.rmtree(desk.key.with_name("key.heads"))


def hurt(desk: Desk) -> None:
    """Her file is damaged."""
    file = desk.store / "residents" / f"{desk.her}.yaml.age"
    *sealed, last = file.read_bytes()
    file.write_bytes(bytes([*sealed, last ^ 1]))


def torn(desk: Desk) -> None:
    """A line of the journal is broken, with what it said."""
    (file,) = (desk.store / "journal").iterdir()
    first, second, *others = file.read_bytes().splitlines(keepends=True)
    file.write_bytes(b"".join([first, second[: len(second) // 2] + b"\n", *others]))


def drafted(desk: Desk) -> None:
    """Somebody changes a copy of the rulebook."""
    copy_of_the_manual(desk.folder / "draft")


def unlisted(desk: Desk) -> None:
    """The list of who may read and write is gone."""
    (desk.store / "trust.jsonl").unlink()


def left(desk: Desk) -> None:
    """She has left."""
    desk.do(f"discharge {desk.her} --on 2026-11-25", ACCEPTED / "discharge.yaml")


def agreed(desk: Desk) -> None:
    """Her agreement is signed."""
    desk.do(f"agreement {desk.her} --form blue --number S-NGO-12 --sign --on 2026-11-25")


def elsewhere(desk: Desk) -> None:
    """Another computer, with the paper and a backup."""
    shutil.rmtree(desk.store)
    desk.do("restore usb --store house --identity recovery.txt", today=None)
    desk.key.unlink()
    gone(desk)


def bare(desk: Desk) -> None:
    """A computer on which no store was made yet."""
    shutil.rmtree(desk.store)
    desk.key.unlink()
    gone(desk)


def lost(desk: Desk) -> None:
    """The store is gone, the key and the backups are not."""
    shutil.rmtree(desk.store)
    gone(desk)


def moved(desk: Desk) -> None:
    """What names the houses is damaged."""
    (desk.store / "shelter.yaml").write_bytes(b"")


def copied_manual(desk: Desk) -> None:
    """A copy of the manual lies there to be revised."""
    shutil.copytree(MANUAL_FOLDER, desk.folder / "draft")


def planned(desk: Desk) -> None:
    """Her plan is approved and she agrees to it; she wishes to go out, and IOM agrees to what a partner is told."""
    for track in ("need", "plan", "consent", "absence", "disclosure"):
        desk.do(f"add {desk.her} {track}", desk.folder / f"{track}.yaml")
    desk.do(f"add {desk.her} consent", {**read(desk.folder / "consent.yaml"), **TO_SEZIM})
    desk.do(f"approve {desk.her} plan --on 2026-11-22")


def written(desk: Desk) -> None:
    """A visit is announced, and an incident was told of and settled."""
    for track in ("visit", "incident"):
        desk.do(f"add bishkek {track}", desk.folder / f"{track}.yaml")


def handed_over(desk: Desk) -> None:
    """The last shift left a note."""
    desk.do("add bishkek occasion", {"kind": "handover", "on": TODAY, "note": "an invented note"})


def reported(desk: Desk) -> None:
    """The reports of October are closed."""
    for name in ("progress", "financial", "occupancy"):
        desk.do(f"report {name} --month 2026-10 --close", today=TODAY)


def namesakes(desk: Desk) -> None:
    """A house and an NGO have the same code."""
    desk.do("facility add osh --capacity 8")
    desk.do("ngo add osh")


def requested(desk: Desk) -> None:
    """The psychologist has made her key, and a manager has not accepted it yet."""
    desk.do("staff key s-aida --no-passphrase")
    shutil.copy(desk.folder / "key.people" / "s-aida.request", desk.folder / "usb" / "aida.request")


def keyed(desk: Desk) -> None:
    """Those who read a part have keys; roles do not decide yet."""
    desk.do("staff add s-data --role data_officer")
    for code in ("s-aida", "s-gulnara", "s-meder", "s-data"):
        desk.do(f"staff key {code} --no-passphrase")
        desk.do(f"staff key {code} --accept")


def by_role(desk: Desk) -> None:
    """Each person has a key, and roles decide."""
    keyed(desk)
    desk.do("roles --begin")


def stricter(desk: Desk) -> None:
    """Roles decide, and the house is stricter than the manual."""
    by_role(desk)
    desk.do("roles --less social_worker=outlay --close manager=psychological")


def recorded(desk: Desk) -> None:
    """The registers of the house go back to a year that is over."""
    desk.do("facility add bishkek --registers-since 2025-01-01")


TO_SEZIM = {"kind": "information_sharing", "recipient": "sezim", "purpose": "жильё"}


LED: dict[str, Path | None] = {
    "init house --shelter bishkek --capacity 8 --no-passphrase --recovery recovery.txt": None,
    "ngo add sezim --memorandum 2026-01-15": None,
    "staff add s-gulnara --role social_worker": None,
    "staff add s-aida --role psychologist": None,
    "staff add s-meder --role medical_adviser": None,
    "admit": REFERRAL,
    "admit ID --complete --on 2026-11-22": None,
    "admit ID --done orientation --by s-gulnara": None,
    "agreement ID --form blue": ACCEPTED / "blue.yaml",
    "agreement ID --form pink": ACCEPTED / "pink.yaml",
}
"""The main job up to the day on which she leaves, with what each command reads."""


class World:
    """A house in which the main job is done, and beside it whatever a hint asks for: files, a backup, the paper."""

    def __init__(self, desk: Desk, folder: Path) -> None:
        self.desk, self.folder, self.count = desk, folder, 0
        self.after: dict[Callable[[Desk], None] | None, Desk] = {None: desk}
        for words, given in LED.items():
            done = desk.do(words.replace("ID", desk.her), given)
            desk.her = desk.her or done.data.get("id", "")
        desk.do(f"admit {desk.her}", {"identification_number": "KG-2026-118"})
        self.sheet = desk.do(f"form shelter-rules {desk.her} --out rules.txt").data["printed"][0]["code"]
        self.other = desk.do("admit --without-stay", OTHER).data["id"]
        record = desk.do(f"show {desk.her} --names").data["record"]
        self.stay, self.entry = record["stays"][0]["id"], record["agreements"][0]["id"]
        for name, text in GIVEN.items():
            (desk.folder / name).write_text(text, "utf-8")
        for name in ("blue", "pink", "discharge"):
            shutil.copy(ACCEPTED / f"{name}.yaml", desk.folder / f"{name}.yaml")
        shutil.copy(ACCEPTED / "monitoring-report.yaml", desk.folder / "report.yaml")
        (desk.folder / "record.yaml").write_text(json.dumps(record, ensure_ascii=False), "utf-8")
        (desk.folder / "usb").mkdir()
        self.backup = desk.do("backup usb", today=None).data["folder"]
        sheet = desk.do("trust").data["sheet"]
        self.number, self.words = str(sheet["number"]), sheet["words"]

    def at(self, words: str) -> tuple[Desk, str | None]:
        """A desk of its own on which these words are typed, and the day."""
        happened, today = next((what for word, what in SITUATIONS.items() if re.match(word, words)), (None, TODAY))
        if happened and happened not in self.after:
            self.after[happened] = copied(self.desk, self.folder / happened.__name__)
            happened(self.after[happened])
        self.count += 1
        desk = copied(self.after[happened], self.folder / str(self.count))
        return desk, today

    def tried(self, words: str) -> tuple[str, Answer]:
        """The words as they are typed here, and the page that answers them."""
        filled = self.filled(words)
        desk, today = self.at(words)
        given = REFERRAL if filled.startswith("admit --from") else desk.folder / "evidence.json"
        given = desk.folder / "record.yaml" if filled.startswith("check -") else given
        given = desk.folder / f"{filled.split()[-1]}.yaml" if re.fullmatch(r"add \S+ \S+", filled) else given
        given = desk.folder / "child.yaml" if re.match(r"add \S+ child", filled) else given
        if "--as-of" in words or filled.startswith(("init", "backup", "restore", "trust")):
            today = None
        page = "" if re.search("--format|--json", filled) else " --json"
        return filled, desk.run(filled + page, today=today, input=given.read_bytes() if given.exists() else b"")

    def filled(self, words: str) -> str:
        """The words with what each placeholder, fact and invented id of them stands for here."""
        values = self._values(words)
        longest = "|".join(re.escape(each) for each in sorted(values, key=len, reverse=True))
        words = re.sub(rf"(?<![\w./-])(?:{longest})(?![\w./-])", lambda found: values[found[0]], words)
        kind = "csv" if words.startswith("export ") else "html"
        return re.sub(r"(--out )(?:~/)?\S+", rf"\1sheet.{kind}", words)

    def _values(self, words: str) -> dict[str, str]:
        first, *_ = words.split()
        file = next((name for word, name in FILES.items() if re.match(word, words)), "evidence.yaml")
        code = next((name for word, name in CODES.items() if re.match(word, words)), "s-aida")
        paper = "new-paper.txt" if first == "init" else "recovery.txt"
        stick = "/media/usb/shelterctl-0K7M2-2026-11-"
        if first in ("add", "show") and re.search(r"CODE|\{code\}|\{house\}", words):
            code = "bishkek"
        her = self.other if words.startswith("monitor schedule") else self.desk.her
        return {
            **dict.fromkeys(["7QF2-M9KD", "ID", "{id}", "{file}", "{place}", "{record}"], her),
            "{part}": "medical",
            **dict.fromkeys(["K7M2QA", "ENTRY"], self.entry),
            **dict.fromkeys(["4XK-792-QA5", "{code}"], code if code == "bishkek" else self.sheet),
            **dict.fromkeys(["BACKUP", "ПАПКА", "КОПИЯ", "/media/usb"], "usb"),
            **dict.fromkeys([f"{stick}25T0730", f"{stick}18T0730"], self.backup),
            **dict.fromkeys(["NEW", "НОВАЯ_ПАПКА", "again", "house-restored"], "again"),
            **dict.fromkeys(["N", "128"], self.number),
            **dict.fromkeys(["FILE", "FILE.pdf"], her if first == "repair" else file),
            **dict.fromkeys(["recovery.txt", "paper.txt", "kluch.txt"], paper),
            **{f"$EXAMPLES/{name}.yaml": f"{name}.yaml" for name in ("referral", "blue", "discharge")},
            **dict.fromkeys(["DATE", "ДАТА"], "2026-11-24" if first == "discharge" else "2026-11-22"),
            **dict.fromkeys(["ITEM", "ПУНКТ"], "orientation"),
            **dict.fromkeys(["FORM", "{form}"], "blue"),
            **dict.fromkeys(["TOPIC", "{topic}"], "backup"),
            **dict.fromkeys(["TRACK", "{track}"], "visit" if first == "list" or "bishkek" in code else "child"),
            **dict.fromkeys(["WHOM", "{whom}"], her), "HOUSE": "bishkek", "MONTH": "2026-11",
            '"poni dokument reklama avokado"': f'"{self.words}"',
            "/media/usb/aida.request": "usb/aida.request",
            "$EXAMPLES/monitoring-report.yaml": "report.yaml",
            "{of}": "pink", "{what}": "A6.4",
            "DIR": "house" if first == "list" else "new-house" if first == "init" else "usb",
            "CODE": self.sheet if first == "paper" else code, "{chapter}": "annexes",
            "STAY": self.stay, "{store}": "house", "{key}": "key",
            "ROLE": "psychologist", "{number}": "S-NGO-12", "{house}": "bishkek",
            "NAME": "progress" if first == "report" else "shelter-rules", "{kind}": "agreement-blue",
            "{staff}": code, "{standard}": "htcds-2.0",
            "WORDS": f'"{self.words}"', "COMMAND": "admit", "NEWKEY": "new-key",
        }  # fmt: skip


FILES = {
    r"discharge ": "discharge.yaml", r"monitor record": "report.yaml", r"monitor close": "reason.yaml",
    r"add ": "child.yaml", r"close ": "outcome.yaml", r"staff key .*--from": "usb/aida.request",
    r"admit --from": "referral.yaml", r"check FILE": "record.yaml", r".*--(recovery|identity) ": "recovery.txt",
}  # fmt: skip
CODES = {
    r"explain": "agreement/over-cap", r"facility|init": "osh", r"ngo": "umut", r"staff (key|end)": "s-aida",
    r"staff": "s-nargiza",
    r"repair": "no_backup", r"void": "entered_twice",
}  # fmt: skip
OTHER = {
    "identity": {"sex": "male", "birth_date": "1990", "first_name": "Улан"},
    "referral": {"sources": ["partner_ngo"]},
}
NAMES = ("Бурул", "Нуриза")


def intakes(name: str) -> str:
    """Two invented women as a stream, with all that the gate asks for."""
    people = [{**read(REFERRAL), "identity": {**read(REFERRAL)["identity"], "first_name": first}} for first in NAMES]
    written = [json.dumps(facts, default=str, ensure_ascii=False) for facts in people]
    return ("\n---\n" if name.endswith("yaml") else "\n").join(written)


GIVEN = {
    **{name: intakes(name) for name in ("intakes.yaml", "moved.yaml", "intakes.ndjson")},
    **{f"intakes-{number}.ndjson": intakes("ndjson") for number in (1, 2)},
    "referral.yaml": "identity: {sex: female, birth_date: 1999, first_name: Жылдыз, last_name: Образцова}\n"
    "referral: {sources: [law_enforcement], received_at: 2026-11-20T21:30}\n",
    "evidence.yaml": "identification_number: KG-2026-119\n",
    "evidence.json": '{"identification_number": "KG-2026-119"}\n',
    "attempt.yaml": "how: other\nhow_other: знакомая\noutcome: other\noutcome_other: обещала передать\n",
    "reason.yaml": "reason: не хочет\n",
    "decision.yaml": "by: NGO Coordinator\nreason: она переехала\n",
    "name.yaml": "last_name: Примерова\n",
    "child.yaml": "birth_date: 2019\n",
    "need.yaml": "class: primary\nneed: жильё\n'on': 2026-11-22\nsource: resident\n",
    "plan.yaml": "kind: assistance\n'on': 2026-11-22\nmanager: manager\nsocial_worker: s-gulnara\n"
    "psychologist: s-aida\ngoals: [social_aid]\nspan: {from: 2026-11-23, to: 2027-02-20}\n",
    "consent.yaml": "kind: plan\ngiven_on: 2026-11-22\nlanguage: ky\nby: s-gulnara\n",
    "absence.yaml": "kind: outing\nplanned_at: 2026-11-26T10:00\nexpected_back_at: 2026-11-26T12:00\npurpose: рынок\n",
    "disclosure.yaml": "kind: partner\nrecipient: sezim\nwhat: [возраст]\nby: s-gulnara\noccasion: handover\n"
    "iom_agreed: {'on': 2026-11-22, by: NGO Coordinator}\n",
    "health.yaml": "kind: checkup\n'on': 2026-11-23\n",
    "outcome.yaml": "outcome: ended_early\n",
    "visit.yaml": "kind: iom\nname: IOM\nat: 2026-11-26T10:00\n",
    "visits.yaml": "kind: iom\nname: IOM\nat: 2026-11-24T10:00\n---\nkind: iom\nname: IOM\nat: 2026-11-23T10:00\n",
    "call.yaml": "at: 2026-11-24T10:00\n",
    "handover.yaml": "kind: handover\non: 2026-11-25\nnote: quiet\n",
    "incident.yaml": "kind: other_security\nat: 2026-11-24T10:00\ndescription: окно\n"
    "reported_to_iom: {at: 2026-11-24T11:00}\naction: none\n",
    "lyceum.yaml": "name: Лицей 12\n",
    "provider.yaml": "name: Лицей 12\n",
    "passphrase-file": "nothing is asked\n",
}


SITUATIONS: dict[str, tuple[Callable[[Desk], None] | None, str]] = {
    r"publish \S+ --period|report \S+ .*--public": (recorded, TODAY),
    r"(init|demo).*": (bare, TODAY),
    r"rules impact .*": (drafted, TODAY),
    r"restore .*": (lost, TODAY),
    r"trust --join.*": (elsewhere, TODAY),
    r"check --remember.*": (gone, TODAY),
    r"repair --trust.*": (unlisted, TODAY),
    r"repair journal.*": (torn, TODAY),
    r"repair shelter.yaml.*": (moved, TODAY),
    r"repair .*": (hurt, TODAY),
    r"monitor .*": (left, LATER),
    r"terminate .*": (agreed, TODAY),
    r"correct .*": (agreed, "2026-11-26"),
    r"(permit|close) bishkek .*": (written, TODAY),
    r"confirm bishkek .*": (handed_over, TODAY),
    r"report .*--compare": (reported, TODAY),
    r"show \w+:osh": (namesakes, TODAY),
    r"(approve|start|authorise|permit|close) .*": (planned, TODAY),
    r"discharge .*--undo": (left, TODAY),
    r"discharge .* DATE": (left, TODAY),
    r"staff key \S+ --accept.*": (requested, TODAY),
    r"staff key \S+ --renew.*": (by_role, TODAY),
    r"rules (new .*--in|impact) draft.*": (copied_manual, TODAY),
    r"roles --begin.*": (keyed, TODAY),
    r"roles --(restore|reopen).*": (stricter, TODAY),
    r"roles --.*": (by_role, TODAY),
}
"""What a command is for, where it is for more than an ordinary day: what has happened, and when it is typed."""


@pytest.fixture(scope="session")
def world(_empty: Desk, tmp_path_factory: pytest.TempPathFactory) -> World:
    folder = tmp_path_factory.mktemp("hints")
    (folder / "desk").mkdir()
    return World(Desk(folder / "desk"), folder)


def kinds() -> dict[str, dict[str, list[str]]]:
    """The commands that are named, by their first word."""
    found: dict[str, dict[str, list[str]]] = {}
    for words, places in sorted(GATHERED.items()):
        found.setdefault(words.partition(" ")[0], {})[words] = places
    return found


def test_a_command_that_is_named_exists_and_takes_its_options() -> None:
    wrong = {words: why for words in GATHERED if (why := hints.misread(shlex.split(words)))}
    assert {words: (why, *GATHERED[words]) for words, why in wrong.items()} == {}


@pytest.mark.parametrize("kind", kinds())
def test_whoever_types_what_is_named_gets_what_she_was_told(kind: str, world: World) -> None:
    wrong, seen = [], set()
    for words, places in kinds()[kind].items():
        if not words or any(re.fullmatch(each, words) for each in NOT_TRIED):
            continue
        alike = re.sub(r" --(json|lang \S+)|\d{4}-\d\d-\d\d|\b\d+\b|\S+\.yaml", "", world.filled(words))
        if alike in seen:
            continue
        seen.add(alike)
        filled, answer = world.tried(words)
        expected = next((code for each, (code, _) in OTHERWISE.items() if re.match(f"{each}$", words)), 0)
        asks = answer.code in (2, 5) and answer.out.startswith("{") and answer.error in ASKS
        if answer.code != expected and not asks:
            wrong.append(
                f"{words} ({', '.join(sorted(set(places)))})\n$ {filled}\n{answer.code} {answer.out}{answer.err}"
            )
    assert not wrong, "\n".join(wrong)


def test_the_page_of_commands_is_followed_word_by_word(desk: Desk) -> None:
    for path in ACCEPTED.iterdir():
        shutil.copy(path, desk.folder)
    for name in ("name.yaml", "decision.yaml", "lyceum.yaml", "handover.yaml"):
        (desk.folder / name).write_text(GIVEN[name], "utf-8")
    page = (topic.TOPICS_FOLDER / "en" / "commands.md").read_text("utf-8").partition("## Make a store")[2]
    values = {"ID": "ID", "entry": "K7M2QA", "sheet": "4XK-792-QA5"}
    for line in re.findall(r"^    (.*)$", page.partition("## Keep the store safe")[0], re.MULTILINE):
        words = hints.bare(line.partition(" | ")[2] or line)
        if not line.startswith(("shelterctl", "echo")) or words.startswith(NOT_FOLLOWED):
            continue
        words = re.sub(r"\bID\b", values["ID"], words.replace(".pdf", ".html").replace("~/", ""))
        words = words.replace("K7M2QA", values["entry"]).replace("4XK-792-QA5", values["sheet"])
        given = re.match(r"echo '(.*)' \| ", line)
        answer = desk.run(words, today=LATER, input=(given[1] if given else "").encode())
        assert answer.code == 0, f"{line}\n{answer.out}{answer.err}"
        for told, meant in (("id: ", "ID"), ("shelterctl paper ", "sheet"), ("agreement id: ", "entry")):
            if found := re.search(rf"(?:^|\s){told}([0-9A-Z-]+)", answer.out):
                values[meant] = found[1] if values[meant] in ("ID", "K7M2QA", "4XK-792-QA5") else values[meant]
    assert not {"ID", "K7M2QA", "4XK-792-QA5"} & {*values.values()}


NEEDS_A_PLAN = ("approve", "start", "close", "permit", "authorise")
"""Commands of the page that want an entry first; test_entry_act.py carries them out."""
NOT_FOLLOWED = ("init", "hub", "publish public-year", "add ID plan", "add bishkek pocket-money", *NEEDS_A_PLAN)
"""Lines of the page of commands that ask at a terminal, or need what this store has not."""
