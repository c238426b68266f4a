"""The rows as a table for people: what was measured, beside what was aimed at."""

from __future__ import annotations

import os
from typing import Any

from livlina.cli.bench.operations import OPERATIONS, Operation

HEADS = (
    "operation", "persons", "CPU ms", "aim", "SQL", "aim", "met", "p50", "p95", "bytes", "p95 of 8", "req/s of 8",
    "SQL alone ms", "× SQL", "growth",
)  # fmt: skip


def table(rows: list[dict[str, Any]], requests: int) -> str:
    """Return the table as Markdown, so that it can be put into a page as it is."""
    by_name = {operation.name: operation for operation in OPERATIONS}
    first = {row["name"]: row for row in reversed(rows)}
    lines = [_line(row, by_name[row["name"]], first[row["name"]]) for row in rows]
    widths = [max(len(line[place]) for line in [list(HEADS), *lines]) for place in range(len(HEADS))]
    ruled = [list(HEADS), ["-" * width for width in widths], *lines]
    told = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) + " |"
        for line in ruled
    ]
    load = ", ".join(f"{part:.1f}" for part in os.getloadavg())
    missing = [
        f"Not measured: {row['name']}, {row['persons']:,}: {row['missing']}" for row in rows if row["missing"]
    ]
    return "\n".join([
        *told,
        "",
        *missing,
        f"CPU ms: web and PostgreSQL together per request, the cheapest of three rounds of {requests // 3}, one client.",
        "SQL alone: CPU of the same statements sent straight by psycopg, client and server; × SQL: the whole over it.",
        f"Times in ms. Load of the machine: {load}.",
    ])  # fmt: skip


def _line(row: dict[str, Any], aim: Operation, first: dict[str, Any]) -> list[str]:
    if row["missing"]:
        return [row["name"], f"{row['persons']:,}", *["–"] * (len(HEADS) - 2)]
    growth = row["cpu"] / first["cpu"] if row is not first and first["cpu"] else 0.0
    return [
        row["name"], f"{row['persons']:,}", f"{row['cpu']:.1f}", f"≤ {aim.cpu:g}" if aim.cpu else "",
        str(row["statements"]), f"≤ {aim.statements}" if aim.statements else "", _met(row, aim, growth),
        f"{row['p50']:.1f}", f"{row['p95']:.1f}", f"{row['size']:,}", f"{row['p95_of_8']:.0f}",
        f"{row['per_second_of_8']:.0f}", f"{row['direct_cpu']:.2f}",
        f"{row['cpu'] / row['direct_cpu']:.1f}" if row["direct_cpu"] else "", f"{growth:.2f}" if growth else "",
    ]  # fmt: skip


def _met(row: dict[str, Any], aim: Operation, growth: float) -> str:
    missed = [
        what
        for what, fails in (
            ("CPU", aim.cpu is not None and row["cpu"] > aim.cpu),
            ("SQL", aim.statements is not None and row["statements"] > aim.statements),
            ("growth", aim.growth is not None and growth > aim.growth),
        )
        if fails
    ]
    return f"no: {', '.join(missed)}" if missed else "yes"
