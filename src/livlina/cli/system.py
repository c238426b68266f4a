"""Parts that come from the operating system: found, installed where we may, else named in a line."""

from __future__ import annotations

import contextlib
import ctypes
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from livlina.cli.surroundings import say

LIBRARIES = ("libpango-1.0.so.0", "libpangoft2-1.0.so.0", "libharfbuzz-subset.so.0")
BROWSERS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")


def chromium() -> str | None:
    """The browser that the browser tests drive, or None."""
    return next((found for name in BROWSERS if (found := shutil.which(name))), None)


def pango() -> str | None:
    """A word that the libraries which draw letters as PDF are there, or None."""
    if os.uname().sysname != "Linux":  # other names there; WeasyPrint itself says what it misses
        return "not checked on this system"
    try:
        for name in LIBRARIES:
            ctypes.CDLL(name)
    except OSError:
        return None
    return "found"


def program(name: str) -> str | None:
    """A program's path, also where only the administrator's own path leads, or None."""
    return shutil.which(name) or shutil.which(name, path="/usr/sbin:/sbin")


@dataclass(frozen=True)
class Part:
    """Something to have, how to see it, and which Debian packages bring it. A service that comes along never starts."""

    name: str
    found: Callable[[], str | None]
    packages: tuple[str, ...]
    without: str
    service: str = ""


PANGO = Part(
    "Pango, for letters as PDF",
    pango,
    ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0"),
    "decision letters cannot be made",
)
CHROMIUM = Part("Chromium, for the browser tests", chromium, ("chromium",), "the browser tests cannot run")
SIPP = Part(
    "SIPp, another's SIP against our alarm receiver",
    lambda: program("sipp"),
    ("sip-tester",),
    "that test is passed over",
)
KAMAILIO = Part(
    "Kamailio, a SIP proxy in front of our alarm receivers",
    lambda: program("kamailio"),
    ("kamailio",),
    "those tests are passed over",
    service="kamailio.service",
)
STRACE = Part(
    "strace, which shows that an alarm is on the disk before it is acknowledged",
    lambda: program("strace"),
    ("strace",),
    "that proof is passed over",
)
FIU = Part(
    "libfiu, which makes writes fail on purpose",
    lambda: program("fiu-run"),
    ("fiu-utils",),
    "those tests are passed over",
)
NBD = Part(
    "nbdkit and nbdfuse, which make a disk whose power can be cut",
    lambda: program("nbdkit") and program("nbdfuse"),
    ("nbdkit", "nbdkit-plugin-python", "libnbd-bin"),
    "those tests are passed over",
)
FAKETIME = Part(
    "faketime, which sets a program's clock wrong",
    lambda: program("faketime"),
    ("faketime",),
    "those tests are passed over",
)
ETCD = Part(
    "etcd, in which the nodes of a cluster agree on their leader",
    lambda: program("etcd"),
    ("etcd-server",),
    "the tests of a cluster are passed over",
    service="etcd.service",
)
HAPROXY = Part(
    "HAProxy, which leads people to web servers that work",
    lambda: program("haproxy"),
    ("haproxy",),
    "its settings are not tried",
    service="haproxy.service",
)
DEBIAN_POSTGRESQL = Part(
    "Debian's PostgreSQL 15, which speaks TLS",
    lambda: program("/usr/lib/postgresql/15/bin/postgres"),
    ("postgresql-15",),
    "the tests of a cluster are passed over",
    service="postgresql.service",
)
AGE = Part(
    "age, which encrypts backups",
    lambda: program("age-keygen"),
    ("age",),
    "those tests are passed over",
)
FOR_TESTS = (
    AGE,
    PANGO,
    CHROMIUM,
    SIPP,
    KAMAILIO,
    STRACE,
    FIU,
    NBD,
    FAKETIME,
    ETCD,
    HAPROXY,
    DEBIAN_POSTGRESQL,
)


def ensure(*parts: Part) -> list[str]:
    """Install what is missing where we may (Debian, as root). Returns a line per part still missing."""
    missing = [part for part in parts if not part.found()]
    if missing and may_install():
        packages = [package for part in missing for package in part.packages]
        say(f"Installing {' and '.join(part.name for part in missing)} from Debian …")
        _apt("update")
        with _nothing_starts([part.service for part in missing if part.service]):
            _apt("install", "--no-install-recommends", *packages)
            for part in missing:  # one that the mirror lacks must not keep the others away
                if not part.found():
                    _apt("install", "--no-install-recommends", *part.packages)
    return [advice(part) for part in missing if not part.found()]


def advice(part: Part) -> str:
    """What to do about a missing part, in one line."""
    packages = " ".join(part.packages)
    return f"{part.name} is missing, so {part.without}. On Debian or Ubuntu: apt install {packages}"


def may_install() -> bool:
    """Whether this is a Debian and we are root."""
    release = Path("/etc/os-release")
    return (
        os.getuid() == 0
        and shutil.which("apt-get") is not None
        and release.is_file()
        and "ID=debian" in release.read_text().splitlines()
    )


@contextlib.contextmanager
def _nothing_starts(
    services: list[str],
    policy: Path = Path("/usr/sbin/policy-rc.d"),
    units: Path = Path("/etc/systemd/system"),
) -> Iterator[None]:
    """Install without starting anything: we want the programs, and a proxy on port 5060 is nothing to leave behind."""
    for service in services:
        with contextlib.suppress(FileExistsError, FileNotFoundError):
            (units / service).symlink_to(
                "/dev/null"
            )  # masked, so that no restart of the machine starts it either
    ours = bool(services) and not policy.exists()
    if ours:
        policy.write_text("#!/bin/sh\nexit 101\n")
        policy.chmod(0o755)
    try:
        yield
    finally:
        if ours:
            policy.unlink(missing_ok=True)


def _apt(*words: str) -> None:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    done = subprocess.run(
        ["apt-get", "-qq", "-y", *words], env=environment, text=True, capture_output=True, check=False
    )
    if done.returncode:
        say(f"apt-get {words[0]} failed: {done.stderr.strip()[-500:]}")
