"""Backups: base copies and the log after them, encrypted, on other storage; and the way back.

PostgreSQL's own programs do the work (`pg_basebackup`, `pg_receivewal`, `pg_verifybackup`), `age` the encryption.
Whoever makes backups holds only the public key: what lies on the backup storage can be opened by nobody there.
"""
