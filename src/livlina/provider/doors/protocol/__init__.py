"""How a phone, a lock and the municipality speak of doors, with no server and no network between them.

Plain Python: no Django, no clock, no sockets. Times are whole seconds since 1970 in UTC; keys are P-256 points of
65 bytes; a key's thumbprint is the SHA-256 of its point. What is signed is COSE_Sign1 with ES256 (RFC 9052, RFC 9053).
"""
