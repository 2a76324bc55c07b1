"""What somebody does who left the staff: with the key of her laptop, at a computer that stays, or with a copied key."""

import shutil

from attack.files import _back
from attack.lab import Lab
from shelterctl.errors import CannotOpen


def leaver_opens_what_is_sealed(lab: Lab) -> None:
    """Every file by the key of her laptop: none opens any more."""
    assert [path.name for path in lab.house.rglob("*.age") if _opens(lab, path.read_bytes())] == []


def leaver_takes_her_last_day_out(lab: Lab) -> None:
    """The register without it: the file lies in clear, and anybody who gets at the folder can write there."""
    staff = lab.house / "staff.yaml"
    lines = staff.read_text("utf-8").splitlines(keepends=True)
    staff.write_text("".join(line for line in lines if "until" not in line), "utf-8")


def leaver_puts_the_register_back(lab: Lab) -> None:
    """The register as it was when she worked here."""
    _back(lab, lab.house / "staff.yaml")


def leaver_sits_at_a_computer_that_stays(lab: Lab) -> None:
    """The computer that was bound to her code, whose passphrase she knows; who sits there is not said."""
    for name in ("key", "key.heads"):
        place = lab.folder / name
        (shutil.rmtree if place.is_dir() else type(place).unlink)(place)
        shutil.move(lab.folder / name.replace("key", "second"), place)


def leaver_copied_the_key_of_another_computer(lab: Lab) -> None:
    """The key file of the first computer, as it was when she knew its passphrase: whoever has it is that computer."""
    name = str(lab.record.relative_to(lab.house))
    lab.save(lab.key, name, lab.sealed(lab.forged()))


def _opens(lab: Lab, data: bytes) -> bool:
    try:
        lab.second.open(data)
    except CannotOpen:
        return False
    return True
