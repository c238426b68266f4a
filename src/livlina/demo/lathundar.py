"""Cheat-sheets about Livlina's own pages, as a municipality's second line would write them."""

from livlina.across.support.actions.sheets import Wording

SHEETS = (
    Wording(
        "Telefonen öppnar inte dörren",
        "Gå närmare dörren och försök igen. Telefonen behöver ha Bluetooth på.\n\n"
        "Har du ingen nyckel? Se i Min dag att besöket är ditt och att det är i dag. Ring annars planeraren.\n\n"
        "Utan nät fungerar nyckeln ändå, om telefonen hämtade passet i morse.\n\n"
        "Går det inte: ta metallnyckeln, och skriv att du gjorde det.",
        "lås låser upp nyckel öppnar inte dörr bluetooth",
        "doors",
        pages=("homecare:", "doors:", "field:", "portal_provider:start"),
    ),
    Wording(
        "Jag är utan nät: sparas det jag skriver?",
        "Ja. Allt du skriver ligger kvar i telefonen. Vid det står Sparad i telefonen.\n\n"
        "När nätet kommer tillbaka skickas det av sig självt. Då står det Mottagen av kommunen.\n\n"
        "Ta inte bort sidan eller rensa telefonen förrän allt är mottaget.",
        "offline täckning mobil skickas inte anteckning borta",
        "visits",
        pages=("homecare:", "field:"),
    ),
    Wording(
        "Jag kommer inte in: lösenord och passkey",
        "Pröva först Kommunens inloggning, om den finns på sidan.\n\n"
        "Har du glömt lösenordet? Din administratör eller chef gör en ny länk åt dig. Den gäller i två dygn och en gång.\n\n"
        "Vill telefonen inte ta din passkey: välj Logga in på ett annat sätt.\n\n"
        "Efter flera fel får du vänta en stund. Det går över av sig självt.",
        "inloggning glömt lösenord passkey bankid utelåst konto",
        "sign_in",
        pages=("portal_public:", "portal:", "portal_provider:"),
    ),
    Wording(
        "Jag ser inte ett ärende eller en person",
        "Se vilket uppdrag du arbetar under, uppe till höger. Byt uppdrag om det är fel.\n\n"
        "Du ser ärenden i din egen del av socialtjänsten, och personer som din enhet arbetar med.\n\n"
        "En person med skyddade uppgifter ser bara de som är namngivna. Andra ser inget alls.\n\n"
        "Ska du ha tillgång: be din chef. Supporten kan inte ge dig den.",
        "behörighet saknas hittar inte tomt 404 ser inte uppdrag",
        "access",
        pages=("people:", "cases:", "portal:"),
    ),
    Wording(
        "Anteckningen står på fel person",
        "Rätta inte genom att skriva en ny. Öppna anteckningen.\n\n"
        "Chefer och sjuksköterskor: tryck på Fel person, skriv rätt persons nummer och bekräfta namnet.\n\n"
        "Du andra: tryck på Fel person: be supporten. Vi ringer dig och frågar vem den gäller.\n\n"
        "I den gamla akten står sedan bara att anteckningen är flyttad.",
        "flytta fel akt fel brukare journal ta bort radera",
        "correction",
        pages=("journal:",),
    ),
    Wording(
        "Jag skrev fel i journalen",
        "Inget går att ta bort, och det är meningen. Öppna anteckningen och tryck på Rätta.\n\n"
        "Välj vad som är fel: datum, lagrum, texten eller att den står två gånger. Skriv varför.\n\n"
        "Den gamla texten syns överstruken, med din rättelse under.\n\n"
        "Hann du inte signera? Då är det ett utkast, och du kan ändra hur du vill.",
        "rätta ändra datum ta bort dubblett struken anteckning",
        "journal",
        pages=("journal:",),
    ),
    Wording(
        "Beställningen är skickad till fel utförare",
        "Öppna beställningen. Står det att den inte är öppnad: återkalla den. Utföraren har då inget sett.\n\n"
        "Är den öppnad går den inte att återkalla. Ring utföraren, och skicka sedan en ny till den rätta.\n\n"
        "Skriv en avvikelse.",
        "återkalla fel hemtjänst beställning ångra",
        "orders",
        pages=("orders:",),
    ),
    Wording(
        "Hur fattar jag beslutet?",
        "Öppna ärendet och se under Nästa steg. Saknas något står det där, med länk.\n\n"
        "Du kan bara fatta beslut som delegationsordningen ger dig. Annars lämnar du ärendet till den som får.\n\n"
        "Brevet görs när du har beslutat. Läs det innan du skickar.",
        "besluta delegation knapp saknas fatta beslut brev",
        "cases",
        pages=("cases:case", "cases:decide", "cases:investigation"),
    ),
    Wording(
        "Larmet går inte att koppla till personen",
        "Sök enhetens nummer under Larm, Enheter. Ligger den i lager: öppna beställningen, Installera larmenhet.\n\n"
        "Provtryck varje knapp. Larmet är i drift först när trycken har kommit fram.\n\n"
        "Kommer inget: se att enheten har ström och att lampan är grön. Prova igen om fem minuter, ring sedan supporten.",
        "trygghetslarm installera enhet provlarm knapp",
        "alarms",
        pages=("alarms:",),
    ),
    Wording(
        "Sidan är långsam eller visar ett fel",
        "Ladda om en gång. Det du har skrivit i ett formulär finns kvar.\n\n"
        "Se Driftläge längst ned på sidan: där står vad som inte fungerar just nu.\n\n"
        "Kommer felet igen: tryck på Få hjälp. Felets namn följer med av sig självt, du behöver inte skriva av det.",
        "långsamt hänger snurrar felmeddelande 500 står still",
        "outage",
        pages=("portal:", "cases:"),
    ),
    Wording(
        "Hitta ditt beslut och dina brev",
        "Tryck på Mina ärenden och välj ärendet.\n\n"
        "Brev och beslut ligger längst ned. Tryck på ett för att läsa eller spara det.\n\n"
        "Vill du överklaga står det i brevet hur du gör, och till vilken dag.",
        "beslut brev överklaga var finns",
        "cases",
        audience="citizen",
        pages=("cases:", "portal:"),
    ),
    Wording(
        "När någon ringer om en låst inloggning",
        "Lämna aldrig ut lösenord eller länkar i telefon. Ring tillbaka på numret i kommunens telefonbok.\n\n"
        "Länken gör administratören under Personal och uppdrag. Den visas en gång.\n\n"
        "Är många utelåsta på en gång: lämna till andra linjen som Akut, och säg till om ett känt fel.",
        "utelåst ring tillbaka social engineering",
        "sign_in",
        audience="desk",
    ),
)
