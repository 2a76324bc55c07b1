"""What somebody may type or paste, or a record may hold, that some program takes for more than text."""

import unicodedata
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any
from unicodedata import category, normalize

import yaml
from fontTools.ttLib import TTFont
from hypothesis import strategies as st
from ruamel.yaml import YAML

from shelterctl.identity.key_file import load_identity
from shelterctl.rulebook.files import TEMPLATES_FOLDER

TEXTS = (
    st.text(max_size=200)
    | st.text("Айгүльңө Щ-", max_size=300)
    | st.sampled_from(["", "x" * 400, "王" * 200, "e\u0301" * 200])
)
"""Letters that take one column of a terminal, two, or none."""

FONTS = sorted((TEMPLATES_FOLDER / "fonts").glob("*.ttf"))
CMAPS = [set(TTFont(font).getBestCmap()) for font in FONTS]
GLYPHS = set.intersection(*CMAPS)
UNSEEN = {chr(0x34F), *map(chr, range(0xFE00, 0xFE10)), *map(chr, range(0xE0100, 0xE01F0))}

CORPUS: dict[str, str] = {
    "typst-read": '#read("/etc/passwd")',
    "typst-import": '#import "@preview/x:1.0.0": *',
    "typst-eval": "#eval(sys.inputs.sheets) #panic()",
    "typst-page": "#pagebreak() #v(5cm) #table([a],[b])",
    "typst-maths": "$x^2 / y$ and $ sum_(i=1)^n $",
    "typst-signs": "*b* _i_ `code` @ref <end> = Title --- ~ \\ // /* */",
    "typst-label": "<begin> <end> @end",
    "html-cell": "</td></tr><tr><td>another row</td><script>alert(1)</script>",
    "html-image": '<img src="https://x.example/a.png" onerror=alert(1)>',
    "html-page": "</article></main></body></html><h1>Another page</h1>",
    "html-picture": '<picture alt="x"><svg onload=alert(1)>',
    "html-comment": "<!-- gone --> <![CDATA[x]]> <?php x ?>",
    "html-style": "</style><style>*{display:none}</style>",
    "html-quotes": "\" onmouseover=\"x' autofocus='",
    "entities": "&lt;b&gt; &amp;amp; &#60;i&#62; &nbsp; &copy &AMP; &#0; &#x202e;",
    "jinja-sum": "{{7*7}} {{ ''.__class__ }} ${7*7} #{7*7}",
    "jinja-block": "{% include 'page.css' %} {# gone #} {%- raw -%}",
    "python-percent": "%(ngo)s %s %d %% %n",
    "python-braces": "{ngo} {0} {} {{ngo}} {ngo.__class__} {total:>99}",
    "md-link": "[press](https://x.example) [a][1] [1]: https://x.example",
    "md-image": "![seen](https://x.example/a.png)",
    "md-autolinks": "<https://x.example> https://x.example www.x.example a@x.example <a@x.example>",
    "md-heading": "# Title",
    "md-setext": "===",
    "md-rule": "---",
    "md-stars": "* * *",
    "md-list": "- one",
    "md-plus": "+ one",
    "md-number": "1. one",
    "md-bracket": "12) one",
    "md-quote": "> said",
    "md-fence": "``` python",
    "md-tildes": "~~~ ~~gone~~",
    "md-code": "`a` ``b`` ` `",
    "md-bold": "**b** __b__ ***b*** a*b*c a_b_c",
    "md-table": "| a | b | |---|---| | c | d |",
    "md-delimiter": ":---|---:",
    "md-pipes": "a|b\\|c\\\\|d||",
    "md-html": "<b>x</b><br><!-- -->",
    "md-footnote": "x[^1] [^1]: y",
    "md-shown": ":smile: @someone #12 $x$ ==marked== a^2^ H~2~O",
    "md-ends": "(x)* _a_\\",
    "backslashes": "C:\\new\\table \\\\ \\* \\[ \\",
    "backslash-end": "x\\",
    "quotes": "\"x\" 'y' `z` «ж» „д“ ‚е‘",
    "turned": "abc\u202egnp.exe\u202c \u2066x\u2069 \u200fy",
    "joined": "a\u200db\u200cc\u00add\ufeffe",
    "zero": "a\0b\x07c\x1bd\x7f",
    "accents": "e\u0301 и\u0306 Е\u0308 у\u0301 a\u0302\u0301",
    "variant": "❤\ufe0f и\ufe0f\u0306",
    "emoji": "😀 👩\u200d👧 🇰🇬 ☐ ☑",
    "cjk": "中文 日本語 한국어",
    "arabic": "مرحبا עברית",
    "kyrgyz": "Ң Ө Ү ң ө ү Ӊ Ұ Қ Ҳ",
    "spaces": "a\u00a0b\u2003c\u202fd   e\t\tf",
    "lines": "one\ntwo\n\n- three\n# four\r\n| five |\u2028six\x85seven\x0beight",
    "day": "2026-11-25",
    "month": "0555-12",
    "sum": "=SUM(A1:A9)+1",
    "ligatures": "fi fl ffi AV To 1/2 -> <= != ... (c) (r)",
    "long": "длинное" * 28 + "конец",
    "long-spaces": "а\u00a0" * 150 + "конец",
    "long-latin": "W" * 200,
}
"""At least one for every reader between a record and paper: Typst, HTML, Jinja, Python, Markdown, and the eye."""

LONGEST = "Ж" + "щ" * 19_998 + "Ж"
"""As many letters as a text of a record may have."""


def shown(value: str) -> str:
    """*value* as paper has it, reckoned anew from the fonts: without what has no shape, and named what has no glyph."""
    spaced = "".join(" " if letter.isspace() and letter != "\u00a0" else letter for letter in value)
    kept = "".join(letter for letter in spaced if category(letter) not in ("Cc", "Cf", "Cs") and letter not in UNSEEN)
    return "".join(x if ord(x) in GLYPHS else f"[U+{ord(x):04X}]" for x in normalize("NFC", kept.strip()))


NUMBERS = """0555123456 0555 007 08 00998901 +998901234567 +5 12:30 190:20:30 12:30:45.5 1e3 1.5e3 1E5 .5 1. 1_000 0x1F
    0b11 0o17 .inf -.INF .nan .NaN 12345678901234567 00.5 1.12345678901234567 -007 1_0.5"""
WORDS = "no No NO off Off yes YES on y n Y True TRUE False Null NULL ="
DATED = "2026-11-25 2026-1-5 1994-05 2026-11-20T21:30+06:00 2001-12-14t21:59:43.10-05:00 12:30:45 05.1994 1,000 2:3"
INVISIBLE = "\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff\ufffe\uffff"
SIGNS = st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n\t", exclude_characters=INVISIBLE)
TEXTS = (
    st.text(SIGNS)
    | st.text(st.sampled_from("ab \n\t#:-?!&*|>'\"%@`{}[],=<~\\0١Җ«."), max_size=12)
    | st.sampled_from(f"{NUMBERS} {WORDS} {DATED} << --- ... ======= true null ~".split())
)
KEYS = TEXTS.map(lambda text: unicodedata.normalize("NFC", text)[:100])
FIGURES = st.integers(1 - 10**16, 10**16 - 1) | st.decimals(-(10**15), 10**15, places=2)
VALUES = st.recursive(
    st.none() | st.booleans() | FIGURES | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=20,
)
RECORDS = st.dictionaries(KEYS, VALUES, max_size=5)


def as_written(value: Any) -> Any:
    """What is read of a value that was written: an amount as a whole number, or with its places as text."""
    if isinstance(value, Decimal):
        return int(value) if value == int(value) else f"{value:f}"
    if isinstance(value, dict):
        return {key: as_written(below) for key, below in value.items()}
    return [as_written(each) for each in value] if isinstance(value, list) else value


def _ruamel(version: tuple[int, int]) -> Callable[[str], Any]:
    def read_by(text: str) -> Any:
        reader = YAML(typ="safe", pure=True)
        reader.version = version
        return reader.load(text)

    return read_by


LIBRARIES: Mapping[str, Callable[[str], Any]] = {
    "PyYAML": yaml.safe_load,
    "ruamel.yaml, 1.1": _ruamel((1, 1)),
    "ruamel.yaml, 1.2": _ruamel((1, 2)),
}


def opened(house: Path, key: Path) -> Iterator[str]:
    """Every sealed file of a store, as its device opens it."""
    ours = load_identity(key, None)
    for file in sorted(house.rglob("*.age")):
        yield ours.open(file.read_bytes()).decode()
