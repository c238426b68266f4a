"""The second lock, made from the models after every migration and checked by `livlina doctor`.

For each model of a municipality: row-level security enabled and forced, one policy, the application role's
privileges, foreign keys over (municipality, id), and for permanent rows a trigger. All statements may be run
again and again. They are run by the owner of the tables, never by the application.
"""

from collections.abc import Iterator
from typing import cast

from django.apps import apps
from django.conf import settings
from django.db import connection, models
from django.db.backends.utils import CursorWrapper

from livlina.core.models.base import PermanentModel, TenantForeignKey, TenantModel

_TENANT = "municipality_id = (SELECT nullif(current_setting('livlina.municipality', true), '')::int)"
_COMPARTMENT = (
    " AND compartment = ANY ((SELECT string_to_array(nullif("
    "current_setting('livlina.compartments', true), ''), ',')::smallint[])::smallint[])"
)
_OWN = " OR user_id = (SELECT nullif(current_setting('livlina.user', true), '')::bigint)"

_PERMANENT_FUNCTION = """
CREATE OR REPLACE FUNCTION livlina_permanent() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND (to_jsonb(NEW) - TG_ARGV) IS NOT DISTINCT FROM (to_jsonb(OLD) - TG_ARGV) THEN
        RETURN NEW;
    END IF;
    -- The one exception: destruction by law, inside a function that runs as the owner and says what it is doing.
    -- The application never is the owner, and lacks the privilege to delete besides.
    IF TG_OP = 'DELETE' AND current_setting('livlina.destroying', true) <> ''
        AND current_user = (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = TG_RELID) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'Rows of % are permanent: correct with a new row', TG_TABLE_NAME USING ERRCODE = 'LV001';
END $$
"""


_HELD_FUNCTION = """
CREATE OR REPLACE FUNCTION livlina_held() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- The context is the application's own: it can write no row of another municipality than the one it has entered.
    IF EXISTS (SELECT 1 FROM core_hold WHERE municipality_id
               = (SELECT nullif(current_setting('livlina.municipality', true), '')::int)
               AND (TG_ARGV[0] = 'writes' OR state = 'moved')) THEN
        RAISE EXCEPTION 'This municipality is being moved, or has been' USING ERRCODE = 'LV002';
    END IF;
    RETURN NULL;
END $$
"""


def tenant_models() -> Iterator[type[TenantModel]]:
    """Yield every stored model that belongs to a municipality."""
    for model in apps.get_models(include_auto_created=True):
        if issubclass(model, TenantModel) and model._meta.managed:
            yield model


def secure() -> None:
    """Make policies, privileges, keys and triggers as the models say. Run as the owner of the tables."""
    with connection.cursor() as cursor:
        cursor.execute(_PERMANENT_FUNCTION)
        cursor.execute(_HELD_FUNCTION)
        _global_privileges(cursor)
        standing = set(
            connection.introspection.table_names(cursor)
        )  # a migration to an earlier state has fewer
        for model in tenant_models():
            if model._meta.db_table not in standing:
                continue
            _policies(cursor, model)
            _privileges(cursor, model)
            _keys(cursor, model, standing)
            _permanence(cursor, model)
            if "core_hold" in standing:
                _hold(cursor, model)


def problems() -> list[str]:
    """Return, in words, every table that is not as secure as its model says."""
    found = []
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = %s", [settings.APP_ROLE])
        role = cursor.fetchone()
        if role is None or any(role):
            found.append(
                f"The application's role {settings.APP_ROLE} is missing, or passes over row-level security."
            )
        cursor.execute(
            "SELECT relname, relrowsecurity AND relforcerowsecurity FROM pg_class WHERE relkind = 'r'"
        )
        forced = dict(cursor.fetchall())
        cursor.execute("SELECT tablename FROM pg_policies WHERE policyname = 'municipality'")
        policies = {name for (name,) in cursor.fetchall()}
        cursor.execute("SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'permanent'")
        triggers = {name.strip('"') for (name,) in cursor.fetchall()}
        cursor.execute("SELECT relname FROM pg_class WHERE relkind = 'v' AND relnamespace = 'public'::regnamespace"
                       " AND NOT coalesce(reloptions::text LIKE '%%security_invoker=true%%', false)")  # fmt: skip
        found += [f"The view {name} passes over row-level security." for (name,) in cursor.fetchall()]
    for model in tenant_models():
        table = model._meta.db_table
        if not forced.get(table) or table not in policies:
            found.append(f"The table {table} has no forced row-level security.")
        if issubclass(model, PermanentModel) and table not in triggers:
            found.append(f"The permanent table {table} has no trigger.")
    return found


def _policies(cursor: CursorWrapper, model: type[TenantModel]) -> None:
    table = model._meta.db_table
    fields = {field.name for field in model._meta.get_fields()}
    condition = _TENANT + (_COMPARTMENT if "compartment" in fields else "")
    seen = condition + (_OWN if model._meta.label == "core.Assignment" else "")
    cursor.execute(f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY')
    cursor.execute(f'DROP POLICY IF EXISTS municipality ON "{table}"')
    cursor.execute(f'CREATE POLICY municipality ON "{table}" USING ({seen}) WITH CHECK ({condition})')


def _privileges(cursor: CursorWrapper, model: type[TenantModel]) -> None:
    table, role = model._meta.db_table, settings.APP_ROLE
    cursor.execute(f'REVOKE ALL ON "{table}" FROM "{role}"')
    cursor.execute(f'GRANT SELECT, INSERT ON "{table}" TO "{role}"')
    if not issubclass(model, PermanentModel):
        cursor.execute(f'GRANT UPDATE ON "{table}" TO "{role}"')
    elif model.changeable:
        columns = ", ".join(f'"{_column(model, name)}"' for name in model.changeable)
        cursor.execute(f'GRANT UPDATE ({columns}) ON "{table}" TO "{role}"')
    if model.deletable:
        cursor.execute(f'GRANT DELETE ON "{table}" TO "{role}"')


def _global_privileges(cursor: CursorWrapper) -> None:
    """Give the application what it needs of the tables no municipality owns: sign-in, sessions, jobs."""
    role = settings.APP_ROLE
    tenants = {model._meta.db_table for model in tenant_models()}
    cursor.execute(f'GRANT USAGE ON SCHEMA public TO "{role}"')
    cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    for (table,) in cursor.fetchall():
        if table in tenants:
            continue
        rights = "SELECT, INSERT, UPDATE, DELETE"
        if table in settings.READ_ONLY_TABLES:
            rights = "SELECT"
        elif table in settings.APPEND_ONLY_TABLES:
            rights = "SELECT, INSERT"
        cursor.execute(f'REVOKE ALL ON "{table}" FROM "{role}"')
        cursor.execute(f'GRANT {rights} ON "{table}" TO "{role}"')
    cursor.execute(f'GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO "{role}"')
    cursor.execute(f'GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO "{role}"')


def _keys(cursor: CursorWrapper, model: type[TenantModel], standing: set[str]) -> None:
    """Tie each reference to its own municipality."""
    table = model._meta.db_table
    for field in model._meta.local_fields:
        if not isinstance(field, TenantForeignKey):
            continue
        target = field.related_model._meta.db_table
        if target not in standing:
            continue
        _constraint(cursor, target, f"{target[:40]}_tenant", "UNIQUE (municipality_id, id)")
        name = f"{table[:30]}_{field.column[:24]}_fk"
        key = f'FOREIGN KEY (municipality_id, "{field.column}") REFERENCES "{target}" (municipality_id, id)'
        _constraint(cursor, table, name, f"{key} DEFERRABLE INITIALLY DEFERRED")


def _hold(cursor: CursorWrapper, model: type[TenantModel]) -> None:
    """Stop the application's writing while the municipality is moved. That something was read is recorded meanwhile."""
    table = model._meta.db_table
    kind = "reads" if model._meta.label == "core.AuditEvent" else "writes"
    cursor.execute(f'DROP TRIGGER IF EXISTS held ON "{table}"')
    cursor.execute(
        f'CREATE TRIGGER held BEFORE INSERT OR UPDATE OR DELETE ON "{table}"'
        f" FOR EACH STATEMENT EXECUTE FUNCTION livlina_held('{kind}')"
    )


def _column(model: type[models.Model], name: str) -> str:
    field = model._meta.get_field(name)
    return str(cast(models.Field, field).column)


def _constraint(cursor: CursorWrapper, table: str, name: str, definition: str) -> None:
    cursor.execute(
        "SELECT 1 FROM pg_constraint WHERE conname = %s AND conrelid = %s::regclass", [name, f'"{table}"']
    )
    if cursor.fetchone() is None:
        cursor.execute(f'ALTER TABLE "{table}" ADD CONSTRAINT "{name}" {definition}')


def _permanence(cursor: CursorWrapper, model: type[models.Model]) -> None:
    table = model._meta.db_table
    cursor.execute(f'DROP TRIGGER IF EXISTS permanent ON "{table}"')
    cursor.execute(f'DROP TRIGGER IF EXISTS permanent_whole ON "{table}"')
    if not issubclass(model, PermanentModel):
        return
    columns = ", ".join(f"'{_column(model, name)}'" for name in model.changeable)
    cursor.execute(
        f'CREATE TRIGGER permanent BEFORE UPDATE OR DELETE ON "{table}"'
        f" FOR EACH ROW EXECUTE FUNCTION livlina_permanent({columns})"
    )
    cursor.execute(
        f'CREATE TRIGGER permanent_whole BEFORE TRUNCATE ON "{table}"'
        " FOR EACH STATEMENT EXECUTE FUNCTION livlina_permanent()"
    )
