"""What the files to the state are filled from: one module a flow, each a few questions to the rooms' tables."""

from livlina.across.statistics.columns import aid, children, nursing, services
from livlina.across.statistics.columns.base import COLUMNS, ROWS, Record, Value, name_persons

__all__ = ["COLUMNS", "ROWS", "Record", "Value", "aid", "children", "name_persons", "nursing", "services"]
