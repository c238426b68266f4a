"""However a decision is split, sent, refused and sent again: what is paid is what was approved, to the öre."""

import itertools
from decimal import Decimal

from django.db import transaction
from django.db.models import Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from livlina.authority.aid import actions
from livlina.authority.aid.actions.decisions import granted
from livlina.authority.aid.models import Payment
from livlina.authority.aid.tests.fixtures import answer
from livlina.authority.cases.models import Case


class Undo(Exception):
    """Back to where the example began."""


def sums(decision, *states):
    return Payment.objects.filter(decision=decision, state__in=states).aggregate(sum=Sum("amount"))[
        "sum"
    ] or Decimal(0)


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    cuts=st.lists(st.decimals(Decimal("0.01"), Decimal(10019), places=2), max_size=3, unique=True),
    fails=st.lists(st.booleans(), min_size=4, max_size=4),
)
def test_the_sum_of_what_is_paid_is_the_sum_of_what_was_approved(
    granted_march, payment, sven, helena, now, cuts, fails
):
    whole, account = granted(granted_march), payment.account
    edges = [Decimal(0), *sorted(cuts), whole]
    try:
        with transaction.atomic():
            actions.cancel_payment(payment, by=sven, now=now)
            rows = [
                actions.create_payment(granted_march, account, high - low, by=sven, now=now)
                for low, high in itertools.pairwise(edges)
            ]
            for row in rows:
                actions.approve_payment(row, by=helena, now=now)
            file = actions.make_file(by=helena, now=now)
            assert file.control_sum == sums(granted_march, "in_file") == whole
            for row, fail in zip(rows, fails, strict=False):
                actions.read_bank_answer(answer(row, "RJCT" if fail else "ACSC"), by=helena, now=now)
            assert sums(granted_march, "paid") + sums(granted_march, "error") == whole
            for row, _ in [pair for pair in zip(rows, fails, strict=False) if pair[1]]:
                again = actions.pay_again(row, account, by=sven, now=now)
                actions.approve_payment(again, by=helena, now=now)
            if actions.make_file(by=helena, now=now):
                for row in Payment.objects.filter(decision=granted_march, state="in_file"):
                    actions.read_bank_answer(answer(row, "ACSC", message="again"), by=helena, now=now)
            assert sums(granted_march, "paid") == whole
            assert Case.objects.get(pk=granted_march.case_id).state == "paid"
            raise Undo
    except Undo:
        pass
