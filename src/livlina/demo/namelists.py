"""Names by generation and background. Each list stands with the commonest first; chance favours the beginning."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Background:
    """Where a family's names come from: how common it is, its language when that is not Swedish, and its names."""

    share: float
    language: str
    women: str
    men: str
    families: str


WOMEN = {
    1930: (
        "Margareta Maria Elisabeth Karin Ingrid Anna Birgitta Astrid Märta Greta Ingegärd Kerstin Britta "
        "Elsa Inga Gunvor Sonja Maj-Britt Anna-Lisa Barbro Siv Ulla Gun Rut Gunborg Vera Dagmar Svea "
        "Ingeborg Aina Berit Edit"
    ),
    1950: (
        "Maria Margareta Elisabeth Eva Birgitta Kristina Karin Marie Ingrid Lena Anita Kerstin Annika "
        "Gunilla Ann Monica Agneta Christina Inger Yvonne Marianne Gunnel Ulla Anette Susanne Helena "
        "Carina Ann-Marie Barbro Ann-Christin Britt-Marie Pia"
    ),
    1970: (
        "Maria Anna Kristina Helena Åsa Malin Marie Jenny Camilla Karin Annika Linda Susanne Jessica Sofia "
        "Ulrika Lena Charlotta Therese Cecilia Johanna Pernilla Anneli Petra Katarina Sara Erika Monika "
        "Ann-Sofie Jeanette"
    ),
    1990: (
        "Anna Emma Maria Elin Sara Johanna Emelie Sofia Linnéa Amanda Hanna Ida Frida Matilda Josefin "
        "Jennifer Rebecka Julia Sandra Caroline Lisa Therese Louise Malin Moa Ellen Felicia Evelina "
        "Michaela Isabelle"
    ),
    2010: (
        "Alice Maja Elsa Astrid Wilma Freja Olivia Ebba Alma Lilly Vera Ella Saga Ines Agnes Selma Signe "
        "Stella Juni Iris Ellie Nova Leah Molly Tuva Hedda Sigrid Märta Edith Lova Emilia Tyra"
    ),
}
MEN = {
    1930: (
        "Karl Erik Lars Sven Nils Gunnar Bertil Olof Åke Bengt Göran Arne Stig Rune Ingvar Lennart Harry "
        "Gösta Sture Folke Börje Hans Rolf Evert Allan Tage Ragnar Einar Holger Torsten Henry Karl-Erik"
    ),
    1950: (
        "Lars Anders Per Jan Hans Bengt Bo Göran Leif Ulf Kjell Sven Lennart Christer Stefan Tommy Håkan "
        "Thomas Mats Rolf Kent Roland Conny Lars-Erik Jan-Olof Ingemar Roger Gert Bernt Kurt"
    ),
    1970: (
        "Anders Fredrik Johan Andreas Mikael Peter Magnus Thomas Niklas Jonas Martin Stefan Mattias Patrik "
        "Daniel Henrik Marcus Tobias Robert Joakim Björn David Jimmy Per Kristian Christoffer Håkan Mats "
        "Ola Urban"
    ),
    1990: (
        "Johan Erik Daniel Alexander Marcus Viktor Emil Oskar Simon Anton Sebastian Filip Jonathan Robin "
        "Gustav Andreas Linus Martin Adam Rasmus Kevin Joakim Jakob Albin Pontus Isak Hampus Ludvig Jesper "
        "Dennis"
    ),
    2010: (
        "Lucas William Liam Noah Hugo Oliver Elias Adam Oscar Alexander Ludvig Leo Matteo Nils August "
        "Vincent Theo Arvid Walter Frans Sam Harry Melvin Alfred Olle Sixten Love Gustav Isak Loui"
    ),
}
FAMILIES = (
    "Andersson Johansson Karlsson Nilsson Eriksson Larsson Olsson Persson Svensson Gustafsson Pettersson "
    "Jonsson Jansson Hansson Bengtsson Jönsson Lindberg Jakobsson Magnusson Lindström Olofsson Lindqvist "
    "Lindgren Berg Axelsson Bergström Lundberg Lind Lundgren Lundqvist Mattsson Berglund Fredriksson "
    "Sandberg Henriksson Forsberg Sjöberg Ali Wallin Engström Eklund Danielsson Lundin Håkansson Björk "
    "Bergman Gunnarsson Wikström Holm Samuelsson Isaksson Fransson Bergqvist Nyström Holmberg Arvidsson "
    "Löfgren Söderberg Nyberg Blomqvist Claesson Nordström Mårtensson Lundström Eliasson Pålsson Björklund "
    "Viklund Berggren Sandström Nordin Lund Ström Hermansson Åberg Ekström Holmgren Sundberg Hedlund "
    "Dahlberg Hellström Sjögren Abrahamsson Falk Ekberg Martinsson Månsson Öberg Strömberg Jonasson Dahl "
    "Andreasson Hansen Lundmark Josefsson Åkesson Blom Norberg Hedberg Ottosson Sundström Ågren Blomberg "
    "Åström Ivarsson Strand Palm Dahlgren Lindholm Nyman Moberg Ekdahl Lindkvist Åkerlund Rosén Stenberg "
    "Alm Hedman Ahlström Fors Grahn Broman Ekman Melin Åhlund Skoglund Rydberg Hammar Wiklund Granath "
    "Bäckström Hallberg Sjödin Kjellberg Edlund Granberg Högberg Stålnacke Trygg Rask Modig Säll Öst Ryd "
    "Hagman"
)

BACKGROUNDS = (
    Background(
        0.045,
        "finska",
        "Aino Helena Ritva Marja Kaarina Anneli Tuula Leena Päivi Satu Eila Sirkka Minna Johanna",
        "Matti Juhani Pekka Eero Antti Kari Timo Jukka Veikko Heikki Tapio Risto Mika Ville",
        "Virtanen Korhonen Mäkinen Nieminen Hämäläinen Laine Heikkinen Koskinen Järvinen Lehtonen",
    ),
    Background(
        0.05,
        "arabiska",
        "Fatima Maryam Noor Zahra Amira Rana Hala Sawsan Layla Iman Nadia Samira Rasha Hanan",
        "Mohammed Ahmad Ali Omar Hassan Khaled Mahmoud Yousef Ibrahim Samir Bilal Tarek Adnan Nabil",
        "Al-Jabiri Haddad Al-Khatib Mansour Hassan Khalil Najjar Saleh Ibrahim Darwish",
    ),
    Background(
        0.025,
        "somaliska",
        "Hodan Amina Fadumo Halima Asha Sahra Hibo Ifrah Khadija Nimo Ayaan Faiza",
        "Abdi Mohamed Yusuf Abdirahman Hassan Ismail Mahad Liban Guled Bashir Farah Said",
        "Warsame Abdullahi Jama Farah Hussein Mohamud Osman Ahmed Nur Aden",
    ),
    Background(
        0.03,
        "bosniska",
        "Amra Jasmina Emina Lejla Senada Fikreta Mirela Azra Selma Edina Aida Zineta",
        "Amir Edin Senad Mirza Emir Jasmin Nermin Haris Adnan Kemal Dino Sead",
        "Hodžić Begić Delić Kovačević Halilović Mujić Bašić Omerović Petrović Jovanović",
    ),
    Background(
        0.015,
        "persiska",
        "Shirin Parvin Mina Leila Nasrin Azadeh Farideh Mahnaz Sara Niloufar",
        "Reza Ali Hamid Mehdi Farhad Behrouz Amir Dariush Kamran Masoud",
        "Hosseini Ahmadi Karimi Rezaei Moradi Jafari Rahimi Tehrani Sadeghi Farahani",
    ),
    Background(
        0.015,
        "polska",
        "Katarzyna Małgorzata Agnieszka Barbara Ewa Krystyna Joanna Magdalena Beata Zofia",
        "Piotr Krzysztof Andrzej Tomasz Paweł Jan Marek Michał Grzegorz Zbigniew",
        "Nowak Kowalski Wiśniewski Wójcik Kamiński Lewandowski Zieliński Szymański",
    ),
    Background(
        0.012,
        "tigrinja",
        "Selam Tsega Mehret Abrehet Letebrhan Helen Rahel Semhar Freweini Yordanos",
        "Tesfay Yonas Filmon Mehari Kidane Berhane Samuel Robel Haile Dawit",
        "Tesfamariam Ghebremedhin Habte Kidane Weldu Haile Mehari Berhe Araya Tekle",
    ),
    Background(
        0.012,
        "turkiska",
        "Ayşe Fatma Emine Zeynep Elif Gülsen Sevgi Hülya Derya Meryem",
        "Mehmet Mustafa Ahmet Murat Hüseyin İbrahim Hakan Yusuf Kemal Orhan",
        "Yılmaz Demir Kaya Çelik Şahin Aydın Öztürk Doğan Arslan Koç",
    ),
)

TITLES = {
    "case_worker": ("Biståndshandläggare", "Biståndshandläggare", "Socialsekreterare", "LSS-handläggare"),
    "provider_staff": ("Undersköterska", "Undersköterska", "Vårdbiträde", "Stödassistent"),
}
