"""What codes are called in Swedish."""

KINDS = [
    ("social_alarm", "Trygghetslarm"),
    ("hospital_discharge", "Hemgång från sjukhus"),
    ("home_care", "Hemtjänst"),
    ("other", "Övrigt"),
]
"""Kinds of orders: each has its own time to answer (parameter `order_confirmation_hours`)."""

SERVICES = {
    "home_care": "Hemtjänst",
    "social_alarm": "Trygghetslarm",
    "short_term_housing": "Korttidsboende",
    "lss_counselling": "Rådgivning och annat personligt stöd",
    "lss_personal_assistance": "Personlig assistans",
    "lss_companion": "Ledsagarservice",
    "lss_contact_person": "Kontaktperson enligt LSS",
    "lss_respite_home": "Avlösarservice i hemmet",
    "lss_short_stay": "Korttidsvistelse utanför hemmet",
    "lss_short_term_minding": "Korttidstillsyn för skolungdom över 12 år",
    "lss_child_home": "Boende för barn och ungdomar",
    "lss_adult_home": "Bostad för vuxna",
    "lss_daily_activity": "Daglig verksamhet",
    "supported_living": "Boendestöd",
    "occupation": "Sysselsättning",
}

LIFE_AREAS = {
    "d1": "Lärande och att tillämpa kunskap",
    "d2": "Allmänna uppgifter och krav",
    "d3": "Kommunikation",
    "d4": "Förflyttning",
    "d5": "Personlig vård",
    "d6": "Hemliv",
    "d7": "Mellanmänskliga interaktioner och relationer",
    "d8": "Utbildning, arbete, sysselsättning och ekonomi",
    "d9": "Samhällsgemenskap, socialt och medborgerligt liv",
}
"""Life areas of IBIC, by ICF chapter."""

STATES = [
    ("draft", "Utkast"),
    ("sent", "Skickad, inte öppnad"),
    ("opened", "Öppnad, inte besvarad"),
    ("confirmed", "Bekräftad"),
    ("declined", "Avböjd"),
    ("active", "Pågår"),
    ("superseded", "Ersatt av ny beställning"),
    ("ended", "Avslutad"),
    ("recalled", "Återkallad"),
]

RECALL_REASONS = [
    ("wrong_provider", "Fel utförare"),
    ("wrong_content", "Fel innehåll"),
    ("not_needed", "Behövs inte längre"),
]

DECLINE_REASONS = [
    ("no_capacity", "Ingen ledig kapacitet"),
    ("outside_area", "Utanför vårt område"),
    ("lacks_competence", "Saknar rätt kompetens"),
    ("wrong_recipient", "Beställningen hör inte hit"),
    ("other", "Annat skäl"),
]

END_REASONS = [
    ("goal_met", "Målet är uppnått"),
    ("client_request", "Personens egen begäran"),
    ("moved", "Flyttat"),
    ("died", "Avliden"),
    ("new_provider", "Byter utförare"),
    ("new_decision", "Nytt beslut"),
    ("not_sent", "Skickades aldrig"),
    ("other", "Annat skäl"),
]


def service_name(code: str) -> str:
    """Return what a service is called; an unknown code is its own name."""
    return SERVICES.get(code, code)
