"""Why a door did not open: one code for programs, one number for the wire, one sentence for the carer."""

WORDS: dict[str, str] = {
    "": "",
    "malformed": "Låset förstod inte telefonen. Försök igen.",
    "too_large": "Låset förstod inte telefonen. Försök igen.",
    "version": "Låset och appen talar olika versioner. Uppdatera appen.",
    "not_fitted": "Låset är inte färdigmonterat.",
    "challenge": "Det tog för lång tid. Försök igen.",
    "header": "Nyckeln är av fel slag.",
    "issuer": "Nyckeln är utställd av någon som låset inte känner.",
    "signature": "Nyckeln är inte äkta.",
    "claims": "Nyckeln är av fel slag.",
    "proof": "Nyckeln hör till en annan telefon.",
    "door": "Nyckeln gäller inte den här dörren.",
    "too_early": "Nyckeln gäller inte ännu.",
    "expired": "Nyckeln har slutat gälla.",
    "too_long": "Nyckeln är utställd för längre tid än tillåtet.",
    "epoch": "Låset har bytt nycklar sedan den här nyckeln ställdes ut.",
    "revoked": "Nyckeln är spärrad.",
    "too_deep": "En lånad nyckel kan inte lånas vidare.",
    "wider": "Den lånade nyckeln gäller fler dörrar än kollegans.",
    "longer": "Den lånade nyckeln gäller längre än kollegans.",
    "not_lent": "Den här sortens nyckel får inte lånas ut.",
    "parent": "Den lånade nyckeln hör inte ihop med kollegans.",
    "reason": "Ange varför du öppnar.",
    "sealed": "Nödnyckeln är förseglad. Bryt förseglingen och ange skäl.",
    "unsealed_late": "Nödnyckeln gäller bara i 15 minuter från att förseglingen bröts.",
    "used": "Nyckeln har redan använts.",
    "leader": "Arbetsledaren måste öppna fortsättningsnyckeln.",
    "leader_time": "Arbetsledarens underskrift gäller inte nu.",
    "clock_lost": "Låset vet inte vad klockan är. Det behöver nå kommunen, annars gäller metallnyckeln.",
    "stuck": "Låset har fastnat. Ta metallnyckeln.",
    "battery": "Låsets batteri är slut. Ta metallnyckeln.",
}
"""By code. The order is the number on the wire: add last, never remove."""

CODES = tuple(WORDS)

REASONS = {
    0: "",
    1: "Trygghetslarm",
    2: "Planerad tillsyn",
    3: "Oro för personen",
    4: "Akut sjukdom eller olycka",
    5: "Brand, rök eller vattenläcka",
    6: "Avbrott i systemen",
    7: "Annat skäl",
}
"""Why somebody opened, where a reason must be given. The numbers are on the wire and in locks' logs."""


class Fault(Exception):
    """Something that was said to a lock, or read from one, does not hold. `code` is one of WORDS."""

    def __init__(self, code: str) -> None:
        super().__init__(WORDS[code])
        self.code = code

    @property
    def number(self) -> int:
        """The number on the wire."""
        return CODES.index(self.code)
