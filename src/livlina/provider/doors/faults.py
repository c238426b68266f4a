"""What stands in the way of a deed in this room, in words for a person."""


class DoorRefused(Exception):
    """Det går inte. Meningen är till den som försökte."""


class GrantRefused(DoorRefused):
    """Nyckeln kan inte göras. Meningen säger varför."""


class LockRefused(DoorRefused):
    """Det går inte med låset som det är nu. Meningen säger varför."""


class KeyRefused(DoorRefused):
    """Det går inte med nyckeln som den är nu. Meningen säger varför."""
