"""Months as Swedes write them, and a calculation told for a letter."""

from datetime import date

from livlina.authority.aid.kronor import in_kronor
from livlina.authority.aid.models import Calculation, CalculationLine

MONTHS = (
    "januari", "februari", "mars", "april", "maj", "juni", "juli", "augusti", "september", "oktober", "november",
    "december",
)  # fmt: skip


def month_words(month: date) -> str:
    """Mars 2026, in lower case: as inside a sentence."""
    return f"{MONTHS[month.month - 1]} {month.year}"


def calculation_told(calculation: Calculation) -> str:
    """The calculation in rows of text, for the decision's letter. One statement."""
    lines = list(calculation.lines.order_by("position"))
    said = [f"Riksnorm {calculation.norm_year}: {in_kronor(calculation.norm)} kronor."]
    said += [f"{line.label}: {_told(line)}." for line in lines if line.group == "cost"]
    said.append(f"Behov: {in_kronor(calculation.norm + calculation.costs)} kronor.")
    said += [f"{line.label}: {_told(line)}." for line in lines if line.group == "income"]
    said.append(f"Inkomster som räknas: {in_kronor(calculation.income)} kronor.")
    if calculation.aid:
        said.append(f"Försörjningsstöd: {in_kronor(calculation.aid)} kronor.")
    else:
        said.append("Inkomsterna täcker behovet.")
    return "\n".join(said)


def _told(line: CalculationLine) -> str:
    words = f"{in_kronor(line.approved)} kronor"
    if line.approved != line.applied:
        words += f" av {in_kronor(line.applied)}"
    if line.incentive:
        words += f" (jobbstimulans {in_kronor(line.incentive)} kronor räknas inte)"
    return f"{words}. {line.reason.rstrip('.')}" if line.reason else words
