"""What is counted each night: one function a measure, giving samples; a figure is what its samples sum up to."""

from livlina.across.statistics.measures import care, casework, costs
from livlina.across.statistics.measures.base import Counter, Measure, Sample, sums

GROUPS = (
    ("Handläggning", casework.MEASURES),
    ("Beställningar och utförande", care.MEASURES),
    ("Kostnader och volymer, månad för månad", costs.MEASURES),
)
"""The measures by what they are about, in the order of the page."""
MEASURES = tuple(one for _, many in GROUPS for one in many)
BY_CODE = {one.code: one for one in MEASURES}

__all__ = ["BY_CODE", "GROUPS", "MEASURES", "Counter", "Measure", "Sample", "sums"]
