"""Sessions that know whose they are: so that they can be listed, and ended everywhere at once."""

from typing import Any, ClassVar

from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models

from livlina.core.models.organisation import Municipality, User


class Session(AbstractBaseSession):
    """A signed-in browser. Read by `core.enter` in the one statement that begins every request."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="sessions")
    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, null=True, related_name="+")
    assignment_id = models.UUIDField(null=True)
    person_id = models.UUIDField(null=True, help_text="The citizen's own person row.")
    created_at = models.DateTimeField(null=True)
    device = models.CharField(max_length=120, blank=True)

    class Meta(AbstractBaseSession.Meta):
        abstract = False
        db_table = "core_session"
        indexes: ClassVar = [models.Index(fields=["user"], name="session_user")]

    @classmethod
    def get_session_store_class(cls) -> Any:
        """Return the store that writes these rows."""
        from livlina.core.sessions import SessionStore

        return SessionStore
