import os, random, time, statistics, uuid
from datetime import date, timedelta
import psycopg
from django.conf import settings
from django.db import connection
from livlina.core.ids7 import uuid7
from livlina.core.ids import test_number as tn
from livlina.registers.people import names
from livlina.registers.people.models import Person
from livlina.registers.people import queries

N = int(os.environ.get("N_PEOPLE", "1000000"))
G = "Anna Eva Maria Karin Kristina Lena Kerstin Ingrid Marie Sara Emma Elin Birgitta Johanna Annika Margareta Lars Mikael Anders Johan Erik Per Peter Karl Thomas Jan Daniel Fredrik Hans Bo Nils Sven Olof Mohammed Ali Fatima Amir Astrid Gunnel Siv Britt Ulla Monica Susanne Helena Linnea Agneta Elisabet Gunilla Marianne Inger Barbro Ann-Marie Lisbeth Olle Gustav Axel Oskar Viktor Elias Hugo".split()
random.seed(7)
base = "Andersson Johansson Karlsson Nilsson Eriksson Larsson Olsson Persson Svensson Gustafsson Pettersson Jonsson Jansson Hansson Bengtsson Jönsson Lindberg Jakobsson Magnusson Olofsson Lindström Lindqvist Lindgren Berg Axelsson Bergström Lundberg Lind Lundgren Lundqvist Mattsson Berglund Fredriksson Sandberg Henriksson Forsberg Sjöberg Wallin Engström Eklund Danielsson Lundin Håkansson Björk Bergman Gunnarsson Holm Wikström Samuelsson Isaksson Fransson Bergqvist Nyström Holmberg Arvidsson Löfgren Söderberg Nyberg Blomqvist Claesson Nordström Mårtensson Lundström Ali Viklund Björklund Eliasson Pålsson Berggren Sandström Hassan Mohamed Lund Nordin Ström Åberg Hermansson Ekström Holmgren Dahlberg Hellström Hedlund Sundberg Sjögren Falk Abrahamsson Martinsson Öberg Blom Ek Månsson Strömberg Åkesson Jonasson".split()
pre = "Lind Berg Ek Sand Ny Hag Al Björk Gran Hed Sten Strand Norr Söder Väster Öster Dal Fors Hol Kull Lång Mo Ros Sjö Tall Vik Ås Åker Äng".split()
suf = "mark ström berg gren kvist qvist man sten lund dahl holm vall stedt blad fors bom ling".split()
S = base + [a+b for a in pre for b in suf]
W = [1/(i+4) for i in range(len(S))]
GW = [1/(i+6) for i in range(len(G))]

def load(mid):
    url = os.environ["LIVLINA_OWNER_DATABASE_URL"]
    db = connection.settings_dict["NAME"]
    sample = []
    t0=time.time()
    with psycopg.connect(url, dbname=db) as c:
        cur = c.cursor()
        surn = random.choices(S, W, k=N); g1=random.choices(G, GW, k=N); g2=random.choices(G, GW, k=N)
        ids = [uuid7() for _ in range(N)]
        prot = [random.random()<0.003 for _ in range(N)]
        with cur.copy("COPY people_person (id, municipality_id, given_names, called_name, family_name, birth_date, sex, language, interpreter, protection, street, postcode, city, home_municipality) FROM STDIN") as cp:
            for i in range(N):
                cp.write_row((ids[i], mid, f"{g1[i]} {g2[i]}", g1[i], surn[i], date(1930,1,1)+timedelta(days=i%30000), "female","",False,"secrecy_marked" if prot[i] else "none","Storgatan 1","99101","Åsvalla","9901"))
        from datetime import datetime, UTC
        now=datetime.now(UTC)
        with cur.copy("COPY people_personnumber (id, municipality_id, person_id, value, kind, current, since) FROM STDIN") as cp:
            for i in range(N):
                cp.write_row((uuid7(), mid, ids[i], tn(date(1925,1,1)+timedelta(days=i%36500), "male" if (i//36500)%2 else "female", (i//73000)%10, coordination=i>=730000).value, "personnummer", True, now))
        cache={}
        with cur.copy("COPY people_nametoken (id, municipality_id, person_id, token, others, sound, hidden) FROM STDIN") as cp:
            for i in range(N):
                for tok, oth in names.rows(surn[i], f"{g1[i]} {g2[i]}"):
                    s = cache.get(tok)
                    if s is None: s = cache[tok]=names.sound(tok)
                    cp.write_row((uuid7(), mid, ids[i], tok, oth, s, prot[i]))
        c.commit()
    with psycopg.connect(url, dbname=db, autocommit=True) as c:
        c.execute("VACUUM ANALYZE people_person"); c.execute("VACUUM ANALYZE people_personnumber"); c.execute("VACUUM ANALYZE people_nametoken")
        print("rows", c.execute("select count(*), pg_size_pretty(pg_total_relation_size('people_nametoken')), pg_size_pretty(pg_total_relation_size('people_person')) from people_nametoken").fetchone(), "load s", round(time.time()-t0))
    return list(zip(g1, surn))

import pytest
@pytest.fixture(scope="session")
def people(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        return load(1)

def cpu():
    p=__import__("pathlib").Path(f"/proc/{PID}/schedstat").read_text().split()[0]
    return int(p)/1e6 + time.process_time()*1000

def test_bench(people, asvalla, now, django_db_blocker):
    assert asvalla.pk==1
    global PID
    with connection.cursor() as c:
        c.execute("select pg_backend_pid()"); PID=c.fetchone()[0]
    from tests.people import staff
    karin = staff(asvalla, "Karin Ekdal", "case_worker", "Bist")
    def dbcpu(): return int(__import__("pathlib").Path(f"/proc/{PID}/schedstat").read_text().split()[0])/1e6
    def run2(label, texts, fn):
        d0,p0=dbcpu(),time.process_time()
        for t in texts: fn(t)
        print(f"{label:28s} db {(dbcpu()-d0)/len(texts):.2f} ms  py {(time.process_time()-p0)*1000/len(texts):.2f} ms")
    def run(label, texts, fn):
        ts=[]; worst=("",0)
        for t in texts:
            a=cpu(); r=fn(t); d=cpu()-a; ts.append(d)
            if d>worst[1]: worst=(t,d)
        ts.sort()
        print(f"{label:28s} n={len(ts)} mean {statistics.mean(ts):.2f} p50 {ts[len(ts)//2]:.2f} p95 {ts[int(len(ts)*.95)]:.2f} max {ts[-1]:.2f} worst {worst[0]!r}")
    some = random.sample(people, 300)
    for _ in range(2):
        run2("full", [f"{g} {s}" for g,s in some], lambda t: queries.search(karin,t,now))
        run2("family", [s for g,s in some], lambda t: queries.search(karin,t,now))
        run2("number", [tn(date(1925,1,1)+timedelta(days=i),"female",0).value for i in range(300)], lambda t: queries.search(karin,t,now))
        pk=Person.objects.values_list("pk",flat=True)[:300]
        run2("read+header", list(pk), lambda t: queries.header(karin, queries.read(karin,t,now=now), now=now))
        run("full given + family", [f"{g} {s}" for g,s in some], lambda t: queries.search(karin,t,now))
        run("prefix 3 + 4", [f"{g[:3]} {s[:4]}" for g,s in some], lambda t: queries.search(karin,t,now))
        run("prefix 2 + 2", [f"{g[:2]} {s[:2]}" for g,s in some], lambda t: queries.search(karin,t,now))
        run("family only", [s for g,s in some], lambda t: queries.search(karin,t,now))
    run("mismatch pairs", [f"{g} {s}" for (g,_),(_,s) in zip(some, reversed(some))], lambda t: queries.search(karin,t,now))
    run("rare second", ["maria zz", "anna öö", "andersson xu", "mar qq"], lambda t: queries.search(karin,t,now))
    run("nobody", [f"{s[:5]}xx {g}" for g,s in some], lambda t: queries.search(karin,t,now))
    mis = [f"{g} {s[:3]}{s[4:]}" for g,s in some[:60]]
    run("did you mean", mis, lambda t: queries.did_you_mean(karin,t))
    print(queries.did_you_mean(karin,"anna andresson"), queries.did_you_mean(karin, "karin lindkvst"))
    from livlina.core.ids import IdentityNumber
    from livlina.registers.people.models import PersonNumber
