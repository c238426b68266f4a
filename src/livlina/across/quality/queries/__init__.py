"""What others may read of the room."""

from livlina.across.quality.queries.deviation import deviations
from livlina.across.quality.queries.incident import Line, Whole, incidents, own_units_affected, whole
from livlina.across.quality.queries.report import Report, report

__all__ = ["Line", "Report", "Whole", "deviations", "incidents", "own_units_affected", "report", "whole"]
