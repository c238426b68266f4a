"""The disturbance report on paper, for the committee's agenda."""

from django.template.loader import render_to_string

from livlina.across.quality.queries.report import Report
from livlina.core.paper import pdf


def disturbance_pdf(report: Report) -> bytes:
    """Return the report as PDF. It names nobody, and numbers below five are told as “färre än 5”."""
    return pdf(render_to_string("quality/disturbances_print.html", {"report": report}))
