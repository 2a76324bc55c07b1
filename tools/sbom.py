"""Write the parts list of a kit as a CycloneDX 1.6 document: each wheel with version, licence, sha256 and requirements.

The same kit gives the same bytes: no clock is used, and the serial number is derived from the content.
"""

import hashlib
import json
import os
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from email.message import Message
from email.parser import BytesParser
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID, uuid5

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

FILE = "sbom.cdx.json"
SPACE = UUID("6e2b6f4c-6d0f-5a53-9c0e-6c2b7f6f1d10")


class Wheel(NamedTuple):
    """One wheel of the kit: its file name and hash, its metadata, and the texts of its licence by name."""

    file: str
    sha256: str
    said: Message
    licences: Mapping[str, str]

    @property
    def name(self) -> str:
        """The package's name, as registries write it."""
        return canonicalize_name(str(self.said["Name"]))

    @property
    def version(self) -> str:
        """The package's version."""
        return str(self.said["Version"])

    def required(self, around: Mapping[str, str]) -> set[str]:
        """Return the names of the packages that it needs on such a computer."""
        stated = map(Requirement, self.said.get_all("Requires-Dist") or ())
        return {canonicalize_name(one.name) for one in stated if one.marker is None or one.marker.evaluate(around)}

    @property
    def component(self) -> dict[str, Any]:
        """Return its entry in the document."""
        return {
            "type": "library",
            "bom-ref": self.file,
            "name": self.name,
            "version": self.version,
            **({"description": summary} if (summary := self.said["Summary"]) else {}),
            "hashes": [{"alg": "SHA-256", "content": self.sha256}],
            "licenses": self._licences(),
            "purl": f"pkg:pypi/{self.name}@{self.version}?file_name={self.file.replace('+', '%2B')}",
        }

    def _licences(self) -> list[dict[str, Any]]:
        """Its licence as an SPDX expression if it states one, otherwise in its own words, otherwise its text."""
        if expression := self.said["License-Expression"]:
            return [{"expression": str(expression)}]
        words = str(self.said["License"] or "").strip().splitlines()
        named = [
            each.rsplit(" :: ", 1)[1]
            for each in self.said.get_all("Classifier") or ()
            if each.startswith("License :: ") and each.count(" :: ") > 1
        ]
        if stated := named or words[:1]:
            return [{"license": {"name": one}} for one in stated]
        texts = {name: {"contentType": "text/plain", "content": text} for name, text in self.licences.items()}
        return [{"license": {"name": name, "text": text}} for name, text in texts.items()]


def opened(wheel: Path) -> Wheel:
    """Return a wheel as it describes itself."""
    data = wheel.read_bytes()
    with zipfile.ZipFile(wheel) as packed:
        about = next(each for each in packed.namelist() if each.endswith(".dist-info/METADATA"))
        said = BytesParser().parsebytes(packed.read(about))
        texts = [about.replace("METADATA", f"licenses/{each}") for each in said.get_all("License-File") or ()]
        licences = {each.rpartition("/")[2]: packed.read(each).decode() for each in texts if each in packed.namelist()}
        return Wheel(wheel.name, hashlib.sha256(data).hexdigest(), said, licences)


def document(
    wheels: Iterable[Path], own: str, around: Mapping[str, str], besides: Iterable[Mapping[str, Any]] = ()
) -> dict[str, Any]:
    """Return the document of a kit with these *wheels*, of which *own* is the program's; *around* are the values for
    markers.

    *besides* are components that are not wheels.
    """
    every = sorted(map(opened, wheels), key=lambda wheel: wheel.file)
    program = next(wheel for wheel in every if wheel.file == own)
    others = [wheel for wheel in every if wheel is not program]
    files: dict[str, list[str]] = {}
    for wheel in every:
        files.setdefault(wheel.name, []).append(wheel.file)
    made = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {**_dated(), "component": {**program.component, "type": "application"}},
        "components": [*(wheel.component for wheel in others), *besides],
        "dependencies": [
            {"ref": wheel.file, "dependsOn": sorted(_all(files, wheel.required(around)))} for wheel in every
        ],
    }
    serial = uuid5(SPACE, json.dumps(made, sort_keys=True))
    return {"$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json", "serialNumber": f"urn:uuid:{serial}", **made}


def written(
    folder: Path, wheels: Iterable[Path], own: str, around: Mapping[str, str], besides: Iterable[Mapping[str, Any]] = ()
) -> None:
    """Write the document of the kit in *folder*, made of these wheels and of what is *besides*."""
    made = document(wheels, own, around, besides)
    text = json.dumps(made, indent=2, ensure_ascii=False)
    (folder / FILE).write_text(f"{text}\n", "utf-8", newline="\n")


def _all(files: Mapping[str, Sequence[str]], names: Iterable[str]) -> Iterable[str]:
    return (file for name in names for file in files.get(name, ()))


def _dated() -> dict[str, str]:
    """Return a time only if the build sets one, as reproducible builds do."""
    if not (given := os.environ.get("SOURCE_DATE_EPOCH")):
        return {}
    return {"timestamp": datetime.fromtimestamp(int(given), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")}
