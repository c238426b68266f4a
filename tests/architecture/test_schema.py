"""The database's conventions, with a short list of permitted exceptions."""

from django.apps import apps
from django.db import models

from livlina.core.models import TenantForeignKey, TenantModel

GLOBAL = {
    "core.Municipality": "sign-in needs it before any municipality is known",
    "core.User": "a person may work in several municipalities; what they may do stands in assignments",
    "core.Session": "belongs to a browser",
    "core.Hold": "only the owner of the tables writes it, beside the municipality's own row",
    "core.RecurringRun": "names of jobs and times",
    "continuity.Drill": "proves the whole installation; holds times and words about machines",
    "continuity.DrillSignature": "belongs to a drill of the whole installation",
    "continuity.RestoreTest": "a backup is of the whole installation",
    "portal.SignInEvent": "a failed sign-in belongs to no municipality",
    "portal.ProviderHealth": "measurements of a sign-in that municipalities share",
}
HEIGHT = [
    *("ui", "core", "people", "journal", "watches", "orders", "cases"),
    *(
        "contractors",
        "placements",
        "court",
        "aid",
        "offers",
        "assistance",
        "unexecuted",
        "homecare",
        "alarms",
    ),
    *("quality", "portal", "records", "continuity", "support", "statistics"),
]
OURS = set(HEIGHT)


def own_models() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if model._meta.app_label in OURS]


def test_every_table_has_a_municipality_or_a_reason() -> None:
    found = [
        m._meta.label for m in own_models() if not issubclass(m, TenantModel) and m._meta.label not in GLOBAL
    ]
    assert found == []


def test_nothing_is_removed_because_something_else_was() -> None:
    found = [
        f"{model._meta.label}.{field.name}"
        for model in own_models()
        for field in model._meta.local_fields
        if field.remote_field and field.remote_field.on_delete not in (models.PROTECT, models.DO_NOTHING)
    ]
    assert found == []


def test_references_between_rows_of_a_municipality_stay_in_it() -> None:
    found = [
        f"{model._meta.label}.{field.name}"
        for model in own_models()
        for field in model._meta.local_fields
        if isinstance(field, models.ForeignKey)
        and isinstance(field.related_model, type)
        and issubclass(field.related_model, TenantModel)
        and not isinstance(field, TenantForeignKey)
    ]
    assert found == []


def test_no_reference_climbs() -> None:
    found = [
        f"{model._meta.label}.{field.name} points up at {field.related_model._meta.label}"
        for model in own_models()
        for field in model._meta.local_fields
        if isinstance(field, models.ForeignKey)
        and field.related_model._meta.app_label in OURS
        and HEIGHT.index(field.related_model._meta.app_label) > HEIGHT.index(model._meta.app_label)
    ]
    assert found == []


def test_times_are_aware_and_money_is_never_a_float() -> None:
    found = [
        f"{model._meta.label}.{field.name}"
        for model in own_models()
        for field in model._meta.local_fields
        if isinstance(field, models.FloatField)
    ]
    assert found == []


def test_the_job_that_warns_of_missed_doses_asks_for_its_own_clock_by_its_name() -> None:
    from livlina.config.schedule import SCHEDULE
    from livlina.provider.homecare.jobs_nursing import MISSED_JOB

    assert MISSED_JOB in [job.name for job in SCHEDULE]
