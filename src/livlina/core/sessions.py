"""The session store: Django's own, plus columns that say whose session it is."""

from typing import Any, cast

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import db

from livlina.core.models.session import Session


class SessionStore(db.SessionStore):
    """Stores sessions in the database with user, municipality and assignment as columns."""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        """Return our session model."""
        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        """Return the row for `data`, its columns filled from it."""
        row = cast(Session, super().create_model_instance(data))
        row.user_id = data.get(SESSION_KEY)
        row.municipality_id = data.get("municipality_id")
        row.assignment_id = data.get("assignment_id")
        row.person_id = data.get("person_id")
        row.created_at = data.get("created_at")
        row.device = data.get("device", "")
        return row
