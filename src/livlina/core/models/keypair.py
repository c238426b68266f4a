"""Key pairs a municipality signs and opens with. The private half lies sealed: a copy of the database opens nothing."""

from typing import ClassVar

from django.db import models

from livlina.core.models.base import TenantModel


class KeyPair(TenantModel):
    """One P-256 key pair. `core.keys` makes it, opens it and says which one holds; ended ones still verify."""

    purpose = models.CharField(max_length=24, help_text="What it is for, said by the room that uses it.")
    name = models.CharField(max_length=16, help_text="The first 16 hexadecimals of its thumbprint: `kid`.")
    public = models.BinaryField(max_length=65, help_text="Uncompressed point, 65 bytes.")
    sealed = models.BinaryField(max_length=200)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["municipality", "purpose"],
                condition=models.Q(ended_at=None),
                name="key_pair_one_holds",
            ),
            models.UniqueConstraint(fields=["municipality", "name"], name="key_pair_name_once"),
        ]
