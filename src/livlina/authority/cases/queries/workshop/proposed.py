"""A proposed version, uploaded as a zip: checked as it would be at load, in a folder of its own, and never installed."""

import re
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import BinaryIO

import yaml
from django.template import Engine, TemplateSyntaxError

from livlina.authority.cases.engine import PROCESSES, Process
from livlina.authority.cases.engine.catalogue import read
from livlina.core.access import Actor, demand
from livlina.core.marked import Place, Problem

MOST_FILES, MOST_BYTES, LARGEST = 100, 2_000_000, 300_000
"""A version is a dozen small text files: what is larger is something else."""

NAMED = re.compile(r"^[a-z0-9_]+/[a-z0-9_]+/\d{4}-\d{2}-\d{2}/([a-z0-9_]+/)*[a-z0-9_]+\.(yaml|html)$")
SHARED = re.compile(r"^([a-z0-9_]+/){1,2}[a-z0-9_./-]*[a-z0-9_]+\.(yaml|html)$")


class NotAProposal(Exception):
    """The file is no zip with a version of a process."""


@dataclass(frozen=True)
class Proposed:
    """What an uploaded version is, and what is wrong with it. Without a fault it could be installed as it stands."""

    folder: str
    files: list[str]
    problems: list[Problem] = field(default_factory=list)
    process: Process | None = None
    root: Path = PROCESSES


@contextmanager
def proposed(actor: Actor, upload: BinaryIO, *, root: Path = PROCESSES) -> Iterator[Proposed]:
    """Lay an uploaded version beside the installed processes in a folder that is gone afterwards, and check it.

    Raises NotAProposal, in Swedish. The house's own processes are never touched.
    """
    demand(actor, "cases.propose")
    with tempfile.TemporaryDirectory(prefix="livlina-proposal-") as place:
        folder = Path(place) / "processes"
        shutil.copytree(root, folder)
        names = _unpack(upload, folder)
        versions = sorted({"/".join(name.split("/")[:3]) for name in names if NAMED.match(name)})
        if len(versions) != 1:
            raise NotAProposal(_which(versions))
        yield _checked(folder, versions[0], names)


def _which(versions: list[str]) -> str:
    if versions:
        return f"Ladda upp en version i taget. Filen har {len(versions)}: {', '.join(versions)}."
    return (
        "Filen har ingen version av en process. Lägg mappen i zip-filen med hela sin sökväg, "
        "till exempel elder_care/home_care/2027-01-01/process.yaml."
    )


def _unpack(upload: BinaryIO, folder: Path) -> list[str]:
    """Write the files of the zip below the folder and return their names."""
    try:
        archive = zipfile.ZipFile(upload)
        entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    except (zipfile.BadZipFile, OSError, ValueError) as wrong:
        raise NotAProposal("Filen går inte att läsa som zip.") from wrong
    if len(entries) > MOST_FILES or sum(entry.file_size for entry in entries) > MOST_BYTES:
        raise NotAProposal(f"Filen är för stor: högst {MOST_FILES} filer och {MOST_BYTES // 1_000_000} MB.")
    names = _names(entries)
    for entry, name in zip(entries, names, strict=True):
        text = _text(archive, entry, name)
        if name.endswith(".yaml"):
            _refuse_knots(text, name)
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text)
    return names


def _names(entries: list[zipfile.ZipInfo]) -> list[str]:
    """The names from the processes folder, without a folder around them all. Raises NotAProposal."""
    names = [entry.filename.replace("\\", "/") for entry in entries]
    for around in ("src/livlina/processes/", "processes/"):
        if names and all(name.startswith(around) for name in names):
            names = [name.removeprefix(around) for name in names]
    for name in names:
        if ".." in PurePosixPath(name).parts or not SHARED.match(name):
            raise NotAProposal(
                f"”{name[:120]}” hör inte hemma i en version: bara yaml- och html-filer under processens mapp."
            )
    return names


def _text(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str) -> bytes:
    """The bytes of one file, never more than the largest allowed whatever its header says."""
    try:
        with archive.open(entry) as file:
            text = file.read(LARGEST + 1)
        text.decode("utf-8")
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError, UnicodeDecodeError) as wrong:
        raise NotAProposal(f"”{name}” går inte att läsa som text.") from wrong
    if len(text) > LARGEST:
        raise NotAProposal(f"”{name}” är för stor.")
    return text


def _refuse_knots(text: bytes, name: str) -> None:
    """YAML that refers to itself can grow without end; the process language has no use for it."""
    try:
        depth = 0
        for token in yaml.scan(text.decode("utf-8")):
            if isinstance(token, yaml.AliasToken | yaml.AnchorToken):
                raise NotAProposal(f"”{name}” använder & eller *, som processpråket inte har.")
            opens = isinstance(token, yaml.BlockMappingStartToken | yaml.BlockSequenceStartToken
                               | yaml.FlowMappingStartToken | yaml.FlowSequenceStartToken)  # fmt: skip
            ends = isinstance(
                token, yaml.BlockEndToken | yaml.FlowMappingEndToken | yaml.FlowSequenceEndToken
            )
            depth += opens - ends
            if depth > 20:
                raise NotAProposal(f"”{name}” har för många nivåer.")
    except yaml.YAMLError:
        return  # the check says so, with the line


def _checked(folder: Path, version: str, names: list[str]) -> Proposed:
    catalogue, problems = read(folder)
    area = version.split("/")[0]
    own = [
        problem for problem in problems if problem.place.file in names or problem.place.file.startswith(area)
    ]
    own += _broken_letters(folder, names)
    process = next((one for one in catalogue.all() if one.folder == version), None)
    return Proposed(version, sorted(names), sorted(own), process, folder)


def _broken_letters(folder: Path, names: list[str]) -> Iterator[Problem]:
    """Letters are read, never rendered: what stands in an uploaded template is not run."""
    engine = Engine(dirs=[str(folder)])
    for name in names:
        if name.endswith(".html"):
            try:
                engine.from_string((folder / name).read_text(encoding="utf-8"))
            except TemplateSyntaxError as wrong:
                line = getattr(getattr(wrong, "token", None), "lineno", 1) or 1
                yield Problem(Place(name, line), f"The letter cannot be read: {wrong}.", "Mend the template.")
