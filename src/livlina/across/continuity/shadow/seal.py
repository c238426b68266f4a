"""The shadow's sealed code: kept as a digest on its disk. Plain Python, so that the command needs no Django."""

import hashlib
import hmac
import json
import os
import re
from pathlib import Path

SEAL = "seal.json"


def make_seal(folder: Path, code: str) -> None:
    """Keep what the code is recognised by: never the code."""
    salt = os.urandom(16).hex()
    descriptor = os.open(folder / SEAL, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump({"salt": salt, "hash": _digest(code, salt)}, file)


def fits(folder: Path, code: str) -> bool:
    """Whether a code is the one in the shadow's envelope. Takes some tenths of a second."""
    try:
        kept = json.loads((folder / SEAL).read_text(encoding="utf-8"))
        return hmac.compare_digest(_digest(code, kept["salt"]), kept["hash"])
    except (OSError, ValueError, KeyError):
        return False


def _digest(code: str, salt: str) -> str:
    plain = re.sub(r"[^0-9A-Z]", "", code.upper()).translate(str.maketrans("OILU", "011V"))
    return hashlib.scrypt(plain.encode(), salt=bytes.fromhex(salt), n=2**15, r=8, p=1, maxmem=2**26).hex()
