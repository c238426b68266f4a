"""What financial aid stores. Every row of a case lies in the branch's own compartment (OSL 8:2, 26:1)."""

from livlina.authority.aid.models.amount import AidAmount
from livlina.authority.aid.models.calculation import Calculation, CalculationLine, SupportMonth
from livlina.authority.aid.models.household import Household, HouseholdMember
from livlina.authority.aid.models.month import AppliedRow, MonthApplication, SourceAnswer
from livlina.authority.aid.models.payment import BankAnswer, Payment, PaymentFile, PayoutAccount
from livlina.authority.aid.models.recovery import Recovery, RecoveryEntry
from livlina.authority.aid.models.warning import AidWarning

FINANCIAL_AID = 5
"""The branch's compartment (config.roles)."""

__all__ = [
    "FINANCIAL_AID",
    "AidAmount",
    "AidWarning",
    "AppliedRow",
    "BankAnswer",
    "Calculation",
    "CalculationLine",
    "Household",
    "HouseholdMember",
    "MonthApplication",
    "Payment",
    "PaymentFile",
    "PayoutAccount",
    "Recovery",
    "RecoveryEntry",
    "SourceAnswer",
    "SupportMonth",
]
