"""What each audience's layout links to: (words, route, verb or None). A row whose verb one may not do is left out."""

_STAFF = {
    "assignment": "portal_public:assignment",
    "reads": "portal_public:own_reads",
    "help": "support_public:contact",
    "sign_out": "account_logout",
}

LIVLINA_UI = {
    "officer": {
        **_STAFF,
        "home": "portal:start",
        "ask": "support:help",
        "search": "people:search",
        "palette": "portal:palette",
        "places": [  # what the palette knows besides the menu: words, route, verb, and other words for it
            ("Öppna ett ärende", "cases:find", "cases.find", "ärendenummer nummer hitta"),
            ("Ersättare", "watches:substitutes", "watches.appoint", "borta semester frånvaro vikarie"),
            (
                "Skrivbord i enheten",
                "cases:desks",
                "cases.hand_over_desk",
                "lämna över överlämning slutar kollega",
            ),
            ("Ärenden till nämnden", "cases:board", "cases.board", "sammanträde föredragande nämndlista"),
            (
                "Delegationsordning",
                "cases:delegation_rules",
                "cases.delegate",
                "delegation regler beslutanderätt vem får besluta",
            ),
            ("Enheter som får nya ärenden", "cases:intake", "cases.arrange", "inflöde fördelning mottagande"),
            (
                "Processverkstaden",
                "cases_operations:processes",
                "cases.processes",
                "processer versioner katalog steg",
            ),
            ("Mina frågor till supporten", "support:mine", "support.own", "hjälp fråga ärende support"),
            ("Lathundar", "support:sheets", "support.read_sheets", "hjälp instruktion gör så här support"),
            (
                "Enhetens supportfrågor",
                "support:figures",
                "support.statistics",
                "statistik support hjälp",
            ),
            ("Egna tider", "cases_operations:lengths", "cases.processes", "frister längder handläggningstid"),
            (
                "Vad som åtgärdas och inte",
                "watches:statistics",
                "watches.statistics",
                "brus statistik bevakningar",
            ),
            ("Skyddade personer", "people:protected", "people.name_the_few", "sekretess namngivna"),
            ("Belopp för ekonomiskt bistånd", "aid:amounts", "aid.amounts", "riksnorm norm riktlinje hyra"),
            (
                "Personal och uppdrag",
                "portal_public:staff",
                "portal.staff",
                "medarbetare behörighet ny slutar",
            ),
            (
                "Reserver",
                "continuity:reserves",
                "continuity.reserves",
                "övningar säkerhetskopior avbrott beredskap",
            ),
        ],
        "menu": [
            ("Att göra", "portal:start", None),
            ("Ärenden", "cases:list", "cases.list"),
            ("Bevakningar", "watches:list", "watches.read"),
            ("Går till domstol", "court:list", "court.list"),
            ("Orosanmälningar", "cases:reports", "cases.sort_report"),
            ("Placerade barn", "placements:list", "placements.register"),
            ("Försörjningsstöd", "aid:list", "aid.payments"),
            ("Utbetalningar", "aid:payments", "aid.payments"),
            ("Uppdragstagare", "contractors:list", "contractors.read"),
            ("Personlig assistans", "assistance:list", "assistance.list"),
            ("Beställningar", "orders:unread", "orders.read"),
            ("Delegationslista", "cases:delegation_list", "cases.decisions"),
            ("Utlämnande", "records:requests", "records.disclose"),
            ("Öppna insatser", "offers:list", "offers.read"),
            ("Hem med ledig plats", "contractors:free", "contractors.list"),
            ("Ej verkställda", "unexecuted:list", "unexecuted.list"),
            ("Uppgifter till staten", "statistics:files", "statistics.deliveries"),
            ("Nyckeltal", "statistics:figures", "statistics.figures"),
            ("Gallring", "records:runs", "records.retention"),
            ("Avvikelser", "quality:deviations", "deviation.read"),
            ("Händelser", "quality:incidents", "incident.read"),
            ("Loggranskning", "portal_public:log_review", "portal.review"),
        ],
    },
    "provider": {
        **_STAFF,
        "home": "portal_provider:start",
        "ask": "support_provider:help",
        "menu": [
            ("Att göra", "portal_provider:start", None),
            ("Hemtjänst", "homecare_provider:board", "homecare.day"),
            ("Larm", "alarms_provider:desk", "alarms.desk"),
            ("Inkorg", "orders_provider:inbox", "orders.inbox"),
            ("Pågående", "orders_provider:active", "orders.inbox"),
            ("Hemsjukvård", "homecare_provider:nursing", "nursing.list"),
            ("Att ge i dag", "homecare_provider:nursing_today", "nursing.round"),
            ("Delegeringar", "homecare_provider:delegations", "nursing.delegations"),
            ("Telefoner", "homecare_provider:phones", "field.phones"),
            ("Dörrar", "doors_provider:doors", "doors.list"),
            ("Reservpaket", "continuity_provider:packs", "continuity.packs"),
            ("Uppgifter till staten", "statistics_provider:files", "statistics.deliveries"),
            ("Nyckeltal", "statistics_provider:figures", "statistics.figures"),
            ("Avvikelser", "quality_provider:deviations", "deviation.read"),
            ("Händelser", "quality_provider:incidents", "incident.read"),
            ("Loggranskning", "portal_public:log_review", "portal.review"),
        ],
    },
    "operations": {
        **_STAFF,
        "home": "portal_operations:start",
        "ask": "support:help",
        "menu": [
            ("Drift", "portal_operations:start", None),
            ("Support", "support_operations:desk", "support.desk"),
            ("Lathundar", "support_operations:sheets", "support.write_sheets"),
            ("Kända fel", "support_operations:faults", "support.faults"),
            ("Veckans genomgång", "support_operations:review", "support.review"),
            ("Supporten i siffror", "support_operations:figures", "support.desk"),
            ("Personal och uppdrag", "portal_public:staff", "portal.staff"),
            ("Enheter", "portal_operations:units", "portal.units"),
            ("Nödnycklar", "portal_operations:seals", "portal.seals"),
            ("Processverkstaden", "cases_operations:processes", "cases.processes"),
            ("Belopp för ekonomiskt bistånd", "aid_operations:amounts", "aid.set_amounts"),
            ("Larmmottagare", "alarms_operations:keys", "alarms.keep_receivers"),
            ("Reserver", "continuity_operations:reserves", "continuity.reserves"),
            ("Systemet i siffror", "statistics_operations:figures", "statistics.operations"),
            ("Låsens logg", "doors_operations:log", "doors.technical_log"),
            ("Avvikelser", "quality:deviations", "deviation.read"),
            ("Händelser", "quality:incidents", "incident.read"),
            ("Inloggningar", "portal_public:sessions", None),
        ],
    },
    "citizen": {
        "home": "portal_citizen:start",
        "ask": "support_citizen:help",
        "help": "support_public:contact",
        "sign_out": "account_logout",
        "menu": [
            ("Start", "portal_citizen:start", None),
            ("Mina ärenden", "cases_citizen:list", None),
            ("Ansök", "cases_citizen:apply", None),
            ("Min akt", "records_citizen:requests", None),
            ("Vem har läst om mig", "portal_citizen:readers", None),
            ("Min dörr", "doors_citizen:own_door", None),
        ],
    },
    "plain": {
        "home": "portal_public:front",
        "ask": "support_public:contact",
        "help": "support_public:contact",
    },
}

PERSON_TABS = {
    "officer": [
        ("Översikt", "people:person", "people.read"),
        ("Ärenden", "cases:person", "cases.list"),
        ("Journal", "journal:person", "journal.read"),
        ("Beställningar", "orders:of_person", "orders.read"),
        ("Handlingar", "records:person", "records.read"),
        ("Öppna insatser", "offers:person", "offers.participants"),
        ("Ekonomiskt bistånd", "aid:person", "aid.payments"),
        ("Tvångsvård", "court:person", "court.open"),
        ("Dörrar", "doors:person", "doors.log_of_person"),
    ],
    "provider": [
        ("Översikt", "people_provider:person", "people.read"),
        ("Journal", "journal_provider:person", "journal.read"),
        ("Larm", "alarms_provider:person", "alarms.read"),
        ("Hemsjukvård", "homecare_provider:nursing_person", "nursing.round"),
        ("Dörrar", "doors_provider:person", "doors.read"),
    ],
}
"""The parts of a person's pages, each with its own address."""

CASE_LINKS = [
    "livlina.across.records.queries.links_of_case",
    "livlina.authority.court.queries.links_of_case",
    "livlina.authority.placements.queries.links_of_case",
    "livlina.authority.contractors.queries.links_of_case",
    "livlina.authority.aid.queries.links_of_case",
    "livlina.authority.assistance.queries.links_of_case",
]
"""What the rooms above hang on a case: functions of (actor, case) that give (words, address) of their pages about it."""

NOTE_LINKS = [
    ("Fel person: be supporten", "support{side}:correction", "support.ask_correction", "journal.move")
]
"""What whoever may not do it themselves is offered on a note: words, route, its verb, and what makes it needless."""

PROVED = ["livlina.across.continuity.proved.drills"]
"""What the page of the system's figures shows besides: functions of (actor, now) that give a table in words, or None."""

BANNERS = ["livlina.across.support.banners.shown"]
"""What the layouts show above the page: functions of a request that give rows with title and workaround."""

CASE_FINDER = "livlina.authority.cases.queries.address_of"
"""What a search by case number is handed on to: the number travels in no address."""

START_PAGES: dict[str, list[dict[str, str]]] = {
    "officer": [
        {
            "title": "Bevakningar",
            "url": "watches:list",
            "verb": "watches.read",
            "fragment": "watches:fragment",
        },
        {
            "title": "Går till domstol",
            "url": "court:list",
            "verb": "court.list",
            "fragment": "court:piece",
        },
        {
            "title": "Beställningar som väntar på svar",
            "url": "orders:unread",
            "verb": "orders.read",
            "fragment": "orders:unread_piece",
        },
        {
            "title": "Ärenden",
            "url": "cases:list",
            "verb": "cases.list",
            "fragment": "cases:worklist_piece",
        },
        {"title": "Ärenden till nämnden", "url": "cases:board", "verb": "cases.board"},
        {"title": "Delegationslista", "url": "cases:delegation_list", "verb": "cases.decisions"},
        {"title": "Delegationsordning", "url": "cases:delegation_rules", "verb": "cases.delegate"},
        {"title": "Skrivbord i enheten", "url": "cases:desks", "verb": "cases.hand_over_desk"},
        {"title": "Ersättare", "url": "watches:substitutes", "verb": "watches.appoint"},
        {"title": "Processverkstaden", "url": "cases_operations:processes", "verb": "cases.processes"},
        {"title": "Personal och uppdrag", "url": "portal_public:staff", "verb": "portal.staff"},
        {"title": "Skyddade personer", "url": "people:protected", "verb": "people.name_the_few"},
        {"title": "Loggranskning", "url": "portal_public:log_review", "verb": "portal.review"},
    ],
    "provider": [
        {
            "title": "Larm",
            "url": "alarms_provider:desk",
            "verb": "alarms.desk",
            "fragment": "alarms_provider:start_piece",
        },
        {
            "title": "Inkorg",
            "url": "orders_provider:inbox",
            "verb": "orders.inbox",
            "fragment": "orders_provider:inbox_piece",
        },
        {
            "title": "Bevakningar",
            "url": "watches_provider:list",
            "verb": "watches.read",
            "fragment": "watches_provider:fragment",
        },
        {"title": "Dagens tavla", "url": "homecare_provider:board", "verb": "homecare.day"},
        {"title": "Min dag", "url": "homecare_provider:own_day", "verb": "homecare.day"},
        {"title": "Pågående", "url": "orders_provider:active", "verb": "orders.inbox"},
        {"title": "Reserver", "url": "continuity_provider:reserves", "verb": "continuity.reserves"},
        {"title": "Personal och uppdrag", "url": "portal_public:staff", "verb": "portal.staff"},
        {"title": "Skyddade personer", "url": "people_provider:protected", "verb": "people.name_the_few"},
        {"title": "Loggranskning", "url": "portal_public:log_review", "verb": "portal.review"},
    ],
    "operations": [
        {
            "title": "Processverkstaden",
            "url": "cases_operations:processes",
            "verb": "cases.processes",
            "text": "Processer, versioner, frister och kommunens egna tider.",
        },
        {
            "title": "Personal och uppdrag",
            "url": "portal_public:staff",
            "verb": "portal.staff",
            "text": "Konton, uppdrag, lösenord och passkeys.",
        },
        {
            "title": "Enheter",
            "url": "portal_operations:units",
            "verb": "portal.units",
            "text": "Lägg upp, byt namn på och avsluta enheter.",
        },
        {
            "title": "Reserver",
            "url": "continuity_operations:reserves",
            "verb": "continuity.reserves",
            "text": "När reserven senast startades och lästes, övningar och säkerhetskopior.",
        },
        {
            "title": "Systemet i siffror",
            "url": "statistics_operations:figures",
            "verb": "statistics.operations",
            "text": "Hur stor del av tiden varje funktion fungerade, och övningarna.",
        },
        {"title": "Inloggningar", "url": "portal_public:sessions"},
        {
            "title": "Support",
            "url": "support_operations:desk",
            "verb": "support.desk",
            "fragment": "support_operations:piece",
        },
    ],
    "citizen": [
        {
            "title": "Ansök om stöd",
            "url": "cases_citizen:apply",
            "text": "En fråga i taget. Det du svarar sparas.",
        },
        {
            "title": "Delta utan att ansöka",
            "url": "offers_citizen:list",
            "text": "Grupper, träffpunkter och stöd som är öppna för alla som de är till för.",
        },
        {
            "title": "Försörjningsstöd",
            "url": "aid_citizen:months",
            "text": "Ansök för en ny månad, och se hur det går.",
        },
        {"title": "Mina ärenden", "url": "cases_citizen:list", "fragment": "cases_citizen:list_piece"},
        {
            "title": "Berätta om något som gått fel",
            "url": "quality_citizen:reports",
            "text": "Synpunkter, klagomål och händelser. Se hur det går med det du har berättat.",
        },
    ],
}
"""Parts of the start pages (`portal.views.starts`). A part is left out when its route or verb is missing."""

OPEN_TO_ALL = [
    ("Är du orolig för ett barn?", "cases_public:where"),
    ("Berätta om något som gått fel", "quality_public:where"),
]
"""What nobody needs to sign in for: words and route, on the page where one signs in."""
