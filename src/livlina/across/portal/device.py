"""What a browser calls itself, in words someone recognises in a list."""

BROWSERS = (
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("CrOS", "Chromebook"),
    ("Mac OS X", "Mac"),
    ("Linux", "Linux"),
)


def device(user_agent: str) -> str:
    """`Firefox på Windows`; words for the unknown."""
    browser = next((name for sign, name in BROWSERS if sign in user_agent), "Okänd webbläsare")
    system = next((name for sign, name in SYSTEMS if sign in user_agent), "okänd enhet")
    return f"{browser} på {system}"
