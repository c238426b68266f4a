"""The licences of the packages that run with us: each must go together with EUPL-1.2."""

from __future__ import annotations

import re
from importlib import metadata
from pathlib import Path

from livlina.cli.surroundings import ROOT

# Permissive, or weak copyleft that asks only for its own files' source: all go together with EUPL-1.2 (its article 5 and
# appendix, and the terms of the licences themselves when the package is used unchanged, as a library).
GOOD = {
    "0BSD",
    "APACHE-2.0",
    "BSD",
    "BSD-2-CLAUSE",
    "BSD-3-CLAUSE",
    "CC0-1.0",
    "ISC",
    "LGPL-2.1-OR-LATER",
    "LGPL-3.0-ONLY",
    "LGPL-3.0-OR-LATER",
    "MIT",
    "MIT-0",
    "MIT-CMU",
    "MPL-2.0",
    "POSTGRESQL",
    "PSF-2.0",
    "UNLICENSE",
    "ZLIB",
}
CLASSIFIERS = {
    "MIT License": "MIT",
    "BSD License": "BSD",
    "Apache Software License": "APACHE-2.0",
    "ISC License (ISCL)": "ISC",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
    "GNU Lesser General Public License v2 or later (LGPLv2+)": "LGPL-2.1-OR-LATER",
    "GNU Lesser General Public License v3 (LGPLv3)": "LGPL-3.0-ONLY",
    "GNU Lesser General Public License v3 or later (LGPLv3+)": "LGPL-3.0-OR-LATER",
    "CC0 1.0 Universal (CC0 1.0) Public Domain Dedication": "CC0-1.0",
}


def offenders(lock: Path = ROOT / "requirements.lock") -> list[str]:
    """A sentence for each package in the lock whose licence is unknown or does not go together with ours."""
    found = []
    for name in locked(lock):
        try:
            facts = metadata.metadata(name)
        except metadata.PackageNotFoundError:
            continue  # for another system or another Python
        ways = _ways(facts)
        if not any(way <= GOOD for way in ways):
            words = " or ".join(" and ".join(sorted(way)) for way in ways) or "none named"
            found.append(f"{name}: {words}")
    return found


def locked(lock: Path) -> list[str]:
    """The names in a lock file."""
    return re.findall(r"^([A-Za-z0-9._-]+)==", lock.read_text(), re.MULTILINE)


def _ways(facts: metadata.PackageMetadata) -> list[set[str]]:
    """The sets of licences, one of which is enough: from the SPDX expression, else classifiers, else the free text."""
    values = {key: facts.get_all(key) or [] for key in ("License-Expression", "License", "Classifier")}
    if values["License-Expression"]:
        return _parsed(values["License-Expression"][0])
    classifiers = [c.rsplit(" :: ", 1)[-1] for c in values["Classifier"] if c.startswith("License ::")]
    # Several classifiers mean "your choice" in every package we have looked at, though nothing says so.
    if known := [{CLASSIFIERS[name]} for name in classifiers if name in CLASSIFIERS]:
        return known
    text = (values["License"] or [""])[0].strip()
    return (
        _parsed(text.removesuffix(" License").replace("Apache 2.0", "Apache-2.0")) if len(text) < 60 else []
    )


def _parsed(expression: str) -> list[set[str]]:
    flat = expression.upper().replace("(", " ").replace(")", " ")
    return [{part.strip() for part in way.split(" AND ")} for way in flat.split(" OR ") if way.strip()]
