"""Where the pages of home nursing hang; `urls.py` takes them in."""

from django.urls import path

from livlina.provider.homecare.views import delegations, nursing, signing

provider = [
    path("nursing", nursing.patients, name="nursing"),
    path("nursing/today", nursing.today, name="nursing_today"),
    path("people/<uuid:person_id>/nursing", nursing.person, name="nursing_person"),
    path("people/<uuid:person_id>/nursing.pdf", nursing.on_paper, name="nursing_on_paper"),
    path("people/<uuid:person_id>/nursing/order", nursing.order, name="nursing_order"),
    path("nursing/tasks/<uuid:pk>", nursing.task, name="nursing_task"),
    path("nursing/tasks/<uuid:pk>/end", nursing.end, name="nursing_end"),
    path("nursing/tasks/<uuid:pk>/pause", nursing.pause, name="nursing_pause"),
    path("nursing/tasks/<uuid:pk>/resume", nursing.resume, name="nursing_resume"),
    path("nursing/tasks/<uuid:pk>/count", nursing.count, name="nursing_count"),
    path("nursing/tasks/<uuid:pk>/sign", signing.as_needed, name="nursing_sign"),
    path("nursing/doses/<uuid:pk>", signing.dose, name="nursing_dose"),
    path("nursing/signatures/<uuid:pk>/correct", signing.correct, name="nursing_correct"),
    path("nursing/delegations", delegations.delegations, name="delegations"),
    path("nursing/delegations/give", delegations.give, name="give_delegation"),
    path("nursing/delegations/<uuid:pk>", delegations.delegation, name="delegation"),
    path("nursing/delegations/<uuid:pk>/renew", delegations.renew, name="renew_delegation"),
    path("nursing/delegations/<uuid:pk>/revoke", delegations.revoke, name="revoke_delegation"),
]
