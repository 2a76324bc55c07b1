"""The form of an exported file, as it is typed: format, name, the signs of csv, and the language of its words."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from shelterctl import __version__
from shelterctl.act.output_path import PIPE, OutputTarget, read_target
from shelterctl.errors import UsageError
from shelterctl.session import Session
from shelterctl.tabular.files import ARCHIVE_KIND, TABLE_KINDS, require_format, write_archive, write_tables
from shelterctl.tabular.package import EXPORT_FORMAT, EXPORT_FORMAT_KEY
from shelterctl.tabular.table import Table
from shelterctl.tabular.text import Dialect
from shelterctl.ui_language import N_, SCREEN_LANGUAGES

NEEDS_OUT = N_("Name a file with --out FILE, or - for a pipe.")
NAME_MUST_END_IN_AGE = N_("The file is encrypted for its recipient: let its name end in .age, such as stays.csv.age.")
NAME_ENDS_IN_AGE = N_("Nobody is named for whom the file is encrypted: name somebody with --for, or leave out .age.")
ONE_TABLE_A_FILE = N_("Several tables go into an archive: --out NAME.zip, or NAME.zip.age if it is encrypted.")
FORMATS_DIFFER = N_("--format and the end of the file name say different formats. Leave out --format.")
DELIMITER_WRONG = N_("--delimiter takes one sign: a comma, a semicolon, a tab or a bar.")
DECIMAL_WRONG = N_("--decimal takes a point or a comma, and another sign than --delimiter.")
LABELS_WRONG = N_("--labels takes a language: {languages}.")


class FileForm(NamedTuple):
    """The form of an exported file: the format of its tables, the target, the signs of csv, and the language of words
    in place of codes.
    """

    kind: str
    target: OutputTarget
    dialect: Dialect
    labels: str | None

    def require_end(self, *, encrypted: bool) -> None:
        """Raise UsageError for an encrypted file whose name does not end in .age, or for a readable one that does."""
        if not self.target.is_pipe and self.target.out.endswith(".age") is not encrypted:
            raise UsageError("usage/out", NAME_MUST_END_IN_AGE if encrypted else NAME_ENDS_IN_AGE)

    @property
    def holds_several(self) -> bool:
        """Whether the file can hold several tables."""
        return self.target.kind in (ARCHIVE_KIND, "xlsx")

    def write(self, tables: Sequence[Table], *, exact: bool, scope: Mapping[str, object] | None = None) -> bytes:
        """Return the bytes of the file; an archive also says its *scope*: who sends it, and which rows it has.

        Raises UsageError for several tables in a file for one.
        """
        if len(tables) > 1 and not self.holds_several:
            raise UsageError("usage/out", ONE_TABLE_A_FILE)
        made = [one.with_labels(self.labels) for one in tables] if self.labels else tables
        if self.target.kind != ARCHIVE_KIND:
            return write_tables(made, self.kind, self.dialect)
        name = "-".join(one.name for one in tables)
        about = {"name": name, "created_by": f"shelterctl {__version__}", "exact": exact}
        about |= {EXPORT_FORMAT_KEY: EXPORT_FORMAT, "labels": self.labels, **(scope or {})}
        return write_archive(made, self.kind, self.dialect, about)


def read_form(session: Session, out: str | None, typed: Dialect, labels: str | None, *, overwrite: bool) -> FileForm:
    """Return the form of the file: the end of its name says the format, ``.age`` left out."""
    asked = session.options.format
    ending = Path((out or "").removesuffix(".age")).suffix.lstrip(".").lower()
    kinds = (*TABLE_KINDS, ARCHIVE_KIND)
    if ending in TABLE_KINDS and asked in TABLE_KINDS and asked != ending:
        raise UsageError("usage/format", FORMATS_DIFFER)
    kind = asked if asked in TABLE_KINDS else ending if ending in TABLE_KINDS else "csv"
    require_format(kind)
    known = ending if ending in kinds else kind if out == PIPE or asked in TABLE_KINDS else None
    target = read_target(out, known if out else None, overwrite, kinds, has_as=False)
    if target is None:
        raise UsageError("usage/out", NEEDS_OUT)
    languages = (*SCREEN_LANGUAGES, "ky")
    if labels is not None and labels not in languages:
        raise UsageError("usage/labels", LABELS_WRONG, languages=[*languages])
    return FileForm(kind, target, _read_dialect(typed), labels)


def _read_dialect(typed: Dialect) -> Dialect:
    sign = {"tab": "\t", "\\t": "\t"}.get(typed.delimiter, typed.delimiter)
    if sign not in (",", ";", "\t", "|"):
        raise UsageError("usage/delimiter", DELIMITER_WRONG)
    if typed.decimal not in (".", ",") or typed.decimal == sign:
        raise UsageError("usage/decimal", DECIMAL_WRONG)
    return Dialect(sign, typed.decimal, mark=typed.decimal == ",")
