"""The room's routes."""

from typing import Any

officer: list[Any] = []
citizen: list[Any] = []
