"""Assignments say what their holder is qualified for; a citizen meets every branch of the authority, by the rules."""

from typing import ClassVar

import django.contrib.postgres.fields
from django.db import migrations, models

ENTER = """
DROP FUNCTION livlina_enter(text, timestamptz, date);
CREATE FUNCTION livlina_enter(wanted text, at_time timestamptz, on_day date)
RETURNS TABLE (
    session_data text, user_id bigint, email text, name text, kind text, is_active boolean, language text,
    appearance text, single_keys boolean, password text, municipality_id int, assignment_id uuid, person_id uuid,
    role text, title text, unit_id uuid, unit_name text, compartments smallint[], qualifications varchar[]
)
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public AS $$
    WITH found AS (
        SELECT s.session_data, u.id AS user_id, u.email, u.name, u.kind, u.is_active, u.language, u.appearance,
               u.single_keys, u.password, s.municipality_id,
               a.id AS assignment_id, CASE WHEN u.kind = 'citizen' THEN s.person_id END AS person_id,
               a.role, a.title, a.unit_id, unit.name AS unit_name,
               CASE WHEN u.kind = 'citizen' THEN ARRAY[1, 4, 5, 6, 7, 8]::smallint[] ELSE a.compartments
                    END AS compartments, a.qualifications
        FROM core_session s
        LEFT JOIN core_user u ON u.id = s.user_id
        LEFT JOIN core_assignment a ON a.id = s.assignment_id AND a.user_id = s.user_id
             AND a.municipality_id = s.municipality_id
             AND a.valid_from <= on_day AND (a.valid_to IS NULL OR a.valid_to >= on_day)
        LEFT JOIN core_unit unit ON unit.id = a.unit_id
        WHERE s.session_key = wanted AND s.expire_date > at_time
    ), entered AS MATERIALIZED (
        SELECT set_config('livlina.municipality', CASE WHEN f.is_active AND (f.assignment_id IS NOT NULL
                    OR f.person_id IS NOT NULL) THEN f.municipality_id::text ELSE '' END, true),
               set_config('livlina.compartments', coalesce(array_to_string(f.compartments, ','), ''), true),
               set_config('livlina.user', coalesce(f.user_id::text, ''), true)
        FROM found f
    )
    SELECT f.* FROM found f, entered
$$;
REVOKE ALL ON FUNCTION livlina_enter(text, timestamptz, date) FROM PUBLIC;
"""


class Migration(migrations.Migration):
    """Add the column, and make `livlina_enter` anew: what a function returns cannot be changed."""

    dependencies: ClassVar = [("core", "0002_enter")]
    operations: ClassVar = [
        migrations.AddField(
            model_name="assignment",
            name="qualifications",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=40),
                blank=True,
                default=list,
                help_text="Codes of settings.QUALIFICATIONS.",
                size=None,
            ),
        ),
        migrations.RunSQL(ENTER, migrations.RunSQL.noop),
    ]
