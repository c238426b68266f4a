"""What the citizen is told, in plain words. What has no words here is the authority's own work and is not shown."""

from django.utils.translation import gettext_lazy as _

AREAS = {
    "elder_care": _("Stöd till dig som är äldre"),
    "disability": _("Stöd till dig med funktionsnedsättning"),
    "own_acts": _("Färdtjänst och anpassning av bostaden"),
    "financial_aid": _("Pengar att leva av"),
    "children": _("Stöd till barn och familjer"),
    "adults": _("Stöd till vuxna"),
    "family_law": _("Föräldrar och barn"),
    "contractors": _("Ta uppdrag hos oss"),
}
"""What one applies for, in the order it is offered."""

PHASES = {
    "received": _("Ansökan har kommit in"),
    "investigation": _("Utredning"),
    "decision": _("Beslut"),
    "service": _("Hjälpen ges"),
    "closed": _("Ärendet är avslutat"),
}

STEPS = {
    "register": _("Ansökan kom in"),
    "assign": _("En handläggare fick ärendet"),
    "open_investigation": _("Utredningen började"),
    "suspend": _("Utredningen väntar på uppgifter"),
    "resume_investigation": _("Utredningen fortsatte"),
    "communicate": _("Vi skickade underlaget för beslutet"),
    "receive_answer": _("Synpunkterna på underlaget kom in"),
    "finish_investigation": _("Utredningen blev klar"),
    "investigate_more": _("Utredningen fortsatte"),
    "decide": _("Beslutet fattades"),
    "correct_decision": _("Beslutet rättades"),
    "write_off": _("Ärendet skrevs av"),
    "request_decision": _("Begäran om att ärendet ska avgöras kom in"),
    "receive_appeal": _("Överklagandet kom in"),
    "dismiss_appeal": _("Överklagandet kom in för sent och prövas inte"),
    "review_appeal": _("Vi började ompröva beslutet"),
    "change_fully": _("Beslutet ändrades"),
    "change_partly": _("Beslutet ändrades i en del"),
    "forward": _("Överklagandet lämnades över till domstolen"),
    "receive_judgment": _("Domstolens dom kom"),
    "note_judgment": _("Domen är genomförd"),
    "place_orders": _("Hjälpen beställdes"),
    "begin_service": _("Hjälpen började"),
    "interrupt_service": _("Hjälpen gjorde uppehåll"),
    "resume_service": _("Hjälpen började igen"),
    "follow_up_service": _("Vi började följa upp hjälpen"),
    "continue_service": _("Hjälpen fortsätter som förut"),
    "keep_service": _("Hjälpen fortsätter som förut"),
    "change_service": _("Vi började utreda ändrade behov"),
    "end_service": _("Hjälpen upphör"),
    "end_unexecuted": _("Hjälpen blev inte av"),
    "end_interrupted": _("Hjälpen upphör"),
    "close": _("Ärendet avslutades"),
    "close_ungranted": _("Ärendet avslutades"),
    # adults, family law and contractors: what a citizen has begun; of the rest nothing is told here
    "meet": _("Vi hade ett första samtal"),
    "assess_the_night": _("Vi bedömde om det fanns tak över huvudet"),
    "invite_both": _("Båda föräldrarna bjöds in"),
    "hold_talk": _("Vi hade ett samtal"),
    "end_talks": _("Samtalen avslutades"),
    "book": _("Samtalet bokades"),
    "certify": _("Samtalsintyget utfärdades"),
    "nobody_came": _("Ingen kom till samtalet"),
    "meet_parents": _("Avtalet skrevs"),
    "change_agreement": _("Avtalet skrivs om"),
    "decline_agreement": _("Avtalet godkändes inte"),
    "begin_consent": _("Medgivandet började gälla"),
    "end_consent": _("Medgivandet upphörde"),
    "state_to_court": _("Vi yttrade oss till domstolen"),
    "ask_for_extracts": _("Vi bad om registerutdrag"),
    "approve_contractor": _("Du godkändes för uppdrag"),
    "engage": _("Avtalet undertecknades"),
    "review": _("Vi gick igenom uppdraget"),
    "decline": _("Det blev inget uppdrag"),
    "end_engagement": _("Uppdraget avslutades"),
}

SILENT = {
    "answer_time_out",
    "record_notice",
    "let_lapse",
    "waive_communication",
    "reassign",
    "finish",
    "end_without_consent",
    "judge_extracts",
    "examine_more",
    "settle_declined",
    "examine",
    "notify",
    "leave_to_inventory",
}
"""Steps the citizen is not told of one by one."""

NEXT = {
    "received": _("En handläggare får ansökan och hör av sig."),
    "assigned": _("Handläggaren hör av sig för att prata om vad som behövs."),
    "investigating": _("Vi utreder vad som behövs. Ofta pratas vi vid eller gör ett hembesök."),
    "waiting": _("Utredningen fortsätter när uppgifterna har kommit in."),
    "communicated": _("Läs underlaget och lämna synpunkter om du vill. Sedan fattar vi beslut."),
    "ready_to_decide": _("Utredningen är klar. Nu fattar vi beslut."),
    "decided": _("Beslutet är fattat. Det som är beviljat beställs hos en utförare."),
    "to_be_executed": _("Hjälpen är beställd. Utföraren hör av sig om när den börjar."),
    "running": _("Hjälpen ges. Säg till om något ändras eller inte fungerar."),
    "interrupted": _("Hjälpen gör uppehåll just nu."),
    "follow_up": _("Vi går igenom hur hjälpen fungerar."),
    "ending": _("Hjälpen håller på att avslutas."),
    "closed": _("Ärendet är avslutat. Du kan ansöka igen när som helst."),
    "written_off": _("Ärendet är avskrivet. Du kan ansöka igen när som helst."),
    "examining": _("Vi utreder. Handläggaren hör av sig när något behövs."),
    "invited": _("Vi har bjudit in båda föräldrarna. Samtalen är frivilliga."),
    "talking": _("Samtalen pågår."),
    "booked": _("Samtalet är bokat. Tiden står i brevet."),
    "certified": _("Samtalsintyget är klart."),
    "consent_runs": _("Medgivandet gäller. Säg till om något viktigt ändras."),
    "checking": _("Vi väntar på att du ska visa utdrag ur registren."),
    "ready_to_approve": _("Utredningen är klar. Nu tar vi ställning."),
    "approved": _("Du är godkänd. Vi hör av oss om avtal och uppdrag."),
    "active": _("Du är anlitad. Säg till om något ändras hemma hos dig."),
    "declined": _("Det blir inget uppdrag den här gången. Skälet står i brevet."),
}

CLOCKS = {
    "received": ("decide_in_time", _("Du får beslut senast %(day)s.")),
    "assigned": ("decide_in_time", _("Du får beslut senast %(day)s.")),
    "investigating": ("decide_in_time", _("Du får beslut senast %(day)s.")),
    "waiting": ("decide_in_time", _("Du får beslut senast %(day)s.")),
    "communicated": ("decide_in_time", _("Du får beslut senast %(day)s.")),
    "ready_to_decide": ("decide_in_time", _("Du får beslut senast %(day)s.")),
    "to_be_executed": ("not_executed", _("Hjälpen ska ha börjat senast %(day)s.")),
    "interrupted": ("not_resumed", _("Hjälpen ska ha börjat igen senast %(day)s.")),
    "running": ("follow_up_in_time", _("Vi följer upp hjälpen senast %(day)s.")),
}
"""By which day: the clock that matters in a state, and its words."""

LATE = {
    "decide_in_time": _("Beslutet skulle ha kommit senast %(day)s. Vi har inte hunnit, och det beklagar vi."),
    "not_executed": _("Hjälpen skulle ha börjat senast %(day)s. Det har dröjt, och det beklagar vi."),
    "not_resumed": _("Hjälpen skulle ha börjat igen senast %(day)s. Det har dröjt, och det beklagar vi."),
    "follow_up_in_time": _(
        "Vi skulle ha följt upp hjälpen senast %(day)s. Det har dröjt, och det beklagar vi."
    ),
}

WAITING_FOR = {
    "person": _("Vi väntar på uppgifter från dig eller ditt ombud."),
    "medical": _("Vi väntar på uppgifter från en läkare eller en annan vårdgivare."),
    "relative": _("Vi väntar på uppgifter från en anhörig."),
    "other": _("Vi väntar på uppgifter från någon annan."),
}

OUTCOMES = {
    "granted": _("Ansökan är beviljad"),
    "partly_granted": _("En del av ansökan är beviljad, en del är avslagen"),
    "rejected": _("Ansökan är avslagen"),
    "dismissed": _("Vi har inte prövat det som lämnades in"),
    "written_off": _("Ärendet är avskrivet"),
    "closed_no_action": _("Utredningen är avslutad utan insats"),
    "changed": _("Beslutet är ändrat"),
    "ended": _("Hjälpen upphör"),
    "revoked": _("Det tidigare beslutet är återkallat"),
}

APPEALS = {
    "appeal_received": _("Överklagandet har kommit in. Vi prövar om det kom in i rätt tid."),
    "appeal_review": _("Vi prövar om beslutet ska ändras."),
    "appeal_dismissed": _("Överklagandet kom in för sent och prövas inte. Du kan överklaga det beslutet."),
    "appeal_met": _("Beslutet är ändrat så som det begärdes."),
    "appeal_forwarded": _("Överklagandet är lämnat till domstolen, som skriver till dig."),
    "appeal_judged": _("Domstolen har avgjort målet."),
    "appeal_done": _("Domstolen har avgjort målet och domen är genomförd."),
}

MANDATES = {
    "self": "",
    "guardian": _("du är vårdnadshavare"),
    "trustee": _("du är god man"),
    "administrator_guardian": _("du är förvaltare"),
    "power_of_attorney": _("du har fullmakt"),
}
