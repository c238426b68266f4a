"""Where the pages of visits, rosters and measures hang; `urls.py` takes them in."""

from django.urls import path

from livlina.provider.homecare.views import board, days, measures, roster, series

provider = [
    path("homecare/board", board.board, name="board"),
    path("homecare/board/place", board.place, name="place"),
    path("homecare/board/proposal", board.proposal, name="proposal"),
    path("homecare/roster", roster.roster, name="roster"),
    path("homecare/roster/copy", roster.copy_week, name="copy_week"),
    path("homecare/shifts/<uuid:pk>/absence", roster.absence, name="absence"),
    path("homecare/shifts/<uuid:pk>/stand-ins", roster.stand_ins, name="stand_ins"),
    path("homecare/day", days.own_day, name="own_day"),
    path("homecare/extra", days.extra, name="extra"),
    path("homecare/visits/<uuid:pk>", days.visit, name="visit"),
    path("homecare/visits/<uuid:pk>/deviation", days.deviation, name="deviation"),
    path("homecare/visits/<uuid:pk>/tell/<slug:what>", days.tell, name="tell"),
    path("homecare/events/<uuid:pk>/correct", days.correct, name="correct"),
    path("homecare/measures", measures.measures, name="measures"),
    path("homecare/orders/<uuid:order_id>/report", measures.report, name="report"),
    path("orders/<uuid:order_id>/visits", series.series, name="series"),
    path("orders/<uuid:order_id>/visits/new", series.make, name="make_series"),
    path("homecare/series/<uuid:pk>", series.change, name="change_series"),
    path("homecare/series/<uuid:pk>/end", series.end, name="end_series"),
]
