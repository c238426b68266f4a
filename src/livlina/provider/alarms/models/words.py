"""What codes are called in Swedish."""

PROVIDER = 2
"""The compartment of the provider's social documentation: the authority's sessions do not see these rows."""

MODEMS = [
    ("2g", "2G"),
    ("3g", "3G"),
    ("4g", "4G utan VoLTE"),
    ("4g_volte", "4G med VoLTE"),
    ("5g", "5G"),
    ("fixed", "Fast uppkoppling"),
    ("unknown", "Okänt"),
]
PROFILES = [
    ("scaip", "SCAIP, svar i eget meddelande"),
    ("scaip_inline", "SCAIP, svar i samma svar"),
    ("nowip", "NOWIP (BS 8521-2)"),
    ("dc09", "SIA DC-09"),
]
UNIT_STATES = [
    ("planned", "Ska installeras"),
    ("installing", "Installeras"),
    ("active", "I drift"),
    ("returned", "Återlämnad"),
]
PENDANTS = [
    ("pendant", "Larmknapp"),
    ("fall", "Fallarm"),
    ("smoke", "Brandvarnare"),
    ("door", "Dörrlarm"),
    ("motion", "Rörelselarm"),
    ("base", "Knapp på larmenheten"),
    ("other", "Annat"),
]
ALARM_KINDS = [
    ("alarm", "Larm"),
    ("unreadable", "Larm som inte gick att läsa"),
    ("unknown_unit", "Larm från okänd larmenhet"),
]
ALARM_STATES = [
    ("waiting", "Väntar"),
    ("accepted", "Mottaget"),
    ("on_way", "På väg"),
    ("on_site", "På plats"),
    ("closed", "Avslutat"),
]
OUTCOMES = [
    ("helped_by_phone", "Hjälp på telefon"),
    ("helped_by_visit", "Hjälp på plats"),
    ("emergency", "112 tillkallades"),
    ("relative", "Anhörig hjälpte till"),
    ("by_mistake", "Tryckt av misstag"),
    ("test", "Provlarm"),
    ("technical", "Tekniskt fel"),
    ("not_found", "Personen hittades inte"),
]
DEEDS = [
    ("received", "Larmet kom"),
    ("repeated", "Trycktes igen"),
    ("withdrawn", "Återtogs vid larmenheten"),
    ("more", "Mer uppgifter från larmenheten"),
    ("shown", "Visades"),
    ("told", "Någon kallades"),
    ("escalated", "Gick vidare"),
    ("accepted", "Togs emot"),
    ("offered", "Överlämning erbjöds"),
    ("handed_over", "Överlämnades"),
    ("declined", "Överlämningen avböjdes"),
    ("called", "Uppringning"),
    ("call_came", "Samtalet kom fram"),
    ("no_call", "Inget samtal kom"),
    ("on_way", "På väg"),
    ("on_site", "På plats"),
    ("noted", "Anteckning"),
    ("closed", "Avslutades"),
    ("tied", "Knöts till en larmenhet"),
    ("opened", "Skyddade uppgifter öppnades"),
]
CHANNELS = [("push", "Notis i appen"), ("sms", "SMS"), ("voice", "Uppringning")]
NOTICE_STATES = [
    ("waiting", "Ska skickas"),
    ("sent", "Skickad"),
    ("received", "Framme"),
    ("failed", "Gick inte fram"),
]
ROUND_STATES = [
    ("not_tried", "Inte kontaktad"),
    ("no_answer", "Svarar inte"),
    ("ok", "Mår bra"),
    ("visited", "Besökt"),
    ("emergency", "112 tillkallades"),
]
REACHED = ("ok", "visited", "emergency")
"""States in which somebody knows how the person is. A round is closed only when every person is reached."""

GROUPS = [
    ("receiver", "Larmmottagare"),
    ("operator", "Mobiloperatör"),
    ("model", "Modell"),
    ("area", "Område"),
    ("transport", "Förbindelse"),
    ("all", "Alla larm"),
]
