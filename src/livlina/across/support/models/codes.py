"""The fixed words of the room."""

KINDS = [
    ("sign_in", "Inloggning och lösenord"),
    ("access", "Behörighet och uppdrag"),
    ("journal", "Journal och anteckningar"),
    ("cases", "Ärenden, beslut och brev"),
    ("orders", "Beställningar"),
    ("visits", "Besök, schema och mobilen"),
    ("alarms", "Trygghetslarm"),
    ("doors", "Dörrar och lås"),
    ("payments", "Försörjningsstöd och utbetalningar"),
    ("correction", "Rättelse som bara supporten får göra"),
    ("outage", "Något är långsamt eller ligger nere"),
    ("wish", "Önskemål"),
    ("other", "Något annat"),
]
KIND_NAMES = dict(KINDS)
KIND_OF_ROOM = {
    "portal": "access",
    "journal": "journal",
    "cases": "cases",
    "court": "cases",
    "placements": "cases",
    "contractors": "cases",
    "records": "cases",
    "orders": "orders",
    "homecare": "visits",
    "field": "visits",
    "alarms": "alarms",
    "doors": "doors",
    "aid": "payments",
    "account": "sign_in",
}
"""What a ticket from a page of a room is about, until somebody says otherwise."""

PRIORITIES = [("acute", "Akut"), ("high", "Hög"), ("normal", "Normal"), ("low", "Låg")]
LINES = [(1, "Första linjen"), (2, "Andra linjen"), (3, "Tredje linjen")]
STATES = [
    ("new", "Ny"),
    ("open", "Pågår"),
    ("waiting", "Väntar på svar från den som frågade"),
    ("solved", "Löst, väntar på ett ja"),
    ("closed", "Avslutat"),
    ("merged", "Hopslaget med ett annat"),
]
RUNNING = ("new", "open", "waiting", "solved")
AT_WORK = ("new", "open")
"""States in which the support owes somebody something."""

CHANNELS = [("page", "Formulär"), ("mail", "E-post"), ("phone", "Telefon"), ("system", "Livlina självt")]
REPORTERS = [("staff", "Personal"), ("citizen", "Enskild"), ("outside", "Utanför"), ("system", "Livlina")]
EVENTS = [
    ("opened", "Frågan kom in"),
    ("reporter", "Den som frågade skrev"),
    ("answered", "Svar"),
    ("note", "Intern anteckning"),
    ("asked", "Fråga tillbaka"),
    ("took", "Tog ärendet"),
    ("given", "Lämnat till"),
    ("line", "Ny linje"),
    ("priority", "Ny prioritet"),
    ("kind", "Nytt slag"),
    ("solved", "Löst"),
    ("closed", "Avslutat"),
    ("reopened", "Öppnat igen"),
    ("merged", "Hopslaget"),
    ("linked", "Hör ihop med"),
    ("sheet", "Lathund"),
    ("attached", "Bilaga"),
    ("sent_out", "Skickat till leverantören"),
    ("supplier", "Leverantören svarade"),
    ("silent", "Tyst för länge"),
    ("returned", "Tillbaka till linjen"),
    ("corrected", "Rättat"),
]
OUTWARD = (
    "opened",
    "reporter",
    "answered",
    "asked",
    "solved",
    "closed",
    "reopened",
    "merged",
    "attached",
    "corrected",
)
"""What whoever asked sees of the history, besides which line has it."""

AUDIENCES = [("staff", "Personal"), ("citizen", "Enskilda"), ("desk", "Bara supporten")]
