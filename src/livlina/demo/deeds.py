"""What another room must do before a step of a story, or what takes the step there: money, homes and their checks.

A story says that Helena has approved the payment; here she does it, in the room of financial aid. `act` is asked before
each step; it says whether the step is taken by what was done.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from livlina.authority.aid import actions as aid
from livlina.authority.aid.actions import AppliedDraft
from livlina.authority.aid.calculation import Cost, Income, next_month
from livlina.authority.aid.models import AidWarning, MonthApplication, Payment, PayoutAccount, Recovery
from livlina.authority.aid.ssbtek.fake import Fake
from livlina.authority.cases import actions as cases
from livlina.authority.cases.engine import Process
from livlina.authority.cases.models import Case, Decision
from livlina.authority.cases.processes import service_unit
from livlina.authority.contractors import actions as contractors
from livlina.authority.contractors.models import CONTRACTORS, Check, Home
from livlina.authority.placements.actions.homes import choose_home
from livlina.core.access import Actor
from livlina.core.clock import day_of
from livlina.core.ids import IdentityNumber, test_number
from livlina.core.models import Assignment
from livlina.demo.stage import Stage
from livlina.registers.people import actions as people

COSTS = (Cost("housing", Decimal(6500)), Cost("electricity", Decimal(300)))
WAGE_OF_FIRST_MONTH, WAGE_AFTER = Decimal(2000), Decimal(19500)
"""Kronor: in the first month too little to live on, in the second more than is needed."""

SILENT_FIRST = {"SO": "timeout"}
ALL_KNOW_NOTHING = {"SO": "empty"}
KRONOR = {"special_aid": 2900, "recovery": 4000}
"""What a story says is granted in kronor, by process; of others enough for whatever is paid."""

HOME_OF_STORY = "Familjen Sjögren"
IDA = test_number(date(1980, 2, 2), "female", 6)
"""The number of the contact of that home: nobody else in the town may get it."""


def other_party(place: int) -> IdentityNumber:
    """Return the number of the other parent in the story of a process, by its place: nobody else may get it either."""
    return test_number(date(1980, 1 + place % 12, 20 + place // 12), "male", 8)


def holder(stage: Stage, role: str, branch: int, unit_id: UUID | None = None) -> Actor:
    """Return someone of a role in a branch, at the unit if anyone is: the most qualified, the one longest there."""
    held = stage.look(
        lambda: max(
            Assignment.objects.select_related("user", "unit")
            .filter(municipality_id=stage.municipality_id, role=role, compartments__contains=[branch])
            .order_by("valid_from", "id"),
            key=lambda one: (one.unit_id == unit_id, len(one.qualifications)),
        )
    )
    return Actor(
        "staff", stage.municipality_id, role, held.user.name, user_id=held.user_id, assignment_id=held.pk,
        unit_id=held.unit_id, unit_name=held.unit.name, title=held.title,
        compartments=tuple(held.compartments), qualifications=tuple(held.qualifications),
    )  # fmt: skip


def quantity(process: Process, service: str, on: date) -> Decimal:
    """How much of a service is granted: one of each; of money, what the story pays."""
    kronor = KRONOR.get(process.code, 100_000)
    return Decimal(kronor if service_unit(service, on).startswith("kronor") else 1)


@dataclass(frozen=True)
class Scene:
    """A step about to be taken: who takes it, who works with the case and who leads the unit."""

    stage: Stage
    process: Process
    case: Case
    by: Actor
    worker: Actor
    manager: Actor
    facts: Mapping[str, Any]
    known: Mapping[str, Any]
    now: datetime

    def do(self, by: Actor, verb: Callable[..., Any], *what: Any, **how: Any) -> Any:
        """Let someone do something now."""
        return self.stage.do(by, verb, *what, now=self.now, **how)

    def months(self) -> list[MonthApplication]:
        """The months that wait to be decided, the earliest first."""
        rows = MonthApplication.objects.select_related("case").filter(case_id=self.case.pk, state="open")
        return self.stage.look(lambda: list(rows.order_by("month")))

    def is_first(self, month: MonthApplication) -> bool:
        """Whether a month is the one the case came in."""
        return month.month == self.case.received_on.replace(day=1)

    def newest(self, model: Any) -> Any:
        """The newest row of the case."""
        return self.stage.look(lambda: model.objects.filter(case_id=self.case.pk).order_by("pk").last())


def act(scene: Scene, step: str) -> bool:
    """Do what the rooms must do for a step; return whether that took the step. Raises what the rooms raise."""
    deed = DEEDS.get((scene.process.code, step)) or DEEDS.get((scene.process.area, step))
    return bool(deed and deed(scene))


def apply_for_first(scene: Scene) -> MonthApplication:
    """Take down the application for the month the case came in, if none is open."""
    if not scene.months():
        first = scene.case.received_on.replace(day=1)
        scene.do(scene.worker, aid.apply_for_month, scene.case, first, rows_of(scene, WAGE_OF_FIRST_MONTH),
                 received_on=scene.case.received_on, received_how="phone")  # fmt: skip
    return scene.months()[0]


def rows_of(scene: Scene, wage: Decimal) -> list[AppliedDraft]:
    """What is applied for: rent, electricity, and the wage of the month."""
    rows = [AppliedDraft("cost", cost.kind, cost.applied) for cost in COSTS]
    return [*rows, AppliedDraft("income", "wage", wage, scene.case.person_id)]


def collect(scene: Scene) -> bool:
    """Ask the other authorities: the first time one of them is silent."""
    month = apply_for_first(scene)
    again = scene.case.state == "data_collected" or not scene.is_first(month)
    port = Fake(behaves=ALL_KNOW_NOTHING if again else SILENT_FIRST)
    scene.do(scene.by, aid.ask_sources, month, port=port)
    return True


def calculate(scene: Scene) -> bool:
    """Count the month, see its warnings, and approve the calculation."""
    month = scene.months()[0]
    wage = WAGE_OF_FIRST_MONTH if scene.is_first(month) else WAGE_AFTER
    incomes = [Income("wage", wage, str(scene.case.person_id))]
    counted = scene.do(scene.worker, aid.calculate_month, month, COSTS, incomes)
    for warning in scene.stage.look(
        lambda: list(AidWarning.objects.filter(month_application=month, state="open").select_related("case"))
    ):
        scene.do(scene.worker, aid.acknowledge_warning, warning, reason="Genomgånget vid beräkningen.")
    scene.do(scene.worker, aid.approve_calculation, counted)
    return True


def decide_month(scene: Scene) -> bool:
    """Decide the month by its calculation; what goes against the person has been talked through."""
    month, reasons = scene.months()[0], scene.facts.get("decision_reasons", "")
    if reasons:
        scene.do(scene.worker, cases.waive_communication, scene.case,
                 reason="Mira har själv lämnat uppgiften om lönen och yttrat sig vid besöket.")  # fmt: skip
    scene.do(scene.worker, aid.decide_month, month, reasons=reasons)
    return True


def apply_again(scene: Scene) -> bool:
    """The person applies for the next month in the e-service."""
    last = scene.newest(MonthApplication).month
    rows = rows_of(scene, WAGE_AFTER)
    scene.do(scene.by, aid.apply_for_month, scene.case, next_month(last), rows)
    return True


def account_of(scene: Scene, number: str) -> PayoutAccount:
    """An account that one has written and another confirmed."""
    payee = scene.case.person.name[:70]
    account = scene.do(
        scene.worker, aid.add_account, scene.case, payee=payee, kind="bank_account", number=number
    )
    return scene.do(scene.manager, aid.confirm_account, account)


def send_payment(scene: Scene) -> bool:
    """Pay what is granted: made by one, approved by another, sent in a file."""
    account, decision = account_of(scene, "8327-9 123 456 7"), scene.newest(Decision)
    granted = scene.stage.look(lambda: sum(one.quantity for one in decision.lines.all() if one.granted))
    payment = scene.do(scene.worker, aid.create_payment, decision, account, Decimal(granted))
    return approve_and_send(scene, payment)


def pay_again(scene: Scene) -> bool:
    """Pay to another account what the bank refused."""
    account = account_of(scene, "6112 77 881 02")
    payment = scene.do(scene.worker, aid.pay_again, scene.newest(Payment), account)
    return approve_and_send(scene, payment)


def approve_and_send(scene: Scene, payment: Payment) -> bool:
    """Another approves, and the file goes: that takes the step."""
    scene.do(scene.manager, aid.approve_payment, payment)
    file = scene.do(scene.manager, aid.make_file)
    scene.do(scene.manager, aid.mark_file_sent, file)
    return True


def refused_by_bank(scene: Scene) -> bool:
    """The bank says that the account is closed."""
    return answered(scene, "RJCT", "<StsRsnInf><Rsn><Cd>AC04</Cd></Rsn></StsRsnInf>")


def booked_by_bank(scene: Scene) -> bool:
    """The bank has booked the money."""
    amount = scene.newest(Payment).amount
    given = f'<OrgnlTxRef><Amt><InstdAmt Ccy="SEK">{amount:.2f}</InstdAmt></Amt></OrgnlTxRef>'
    return answered(scene, "ACSC", given)


def answered(scene: Scene, status: str, more: str) -> bool:
    """Read the bank's answer (pain.002) about the newest payment: that takes the step."""
    payment = scene.newest(Payment)
    told = (
        '<?xml version="1.0"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.03"><CstmrPmtStsRpt>'
        f"<GrpHdr><MsgId>{status}{payment.pk.hex[-12:]}</MsgId></GrpHdr><OrgnlGrpInfAndSts><OrgnlMsgId>M</OrgnlMsgId>"
        f"</OrgnlGrpInfAndSts><OrgnlPmtInfAndSts><TxInfAndSts><OrgnlEndToEndId>{payment.reference}</OrgnlEndToEndId>"
        f"<TxSts>{status}</TxSts>{more}</TxInfAndSts></OrgnlPmtInfAndSts></CstmrPmtStsRpt></Document>"
    )
    scene.do(scene.manager, aid.read_bank_answer, told.encode())
    return True


def claim_back(stage: Stage, case: Case, *, by: Actor, now: datetime) -> Case:
    """Begin to try whether some of a paid month is claimed back: a case of its own."""
    paid = stage.look(
        lambda: (
            MonthApplication.objects.select_related("case__person")
            .filter(case_id=case.pk, state="decided")
            .latest("month")
        )
    )
    recovery = stage.do(by, aid.begin_recovery, paid, Decimal(KRONOR["recovery"]), now=now)
    return stage.look(lambda: Case.objects.select_related("person", "unit").get(pk=recovery.case_id))


def repay(scene: Scene) -> bool:
    """All that was claimed has come in: the last krona takes the step."""
    recovery = scene.newest(Recovery)
    left = scene.stage.look(lambda: recovery.left)
    scene.do(scene.worker, aid.record_entry, recovery, "repaid", left, on=day_of(scene.now))
    return True


def register_home(scene: Scene) -> bool:
    """Register the home or person the case investigates, and ask for the extracts."""
    family = scene.case.person.family_name
    kinds = list(scene.known["engagement_kinds"])
    name = f"Familjen {family}" if "foster_home" in kinds else scene.case.person.name
    home = scene.do(scene.worker, contractors.register_home, name=name, kinds=kinds, place="Åsvalla",
                    contact=scene.case.person, case=scene.case)  # fmt: skip
    ask(scene, home, scene.worker)
    return False


def ask(scene: Scene, home: Home, by: Actor) -> None:
    """Ask for the extracts of each adult."""
    for adult in scene.stage.look(lambda: list(home.adults.select_related("home"))):
        scene.do(by, contractors.ask_extracts, adult)


def show(scene: Scene, home: Home, by: Actor) -> None:
    """Note that every extract asked for was shown today."""
    for check in scene.stage.look(
        lambda: list(Check.objects.filter(adult__home=home, shown_on=None).select_related("adult__home"))
    ):
        scene.do(by, contractors.show_extract, check, on=day_of(scene.now))


def show_extracts(scene: Scene) -> bool:
    """The extracts are shown."""
    show(scene, scene.newest(Home), scene.worker)
    return False


def approve(scene: Scene) -> bool:
    """The manager approves the home, for what it was investigated for."""
    home = scene.newest(Home)
    scene.do(scene.manager, contractors.approve_home, home, kinds=list(home.kinds), capacity=2, ages=(0, 17),
             valid_from=day_of(scene.now))  # fmt: skip
    return False


def sign(scene: Scene) -> bool:
    """One writes the contract and what is paid, another signs and confirms."""
    home, day = scene.newest(Home), day_of(scene.now)
    contract = scene.do(scene.worker, contractors.write_contract, home, home.kinds[0], valid_from=day)
    scene.do(scene.manager, contractors.sign_contract, contract, on=day)
    paid = scene.do(scene.worker, contractors.propose_remuneration, contract, fee_ore=1_250_000, expenses_ore=620_000,
                    valid_from=day, source="Påhittat belopp i demon.")  # fmt: skip
    scene.do(scene.manager, contractors.confirm_remuneration, paid)
    return False


def choose(scene: Scene) -> bool:
    """Familjehemsenheten has a home with room; the child's worker chooses it."""
    home = scene.stage.look(lambda: Home.objects.filter(name=HOME_OF_STORY, ended_on=None).first())
    home = home or home_of_story(scene)
    scene.do(scene.worker, choose_home, scene.case, home.pk, kind=scene.known["family_home_kind"],
             since=scene.known["home_since"])  # fmt: skip
    return False


def home_of_story(scene: Scene) -> Home:
    """A foster home with both extracts, approved for two children."""
    tove, ulf = (holder(scene.stage, role, CONTRACTORS) for role in ("case_worker", "unit_manager"))
    sofia = holder(scene.stage, "reception", CONTRACTORS)
    ida = scene.do(
        sofia, people.register_person, given_names="Ida Maria", called_name="Ida", family_name="Sjögren",
        number=IDA, street="Sjövägen 2", postcode="99110", city="Åsvalla",
        home_municipality="9901",
    )  # fmt: skip
    home = scene.do(tove, contractors.register_home, name=HOME_OF_STORY, kinds=["foster_home"], place="Åsvalla",
                    contact=ida)  # fmt: skip
    ask(scene, home, tove)
    show(scene, home, tove)
    scene.do(ulf, contractors.approve_home, home, kinds=["foster_home"], capacity=2, ages=(0, 17),
             valid_from=scene.known["home_since"])  # fmt: skip
    return home


DEEDS: dict[tuple[str, str], Callable[[Scene], bool]] = {
    ("livelihood_support", "collect_data"): collect,
    ("livelihood_support", "calculate"): calculate,
    ("livelihood_support", "decide"): decide_month,
    ("livelihood_support", "settle_unpaid"): lambda scene: True,  # the decision has done it
    ("livelihood_support", "apply_month"): apply_again,
    ("financial_aid", "send_payment"): send_payment,
    ("financial_aid", "payment_failed"): refused_by_bank,
    ("financial_aid", "pay_again"): pay_again,
    ("financial_aid", "pay"): booked_by_bank,
    ("recovery", "settle"): repay,
    ("contractors", "ask_for_extracts"): register_home,
    ("contractors", "judge_extracts"): show_extracts,
    ("contractors", "approve_contractor"): approve,
    ("contractors", "engage"): sign,
    ("child_placement", "place_in_home"): choose,
}
"""What is done for a step of a process, or of any process of an area."""
