"""What a version of the code expects of its tables, and whether the next version's tables still give it that.

A cluster is upgraded while it runs: the tables first, then one process after the other, so for some minutes the code of
yesterday works on the tables of tomorrow. Widen first, narrow later: a version may add, and only the one after it may take
away. `tests/upgrade` holds the description of the version before, and compares it with what the migrations make.
"""

from __future__ import annotations

import re
from hashlib import sha256
from typing import Any

import psycopg

Description = dict[str, Any]

_COLUMNS = """
SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
       a.atthasdef OR a.attidentity <> '' OR a.attgenerated <> ''
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE c.relkind IN ('r', 'v') AND c.relnamespace = 'public'::regnamespace
  AND c.relname NOT LIKE 'procrastinate%' AND c.relname NOT LIKE 'livlina_%' ORDER BY 1, 2
"""
_RULES = """
SELECT c.relname, k.conname, k.contype::text, pg_get_constraintdef(k.oid) FROM pg_constraint k JOIN pg_class c
ON c.oid = k.conrelid WHERE c.relnamespace = 'public'::regnamespace AND k.contype IN ('c', 'u', 'x', 'f')
UNION ALL
SELECT c.relname, i.relname, 'u', pg_get_indexdef(i.oid) FROM pg_index x JOIN pg_class c ON c.oid = x.indrelid
JOIN pg_class i ON i.oid = x.indexrelid WHERE x.indisunique AND NOT x.indisprimary
  AND c.relnamespace = 'public'::regnamespace AND NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conindid = i.oid)
ORDER BY 1, 2
"""
_CALLS = """
SELECT p.proname, pg_get_function_identity_arguments(p.oid), coalesce(pg_get_function_result(p.oid), '')
FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace AND p.proname LIKE 'livlina%'
  AND p.prorettype <> 'trigger'::regtype ORDER BY 1, 2
"""


def describe(connection: psycopg.Connection[Any]) -> Description:
    """Return what stands in the database: columns, rules on rows (by digest), and functions that code calls."""
    columns: dict[str, dict[str, list[Any]]] = {}
    for table, column, type_, needed, filled in connection.execute(_COLUMNS):
        columns.setdefault(table, {})[column] = [type_, needed, filled]
    rules: dict[str, dict[str, str]] = {}
    for table, name, _, words in connection.execute(_RULES):
        rules.setdefault(table, {})[name] = sha256(words.encode()).hexdigest()[:12]
    calls = {f"{name}({arguments})": result for name, arguments, result in connection.execute(_CALLS)}
    return {"columns": columns, "rules": rules, "calls": calls}


def breaks(before: Description, after: Description) -> dict[str, str]:
    """Return what the code of `before` would meet on the tables of `after`: a short name for each, and why.

    A table or column it reads is gone or of another type; a column it does not know must be filled; one it may leave
    empty must not be; a rule it does not know; a function it calls that is gone or answers otherwise.
    """
    found: dict[str, str] = {}
    for table, columns in before["columns"].items():
        now = after["columns"].get(table)
        if now is None:
            found[table] = "the table is gone, and is still read and written"
            continue
        found |= _columns(table, columns, now)
        new = set(after["rules"].get(table, {})) - set(before["rules"].get(table, {}))
        changed = {
            name
            for name, words in before["rules"].get(table, {}).items()
            if after["rules"].get(table, {}).get(name, words) != words
        }
        for name in new | changed:
            found[f"{table}:{name}"] = "a rule that the old code does not know"
    for call, result in before["calls"].items():
        if after["calls"].get(call) is None:
            found[call] = "the function is gone, and is still called"
        elif not _answers(result, after["calls"][call]):
            found[call] = "the function answers otherwise"
    return found


def _columns(table: str, before: dict[str, list[Any]], after: dict[str, list[Any]]) -> dict[str, str]:
    found = {}
    for column, (type_, needed, _) in before.items():
        if column not in after:
            found[f"{table}.{column}"] = "the column is gone, and is still read and written"
        elif not _holds(type_, after[column][0]):
            found[f"{table}.{column}"] = f"was {type_}, becomes {after[column][0]}"
        elif after[column][1] and not needed:
            found[f"{table}.{column}"] = "may be left empty by the old code, and must not be any more"
    for column in set(after) - set(before):
        if after[column][1] and not after[column][2]:
            found[f"{table}.{column}"] = (
                "must be filled, and the old code does not know it: give it a db_default"
            )
    return found


def _holds(old: str, new: str) -> bool:
    """Whether a column of the new type takes and gives what one of the old did: the same, or a longer text."""
    sizes = [re.fullmatch(r"character varying\((\d+)\)", one) for one in (old, new)]
    if sizes[0] and sizes[1]:
        return int(sizes[1][1]) >= int(sizes[0][1])
    return old == new or (old.startswith("character varying") and new == "text")


def _answers(old: str, new: str) -> bool:
    """Whether a function still gives every column it gave."""
    if old == new:
        return True
    if not (old.startswith("TABLE(") and new.startswith("TABLE(")):
        return False
    had, has = (set(one[6:-1].split(", ")) for one in (old, new))
    return had <= has
