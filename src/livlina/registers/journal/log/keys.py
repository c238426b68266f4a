"""The log's own Ed25519 key, one for each log, kept where the municipality's other keys are kept: sealed with SECRET_KEY.

`core.keys` keeps P-256 pairs; the log's seed is derived from one made for this alone, so that there is one store, one
way of sealing and one way of losing them.
"""

from datetime import datetime

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from livlina.core import keys
from livlina.registers.journal.log.tables import Log
from livlina.witness import notes


def signer(log: Log, now: datetime) -> notes.Signer:
    """Return what signs the log's checkpoints, made at first need. Raises core.keys.KeyLost."""
    pair = keys.current(log.municipality_id, f"journal_log_{log.number}", now)
    secret = pair.private.private_numbers().private_value.to_bytes(32, "big")
    seed = HKDF(SHA256(), length=32, salt=None, info=b"livlina journal log 1\n" + log.origin.encode()).derive(
        secret
    )
    return notes.Signer.of(log.origin, notes.LOG, seed)
