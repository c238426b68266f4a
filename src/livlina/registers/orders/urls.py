"""Where the pages hang, per audience."""

from django.urls import path

from livlina.registers.orders.views import officer as ours
from livlina.registers.orders.views import provider as theirs

officer = [
    path("orders/unread", ours.unread, name="unread"),
    path("orders/unread/piece", ours.unread_piece, name="unread_piece"),
    path("orders/of-person/<uuid:person_id>", ours.of_person, name="of_person"),
    path("orders/of/<str:source_type>/<uuid:source_id>", ours.of_source, name="of_source"),
    path("orders/delivery/<uuid:pk>", ours.delivery, name="delivery"),
    path("orders/<uuid:pk>", ours.order, name="order"),
    path("orders/<uuid:pk>/provider", ours.choose, name="choose"),
    path("orders/<uuid:pk>/send", ours.send, name="send"),
    path("orders/<uuid:pk>/recall", ours.recall, name="recall"),
    path("orders/<uuid:pk>/again", ours.again, name="again"),
    path("orders/<uuid:pk>/end", ours.end, name="end"),
]
provider = [
    path("orders", theirs.inbox, name="inbox"),
    path("orders/piece", theirs.inbox_piece, name="inbox_piece"),
    path("orders/active", theirs.active, name="active"),
    path("orders/<uuid:pk>", theirs.order, name="order"),
    path("orders/<uuid:pk>/open", theirs.open_order, name="open"),
    path("orders/<uuid:pk>/confirm", theirs.confirm, name="confirm"),
    path("orders/<uuid:pk>/decline", theirs.decline, name="decline"),
    path("orders/<uuid:pk>/recall", theirs.answer_recall, name="answer_recall"),
    path("orders/<uuid:pk>/deliver", theirs.deliver, name="deliver"),
]
