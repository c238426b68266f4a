"""Every recurring job in one table. `docs/schedule.md` is made from it."""

from datetime import timedelta

from livlina.core.jobs import Recurring

SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)

SCHEDULE: tuple[Recurring, ...] = (
    Recurring(
        "escalate unconfirmed orders",
        "livlina.registers.orders.jobs.escalate_unconfirmed",
        every=10 * SECOND,
        limit=MINUTE,
        tells="support",
    ),
    Recurring(
        "escalate watches",
        "livlina.registers.watches.jobs.escalate",
        every=10 * SECOND,
        limit=MINUTE,
        tells="support",
    ),
    Recurring(
        "let waiting alarms go further",
        "livlina.provider.alarms.jobs.escalate",
        every=10 * SECOND,
        limit=10 * SECOND,
        tells="support",
    ),
    Recurring(
        "mark deadlines",
        "livlina.authority.cases.jobs.mark_deadlines",
        every=10 * MINUTE,
        limit=5 * MINUTE,
        tells="support",
        parts=True,
    ),
    Recurring(
        "remind of the quarter's report",
        "livlina.authority.unexecuted.jobs.remind",
        every=24 * HOUR,
        limit=MINUTE,
        tells="support",
    ),
    Recurring(
        "hand over desks",
        "livlina.authority.cases.jobs.hand_over_desks",
        every=HOUR,
        limit=5 * MINUTE,
        tells="support",
    ),
    Recurring(
        "remind of the list of placed children",
        "livlina.authority.placements.jobs.remind_of_yearly_list",
        every=24 * HOUR,
        limit=MINUTE,
        tells="support",
    ),
    Recurring(
        "tell of lapsed decisions",
        "livlina.authority.court.jobs.tell_of_lapsed",
        every=10 * MINUTE,
        limit=MINUTE,
        tells="support",
    ),
    Recurring(
        "tell of unfinished drafts",
        "livlina.registers.journal.jobs.tell_of_drafts",
        every=HOUR,
        limit=5 * MINUTE,
        tells="support",
    ),
    Recurring(
        "follow the population register",
        "livlina.registers.people.jobs.follow",
        every=HOUR,
        limit=30 * MINUTE,
        tells="support",
    ),
    Recurring(
        "verify chains",
        "livlina.registers.journal.jobs.verify_chains",
        every=24 * HOUR,
        limit=HOUR,
        tells="support",
    ),
    Recurring(
        "forget old sign-ins",
        "livlina.across.portal.jobs.forget_old_sign_ins",
        every=HOUR,
        limit=MINUTE,
        tells="support",
    ),
    Recurring(
        "propose destruction",
        "livlina.across.records.jobs.propose_destruction",
        every=24 * HOUR,
        limit=30 * MINUTE,
        tells="support",
    ),
    Recurring(
        "empty the quarantine",
        "livlina.across.records.jobs.empty_quarantine",
        every=24 * HOUR,
        limit=5 * MINUTE,
        tells="support",
    ),
    Recurring(
        "tell of assistance to account for",
        "livlina.authority.assistance.jobs.tell_of_months",
        every=24 * HOUR,
        limit=5 * MINUTE,
        tells="support",
    ),
    Recurring(
        "rest and close months nobody applies for",
        "livlina.authority.aid.jobs.rest_and_close",
        every=24 * HOUR,
        limit=30 * MINUTE,
        tells="support",
    ),
    Recurring(
        "ask about silent payments",
        "livlina.authority.aid.jobs.ask_about_silent_payments",
        every=HOUR,
        limit=5 * MINUTE,
        tells="support",
    ),
    Recurring(
        "tell of lost alarm receivers",
        "livlina.provider.alarms.jobs.watch_receivers",
        every=15 * SECOND,
        limit=MINUTE,
        tells="support",
    ),
    Recurring(
        "write the call lists for paper",
        "livlina.provider.alarms.jobs.write_lists",
        every=MINUTE,
        limit=5 * MINUTE,
        tells="support",
        parts=True,
    ),
    Recurring(
        "remind of alarm buttons to test",
        "livlina.provider.alarms.jobs.remind_of_tests",
        every=24 * HOUR,
        limit=5 * MINUTE,
        tells="support",
    ),
    Recurring(
        "report installed alarms as delivered",
        "livlina.provider.alarms.jobs.deliver_installed",
        every=10 * MINUTE,
        limit=5 * MINUTE,
        tells="support",
    ),
)
