"""Words for answers, notes and deviations. `{p.called}` is the person, `{P}` Hon or Han."""

FALLBACK = (
    "Det fungerar för det mesta, men vissa dagar är svårare.",
    "Se samtalet. Inget att tillägga.",
    "Vill helst ha kontakt på förmiddagen.",
)
ANSWERS: dict[str, tuple[str, ...]] = {
    "help_in_own_words": (
        "Jag orkar inte städa själv längre och behöver hjälp i duschen.",
        "Efter fallet i våras är det svårt att klä sig och laga mat.",
        "Jag behöver hjälp på morgonen. Kvällarna klarar jag själv.",
        "Min fru har hjälpt mig med allt, men hon orkar inte längre.",
        "Det är tungt att handla och bära hem kassarna.",
    ),
    "health_own_words": (
        "Har artros i knäna och blir lätt andfådd.",
        "Ser dåligt. Har svårt att läsa post och att hitta ute.",
        "Har Parkinson sedan sex år. Bra och dåliga dagar.",
        "Minnet sviktar. Glömmer ibland spisen och medicinen.",
        "Hjärtsvikt. Måste vila flera gånger om dagen.",
    ),
    "alarm_in_own_words": (
        "Ramlade i badrummet och blev liggande i två timmar.",
        "Bor ensam och är rädd att inte nå telefonen.",
        "Barnen bor långt bort och vill att jag har larm.",
    ),
    "stay_in_own_words": (
        "Kommer hem från sjukhuset och klarar inte trappan än.",
        "Min man behöver vila några dagar. Han vårdar mig dygnet runt.",
    ),
    "question_at_issue": (
        "Ansökan gäller stöd i vardagen efter en tids försämrad ork.",
        "{p.called} ansöker om fortsatt stöd i samma omfattning som i dag.",
        "Ansökan gäller utökat stöd efter sjukhusvistelse.",
    ),
    "sources_used": (
        "Hembesök och samtal med {p.called}. Uppgifter från vårdcentralen med samtycke.",
        "Telefonsamtal, ansökan och tidigare utredning.",
        "Hembesök tillsammans med arbetsterapeut. Samtal med närstående.",
    ),
    "person_view": (
        "{p.called} vill bo kvar hemma och klara så mycket som möjligt själv.",
        "{P} beskriver att morgonen är svårast och att {p.pronoun} är trött efter lunch.",
        "{p.called} är mån om att samma personer kommer.",
    ),
    "assessment": (
        "Behoven kan inte tillgodoses på annat sätt. Insatsen ger en skälig levnadsnivå.",
        "{p.called} har behov av stöd i personlig vård och hemliv. En del kan tillgodoses av närstående.",
        "Behovet är varaktigt. Insatsen följs upp inom sex månader.",
    ),
    "proposed_decision": (
        "Ansökan föreslås bifallas.",
        "Ansökan föreslås bifallas i den del som gäller personlig omsorg.",
        "Ansökan föreslås avslås eftersom behoven tillgodoses på annat sätt.",
    ),
    "goals": (
        "{p.called} känner sig trygg hemma och sköter morgonbestyren med stöd.",
        "{p.called} äter regelbundet och kommer ut två gånger i veckan.",
        "Hemmet hålls i ordning så att {p.called} kan röra sig säkert.",
    ),
    "party_answer": (
        "Jag har läst underlaget och har inget att tillägga.",
        "Jag tycker att det behövs mer tid för duschen.",
        "Det stämmer inte att min dotter kan hjälpa till varje vecka.",
    ),
    "follow_up_view": ("Nöjd med insatsen.", "Det fungerar bra, men tiderna växlar för mycket.", "Vill behålla "
        "samma personal."),
    "follow_up_assessment": ("Samma behov som tidigare. Insatsen fortsätter.", "Behoven är oförändrade. Ny "
        "uppföljning om sex månader."),
    "decision_reasons": (
        "Behovet tillgodoses på annat sätt genom hushållsgemenskap med make. Rätt till insatsen finns därför "
            "inte i denna del.",
        "Utredningen visar att {p.called} klarar detta på egen hand. Förutsättningarna är inte uppfyllda.",
        "Behovet kan tillgodoses genom öppen verksamhet, som inte kräver beslut.",
    ),
    "pets": ("En katt.", "En liten hund som är snäll.", "Nej."),
    "door_entry": ("Porttelefon, ring på efternamnet.", "Porten är öppen till klockan 21."),
    "hospital_ward": ("Avdelning 31, Åsvalla sjukhus.", "Medicinavdelningen."),
    "interpreter_language": ("Arabiska", "Finska", "Somaliska", "Bosniska", "Teckenspråk"),
    "appeal_wish": ("Jag vill ha den hjälp som jag sökte.", "Jag vill att beslutet ändras så att jag får "
        "sällskap två gånger i veckan."),
    "appeal_review": ("Inget nytt har kommit fram som ändrar bedömningen.",),
}  # fmt: skip
NEEDS = (
    ("d510", "{P} behöver någon till hands vid dusch."),
    ("d540", "Behöver hjälp med stödstrumpor och att knäppa."),
    ("d550", "Äter själv om maten är framdukad."),
    ("d630", "Orkar inte laga mat från grunden."),
    ("d640", "Klarar inte att dammsuga eller byta sängkläder."),
    ("d620", "Kan inte bära hem varor."),
    ("d450", "Går med rollator inomhus, osäker ute."),
    ("d750", "Träffar sällan någon sedan maken gick bort."),
    ("d230", "Behöver påminnas om måltider."),
    ("safety", "Är orolig för att falla när ingen är där."),
)

AUTHORITY_NOTES = (
    ("phone", "Samtal med {p.called}. {P} mår efter omständigheterna väl och undrar när beslutet kommer."),
    ("phone", "Dottern ringer och berättar att {p.called} har varit yr i veckan. Råder henne att kontakta "
        "vårdcentralen."),
    ("home_visit", "Hembesök. {p.called} visar hemmet och berättar om sin vardag. {P} klarar att koka kaffe men "
        "inte att stå länge vid spisen."),
    ("received_document", "Intyg från vårdcentralen har kommit in och lagts till ärendet."),
    ("meeting", "Möte med {p.called}, närstående och arbetsterapeut om hjälpmedel i badrummet."),
    ("letter", "Brev till {p.called} med information om avgifter och hur man lämnar synpunkter."),
    ("measure", "Kontakt med hemtjänsten om tider. De återkommer i morgon."),
    ("follow_up", "Uppföljning per telefon. {p.called} är nöjd med insatsen men vill ha samma personal på morgonen."),
    ("significant_event", "{p.called} har fallit hemma och vårdas på sjukhuset. Hemgång planeras i slutet av veckan."),
    ("phone", "Försökt nå {p.called} utan svar. Ringer igen i morgon förmiddag."),
)  # fmt: skip
PROVIDER_NOTES = (
    ("measure", "Morgonhjälp enligt plan. {p.called} duschade och åt god frukost."),
    ("significant_event", "{p.called} ville inte duscha i dag, trött efter natten. Erbjöd ny tid i morgon."),
    ("measure", "Städning utförd. Bytte sängkläder och bar ut soporna."),
    ("phone", "Sonen ringde och frågade om läkartiden på torsdag. Hänvisade till vårdcentralen."),
    ("significant_event", "{p.called} satt på golvet när vi kom. Inga smärtor, kunde resa sig med stöd. "
        "Sjuksköterskan informerad."),
    ("measure", "Inköp gjort efter lista. Kvitto och växel lämnade på köksbordet."),
    ("home_visit", "Genomgång av genomförandeplanen tillsammans med {p.called}. Inga ändringar."),
    ("measure", "Tillsyn kväll. {p.called} låg redan, allt lugnt."),
    ("significant_event", "Maten orörd i kylskåpet sedan i går. Satte fram lunch och satt kvar medan {p.pronoun} åt."),
    ("follow_up", "Kontaktpersonens samtal. {p.called} tycker att det fungerar men vill att vi ringer vid "
        "förseningar."),
)  # fmt: skip
HEALTH_NOTES = (
    ("health_status", "Blodtryck taget vid hembesök, 138/78. Inga besvär av yrsel. Ny kontroll om en månad."),
    ("health_status", "Omläggning av sår på vänster underben. Ser rent ut, minskad vätskning."),
    ("measure", "Dosetter delade för två veckor. {p.called} tar medicinen på egen hand."),
    ("health_status", "Vikt 61,4 kg, oförändrad. Aptiten bättre."),
)
STRIKE_REASONS = ("Fel ord: skulle vara höger hand.", "Texten gällde ett annat besök.")
DATE_REASONS = ("Samtalet var dagen före.", "Skrev in fel dag.")

DEVIATIONS = (
    ("social", "Insatsen på kvällen uteblev. Den låg inte i planeringen efter ändringen i måndags.", "Ringde "
        "och bad om ursäkt. Besök samma kväll."),
    ("social", "{p.called} fick vänta två timmar på hjälp efter larm.", "Samtal med larmgruppen."),
    ("health", "Morgondosen var inte given när vi kom på eftermiddagen.", "Sjuksköterskan kontaktad, ingen skada."),
    ("environment", "Halkade på isig trappa vid porten.", "Fastighetsägaren kontaktad om sandning."),
    ("it", "Det gick inte att logga in mellan 7.10 och 7.25.", "Arbetade efter utskriven lista."),
    ("data", "En lapp med namn och portkod låg kvar i bilen.", "Lappen förstörd, rutinen genomgången."),
)  # fmt: skip
JUDGEMENTS = (
    ("minor", "Åtgärdas i verksamheten. Rutinen för ändringar gås igenom på arbetsplatsträffen."),
    ("none", "Ingen avvikelse: besöket var avbokat av den enskilde."),
    ("lex_sarah", "Påtaglig risk för ett missförhållande. Utreds enligt lex Sarah."),
    ("lex_maria", "Risk för vårdskada. Lämnas till medicinskt ansvarig sjuksköterska."),
)
