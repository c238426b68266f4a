"""Where we are: the checkout, the folder for state, and the environment that settings are read from."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

from livlina.core import processes

ROOT = Path(__file__).resolve().parents[3]


class Problem(Exception):
    """Something that a person can put right; the text says what and how."""


def say(text: str) -> None:
    """Tell the person at the terminal, at once also where output goes to a file."""
    print(text, flush=True)


def state_dir() -> Path:
    """The folder for what must outlive a run: database, keys. Made if missing.

    LIVLINA_STATE_DIR, else ``.livlina`` in the checkout. As root, PostgreSQL runs as another account; where that
    one may not pass (below /root, say) the folder lies under /var: rights of other folders are never changed.
    """
    if named := os.environ.get("LIVLINA_STATE_DIR"):
        return _made(Path(named).absolute())
    here = ROOT / ".livlina"
    mark = sha256(bytes(ROOT)).hexdigest()[:10]
    candidates = [here, Path("/var/lib/livlina") / mark, Path(f"/var/tmp/livlina-{os.getuid()}") / mark]  # noqa: S108
    if os.getuid() != 0:
        del candidates[1]
    reasons = []
    for folder in candidates:
        try:
            found = _made(folder)
        except (OSError, Problem) as error:
            reasons.append(str(error))
            continue
        account = processes.unprivileged(owner_of=found / "postgres" / "data")
        if account is None or processes.reachable(found, account):
            return found
        reasons.append(f"{account.name} may not enter {found}")
    raise Problem(
        f"No folder for the database could be found; name one in LIVLINA_STATE_DIR. {'; '.join(reasons)}"
    )


def _made(folder: Path) -> Path:
    processes.make_folder(folder)
    if folder.stat().st_uid != os.getuid() and os.getuid() != 0:
        raise Problem(f"{folder} belongs to another user")
    if not os.access(folder, os.W_OK | os.X_OK):
        raise Problem(f"{folder} may not be written to")
    return folder


def secret_key(state: Path) -> str:
    """The demo's signing key: made once, so that those who are signed in stay so after a restart."""
    file = state / "secret_key"
    if not file.exists() or not file.read_text():
        processes.write_private(file, secrets.token_urlsafe(48))
    return file.read_text()


def placeholder_settings() -> dict[str, str]:
    """Settings that let the code be loaded and looked at, with no database behind them."""
    nowhere = "postgresql://livlina_app:none@%2Fnonexistent/none"
    return {
        "DJANGO_SETTINGS_MODULE": "livlina.config.settings",
        "LIVLINA_SECRET_KEY": "only-for-looking-at-the-code",
        "LIVLINA_DATABASE_URL": nowhere,
        "LIVLINA_OWNER_DATABASE_URL": nowhere,
        "LIVLINA_AS_OWNER": "1",
    }


def python_path() -> str:
    """PYTHONPATH for the programs we start."""
    before = os.environ.get("PYTHONPATH", "")
    return os.pathsep.join([str(ROOT / "src"), *([before] if before else [])])


def livlina(*words: str, environment: Mapping[str, str]) -> int:
    """Run another of our verbs as a program of its own, its output going where ours goes. Returns its exit code."""
    sys.stdout.flush()
    return subprocess.run(
        [sys.executable, "-m", "livlina", *words],
        env={**os.environ, "PYTHONPATH": python_path(), **environment},
        check=False,
    ).returncode
