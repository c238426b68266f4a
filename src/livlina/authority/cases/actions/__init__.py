"""Every write in case work, one function per verb."""

from livlina.authority.cases.actions.appeals import (
    apply_judgment,
    change_fully,
    change_partly,
    dismiss_appeal,
    forward_appeal,
    let_lapse,
    receive_appeal,
    receive_judgment,
    review_appeal,
)
from livlina.authority.cases.actions.application import (
    ApplicationGone,
    begin_application,
    discard_application,
    register_application,
    save_answers,
    send_application,
)
from livlina.authority.cases.actions.board import refer_to_board
from livlina.authority.cases.actions.cases import (
    NoUnit,
    assign_case,
    finish_investigation,
    open_investigation,
    request_decision,
    resume,
    set_intake_unit,
    suspend,
)
from livlina.authority.cases.actions.change import (
    CorrectionRefused,
    change_decision,
    correct_decision,
    decide_interim,
    refuse_request,
)
from livlina.authority.cases.actions.closing import close_case, write_off
from livlina.authority.cases.actions.decide import decide
from livlina.authority.cases.actions.delegation import add_delegation_rule, end_delegation_rule
from livlina.authority.cases.actions.desk import HandOverRefused, carry_out, hand_over_desk, save_worklist
from livlina.authority.cases.actions.drafts import DraftChanged, save_draft
from livlina.authority.cases.actions.execution import (
    end_service,
    interrupt,
    place_orders,
    record_execution,
    resume_service,
)
from livlina.authority.cases.actions.facts import record_facts, reuse_facts
from livlina.authority.cases.actions.follow_ups import begin_follow_up, follow_up
from livlina.authority.cases.actions.hearing import (
    answer,
    communicate,
    go_on_without_answer,
    investigate_more,
    waive_communication,
)
from livlina.authority.cases.actions.lengths import LengthRefused, set_length
from livlina.authority.cases.actions.letters import mark_sent
from livlina.authority.cases.actions.notice import record_service
from livlina.authority.cases.actions.own_motion import NotBegun, begin_on_own_motion
from livlina.authority.cases.actions.rehearsal import (
    Rehearsal,
    rehearse_change,
    rehearse_correction,
    rehearse_decision,
    rehearse_interim,
)
from livlina.authority.cases.actions.steps import take_step
from livlina.authority.cases.actions.versions import move_to_version
from livlina.authority.cases.actions.words import DecisionDraft, LineDraft
from livlina.authority.cases.engine import StepRefused
from livlina.authority.cases.processes import FactsWrong

__all__ = [
    "ApplicationGone",
    "CorrectionRefused",
    "DecisionDraft",
    "DraftChanged",
    "FactsWrong",
    "HandOverRefused",
    "LengthRefused",
    "LineDraft",
    "NoUnit",
    "NotBegun",
    "Rehearsal",
    "StepRefused",
    "add_delegation_rule",
    "answer",
    "apply_judgment",
    "assign_case",
    "begin_application",
    "begin_follow_up",
    "begin_on_own_motion",
    "carry_out",
    "change_decision",
    "change_fully",
    "change_partly",
    "close_case",
    "communicate",
    "correct_decision",
    "decide",
    "decide_interim",
    "discard_application",
    "dismiss_appeal",
    "end_delegation_rule",
    "end_service",
    "finish_investigation",
    "follow_up",
    "forward_appeal",
    "go_on_without_answer",
    "hand_over_desk",
    "interrupt",
    "investigate_more",
    "let_lapse",
    "mark_sent",
    "move_to_version",
    "open_investigation",
    "place_orders",
    "receive_appeal",
    "receive_judgment",
    "record_execution",
    "record_facts",
    "record_service",
    "refer_to_board",
    "refuse_request",
    "register_application",
    "rehearse_change",
    "rehearse_correction",
    "rehearse_decision",
    "rehearse_interim",
    "request_decision",
    "resume",
    "resume_service",
    "reuse_facts",
    "review_appeal",
    "save_answers",
    "save_draft",
    "save_worklist",
    "send_application",
    "set_intake_unit",
    "set_length",
    "suspend",
    "take_step",
    "waive_communication",
    "write_off",
]
