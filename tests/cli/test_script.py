"""The script ``livlina`` in a checkout of its own, with one tiny package and no network."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NEEDED = ("sh", "cat", "cksum", "dirname", "env", "grep", "mkdir", "readlink", "rm")


def wheel(folder: Path, version: str) -> str:
    """Make a package with one module, and return its line for a lock file."""
    name = folder / f"livlina_probe-{version}-py3-none-any.whl"
    info = f"livlina_probe-{version}.dist-info"
    with zipfile.ZipFile(name, "w") as archive:
        archive.writestr("livlina_probe.py", f"version = '{version}'\n")
        archive.writestr(
            f"{info}/METADATA", f"Metadata-Version: 2.1\nName: livlina-probe\nVersion: {version}\n"
        )
        archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr(f"{info}/RECORD", "")
    return f"livlina-probe=={version} --hash=sha256:{hashlib.sha256(name.read_bytes()).hexdigest()}\n"


class Checkout:
    """A folder, with spaces in its name, that has only what the script looks at."""

    def __init__(self, folder: Path) -> None:
        self.root, self.wheels, self.bin = folder / "my checkout", folder / "wheels", folder / "bin"
        (self.root / "src" / "livlina").mkdir(parents=True)
        self.wheels.mkdir()
        self.bin.mkdir()
        for name in NEEDED:
            (self.bin / name).symlink_to(shutil.which(name) or name)
        shutil.copy(ROOT / "livlina", self.root)
        (self.root / "src" / "livlina" / "__init__.py").touch()
        (self.root / "src" / "livlina" / "__main__.py").write_text(
            "import sys, livlina_probe; print(livlina_probe.version, *sys.argv[1:], sep='|')"
        )
        self.lock("1.0", "1.1")

    def lock(self, run: str, test: str) -> None:
        (self.root / "requirements.lock").write_text(wheel(self.wheels, run))
        (self.root / "requirements-test.lock").write_text(wheel(self.wheels, test))

    def give_python(self) -> None:
        (self.bin / "python3.11").symlink_to(sys.executable)

    def start(self, *words: str, shell: str = "sh") -> subprocess.Popen[str]:
        environment = {
            "PATH": str(self.bin),
            "HOME": str(self.root),
            "PIP_NO_INDEX": "1",
            "PIP_FIND_LINKS": str(self.wheels),
            "PIP_ROOT_USER_ACTION": "ignore",
        }
        command = [shutil.which(shell) or shell, str(self.root / "livlina"), *words]
        pipe = subprocess.PIPE
        return subprocess.Popen(command, cwd="/", env=environment, text=True, stdout=pipe, stderr=pipe)

    def run(self, *words: str, shell: str = "sh") -> tuple[int, str, str]:
        program = self.start(*words, shell=shell)
        out, error = program.communicate()
        return program.returncode, out.strip(), error


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    made = Checkout(tmp_path_factory.mktemp("script"))
    made.give_python()
    return made


@pytest.fixture
def checkout(shared: Checkout) -> Checkout:
    """A checkout that has run before: making an environment anew is most of a test's time."""
    shared.lock("1.0", "1.1")
    for stamp in (shared.root / ".venv").glob(".livlina-*"):
        stamp.unlink()
    assert shared.run("demo")[:2] == (0, "1.0|demo")
    return shared


def test_a_second_start_installs_nothing_and_hands_over_word_by_word(checkout: Checkout) -> None:
    assert checkout.run("demo", "--size", "2", "a b") == (0, "1.0|demo|--size|2|a b", "")
    shell = "dash" if shutil.which("dash") else "sh"
    assert checkout.run("demo", shell=shell) == (0, "1.0|demo", "")


def test_a_changed_lock_and_the_verb_test_install_what_they_need(checkout: Checkout) -> None:
    assert checkout.run("test")[1] == "1.1|test"
    assert checkout.run("demo")[1:] == ("1.1|demo", "")  # the test packages are those to run with and more
    checkout.lock("2.0", "2.1")
    assert checkout.run("demo")[1] == "2.1|demo"


def test_an_install_that_was_cut_off_is_done_anew(checkout: Checkout) -> None:
    (checkout.root / ".livlina" / "venv.busy").touch()
    (checkout.root / ".venv" / ".livlina-run").unlink()
    for module in (checkout.root / ".venv").rglob("livlina_probe.py"):
        module.unlink()  # its metadata is there, so an installer would believe it is installed
    assert checkout.run("demo")[1] == "1.0|demo"


def test_two_that_start_at_once_install_once(checkout: Checkout) -> None:
    (checkout.root / ".venv" / ".livlina-run").unlink()
    both = [checkout.start("demo") for _ in range(2)]
    told = [program.communicate() for program in both]
    assert [out.strip() for out, _ in told] == ["1.0|demo", "1.0|demo"]
    assert sum("Installing" in error for _, error in told) == 1


def test_a_package_that_is_not_the_one_in_the_lock_is_refused(checkout: Checkout) -> None:
    checkout.lock("3.0", "3.0")
    lock = checkout.root / "requirements.lock"
    lock.write_text(lock.read_text().split("sha256:")[0] + "sha256:" + "0" * 64 + "\n")
    code, out, error = checkout.run("demo")
    assert (code, out) == (1, "")
    assert "could not be installed" in error
    assert not list((checkout.root / ".venv").glob(".livlina-*"))  # so the next start tries again


def test_without_python_it_says_in_a_line_what_to_do(tmp_path: Path) -> None:
    code, out, error = Checkout(tmp_path).run("demo")
    assert (code, out) == (1, "")
    assert error.count("\n") == 1
    assert "Python 3.11 or later is needed" in error
    assert "apt install python3" in error


def test_it_may_be_called_through_a_link_from_anywhere(checkout: Checkout, tmp_path: Path) -> None:
    link = tmp_path / "lv"
    link.symlink_to(checkout.root / "livlina")
    shown = subprocess.run(
        [str(link), "doctor"], cwd="/", env=dict(os.environ), text=True, capture_output=True, check=True
    )
    assert shown.stdout.strip() == "1.0|doctor"
