"""What every stored row of a municipality has in common, and what permanent rows are.

The row-level policies, grants, composite foreign keys and triggers that make these promises true in the
database are made from these classes by `core.secure`, after every migration.
"""

from typing import Any, ClassVar, NoReturn, cast

from django.db import models

from livlina.core.ids7 import uuid7


class TenantForeignKey(models.ForeignKey):
    """A reference to another row of the same municipality.

    The database constraint is made by `core.secure` over (municipality, id), so that no row of one
    municipality can point at a row of another: ordinary foreign keys look past row-level security.
    """

    def __init__(self, to: Any, on_delete: Any = models.PROTECT, **options: Any) -> None:
        options["db_constraint"] = False
        super().__init__(to, on_delete=on_delete, **options)


class TenantModel(models.Model):
    """A row that belongs to one municipality. The database shows it to no other."""

    deletable: ClassVar[bool] = False
    """Whether the application may delete rows (drafts and the like). Default: never."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    municipality = models.ForeignKey(
        "core.Municipality", on_delete=models.PROTECT, related_name="+", db_index=False
    )

    class Meta:
        abstract = True


class PermanentRow(Exception):
    """This row is permanent: it can be corrected by a new row, never changed or removed."""

    def __init__(self) -> None:
        super().__init__(self.__doc__)


class PermanentQuerySet(models.QuerySet):
    """Refuses the bulk ways of changing permanent rows."""

    def update(self, **values: Any) -> int:
        """Update only the columns the model names as changeable; raise PermanentRow otherwise."""
        if not set(values) <= set(cast(type[PermanentModel], self.model).changeable):
            raise PermanentRow
        return super().update(**values)

    def delete(self) -> NoReturn:
        """Raise PermanentRow, always."""
        raise PermanentRow

    def bulk_update(self, *args: Any, **options: Any) -> NoReturn:
        """Raise PermanentRow, always."""
        raise PermanentRow


class PermanentModel(TenantModel):
    """A row that is written once: guarded here, by a database trigger, and by a missing privilege."""

    changeable: ClassVar[tuple[str, ...]] = ()
    """Fields that may be set after the row was written (a time of opening, a log index)."""

    objects = PermanentQuerySet.as_manager()

    class Meta:
        abstract = True
        base_manager_name = "objects"

    def save(self, *args: Any, **options: Any) -> None:
        """Insert the row, or update only its changeable fields; raise PermanentRow otherwise."""
        if not self._state.adding:
            fields = options.get("update_fields")
            if fields is None or not set(fields) <= set(self.changeable):
                raise PermanentRow
        super().save(*args, **options)

    def delete(self, *args: Any, **options: Any) -> NoReturn:
        """Raise PermanentRow, always."""
        raise PermanentRow
