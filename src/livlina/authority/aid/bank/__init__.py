"""Files to and from the bank (ISO 20022). Plain Python: bytes in and out, no database."""
