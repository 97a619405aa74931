#!/usr/bin/env python3
"""Writes a fixture of stored data with the `muster` of today: see README.md beside this file.

    cargo build && python3 tests/stored/make.py --muster target/debug/muster --to tests/stored/NAME

Needs nothing but Python 3.9 and the server programs of PostgreSQL (`PG_BIN`, or /usr/lib/postgresql/*/bin).
"""

import argparse
import glob
import gzip
import json
import os
import pathlib
import pwd
import shutil
import sqlite3
import subprocess
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from datetime import datetime, timedelta, timezone

ROOT = pathlib.Path(__file__).resolve().parents[2]
PASSWORD = "stored data outlives the code"
ANY, NEW = {"If-Match": "*"}, {"If-None-Match": "*"}
LANGUAGES = ("en", "zh-CN")
FORMS = (
    "regions item_classes items dictionary organizations facts depots standards rules adoptions targets"
).split()

# Beside examples/banner: what changed over time, what ended, and what is told of nobody else.
TABLES = {
    "regions.csv": """code,parent,name_en,name_zh,time_zone,validity_days,valid_from
150000,,Inner Mongolia,内蒙古自治区,Asia/Shanghai,90,2026-01-01
159800,150000,Sample Banner,样例旗,,,2026-01-01
159800,150000,Sample Banner,样例旗,,60,2026-03-01
159801,159800,Sample Township,样例乡,Asia/Urumqi,,2026-01-01
""",
    "items.csv": """code,name_en,name_zh,class,unit,measured,kind,perishable,shelf_life_months,packs,barcodes,retired,valid_from
S030,Fire boots,消防靴,personal_protection,双,false,equipment,false,,箱=6,6901234567892,false,2026-01-01
S030,Fire-fighting boots,消防员灭火防护靴,personal_protection,双,false,equipment,false,,箱=6,6901234567892,false,2026-05-01
S031,Dust mask,防尘口罩,personal_protection,个,false,equipment,true,36,盒=50,,false,2026-01-01
S040,Sand,消防沙,fire_fighting,千克,true,material,false,,袋=25,,false,2026-01-01
S090,Hemp rope,麻绳,fire_fighting,根,false,equipment,false,,,,false,2026-01-01
S090,Hemp rope,麻绳,fire_fighting,根,false,equipment,false,,,,true,2026-06-01
""",
    "organizations.csv": """code,region,kind,name_en,name_zh,organization_type,sector,hosted_by,active,valid_from
S-T1,159800,rescue_team,Fire station of the banner,样例旗消防救援站,fire_station,,,true,2026-01-01
S-Q2,159801,enterprise,Fireworks store of the township,样例乡烟花爆竹仓库,,fireworks,,true,2026-01-01
S-Q3,159800,enterprise,Works that was wound up,已注销企业,,hazchem,,true,2026-01-01
S-Q3,159800,enterprise,Works that was wound up,已注销企业,,hazchem,,false,2026-07-01
""",
    "facts.csv": """organization,fact,value,valid_from
S-T1,team_people,18,2026-01-01
S-T1,team_people,24,2026-09-01
S-Q2,work_sites,2,2026-01-01
""",
    "depots.csv": """code,organization,name_en,name_zh,latitude,longitude,keeper,holding,open,valid_from
S-T1-K1,S-T1,Station store,站内器材库,39.53,110.04,李库管,physical,true,2026-01-01
S-T1-K2,S-T1,Station garage,车库,,,,physical,true,2026-01-01
S-Q1-K2,S-Q1,Old store,旧库,,,,physical,true,2026-01-01
S-Q1-K2,S-Q1,Old store,旧库,,,,physical,false,2026-06-01
S-Q2-K1,S-Q2,Agreed with the supplier,供应商协议储备,,,,agreement,true,2026-01-01
""",
    "standards.csv": """code,title_en,title_zh,jurisdiction,status,in_force_from,in_force_to,replaced_by,note,valid_from
SAMPLE-2,Stations of the Sample Banner,样例旗消防站装备要求,CN-15,in_force,2026-01-01,,,,2026-01-01
SAMPLE-0,"Stations, first edition",样例旗消防站装备要求（旧版）,CN-15,superseded,2020-01-01,2025-12-31,SAMPLE-2,,2025-01-01
""",
    "rules.csv": """code,standard,clause,applies_when,scope,item,quantity,n,per,of,at_least,at_most,spare,unit,strength,validity_days,inspected_within_months,text_en,text_zh,confidence,valid_from
SAMPLE-R4,SAMPLE-2,4.1,kind = rescue_team,team,S030,rate,2,,team_people,,60,25%,双,mandatory,,,Two pairs for each member and a quarter in spare.,每名队员2双，另备25%。,verified,2026-01-01
SAMPLE-R5,SAMPLE-2,4.2,kind = rescue_team,team,S010,rate,1,1,team_people,,,,套,mandatory,30,12,"One each, inspected every year.",每人1套，每年检验。,verified,2026-01-01
SAMPLE-R6,SAMPLE-2,4.3,kind = rescue_team and team_people >= 10,team,S031,rate,50,,team_people,,,,个,mandatory,,,Fifty for each member.,每名队员50个。,recalled,2026-01-01
SAMPLE-R7,SAMPLE-2,4.4,kind = enterprise and (toxic_media or work_sites >= 2),organization,S040,rate,250.5,,work_sites,,,,千克,recommended,,,250.5 kg for each place of work.,每处作业场所250.5千克。,illustrative,2026-01-01
SAMPLE-R8,SAMPLE-0,3.1,kind = rescue_team,team,S030,rate,1,,team_people,,,,双,mandatory,,,One pair each.,每人1双。,verified,2025-01-01
""",
    "adoptions.csv": """region,standard,strength,valid_from
159800,SAMPLE-0,mandatory,2025-06-01
159800,SAMPLE-2,recommended,2026-02-01
159800,SAMPLE-2,mandatory,2026-04-01
150000,SAMPLE-1,recommended,2026-02-01
""",
}


def programs():
    """The folder of PostgreSQL's server programs."""
    named = os.environ.get("PG_BIN")
    found = [named] if named else sorted(glob.glob("/usr/lib/postgresql/*/bin"), key=lambda name: int(name.split("/")[4]))
    if not found or not os.path.exists(os.path.join(found[-1], "initdb")):
        raise SystemExit("no server programs of PostgreSQL: install them, or name their folder in PG_BIN")
    return found[-1]


class Postgres:
    """A throwaway server on a socket in a folder of its own."""

    def __init__(self):
        self.bin, self.folder = programs(), tempfile.mkdtemp(prefix="muster-stored-")
        self.user = {}
        if os.getuid() == 0:
            who = pwd.getpwnam("postgres")
            os.chown(self.folder, who.pw_uid, who.pw_gid)
            self.user = {"user": who.pw_uid, "group": who.pw_gid}
        self.run("initdb", "-D", f"{self.folder}/data", "-U", "muster", "-A", "trust", "-E", "UTF8", "--locale=C", "-N")
        options = f"-c listen_addresses= -c unix_socket_directories={self.folder} -c fsync=off"
        self.run("pg_ctl", "-D", f"{self.folder}/data", "-l", f"{self.folder}/log", "-w", "start", "-o", options)

    def run(self, program, *arguments):
        # To a file: the server keeps what it is given open.
        subprocess.run([f"{self.bin}/{program}", *arguments], check=True, stdout=subprocess.DEVNULL, cwd=self.folder,
                       env={"PATH": os.environ["PATH"], "LC_ALL": "C"}, **self.user)

    def create(self, name):
        self.run("createdb", "-h", self.folder, "-U", "muster", name)
        return f"postgres://muster@/{name}?host={urllib.parse.quote(self.folder, safe='')}&port=5432"

    def dump(self, name):
        """All of a database as statements that any client can send to a server of version 15 or later."""
        arguments = ["--no-owner", "--no-privileges", "--no-comments", "--inserts", "--rows-per-insert=200"]
        command = [f"{self.bin}/pg_dump", "-h", self.folder, "-U", "muster", *arguments, name]
        text = subprocess.run(command, check=True, capture_output=True, text=True, env={"LC_ALL": "C"}).stdout
        # What psql alone understands, and settings of newer servers or of this client only.
        noise = ("\\", "--", "SET ")
        kept = [line for line in text.splitlines() if line.strip() and not line.startswith(noise)]
        return "\n".join(["SET standard_conforming_strings = on;", *kept, ""])

    def stop(self):
        self.run("pg_ctl", "-D", f"{self.folder}/data", "-m", "immediate", "-w", "stop")
        shutil.rmtree(self.folder)


def dump_sqlite(url):
    """All of an SQLite file as statements."""
    with sqlite3.connect(url.removeprefix("sqlite:")) as connection:
        return "\n".join(["PRAGMA foreign_keys = OFF;", *connection.iterdump(), ""])


def instant(moment):
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


class Answer:
    def __init__(self, status, body):
        self.status, self.text = status, body.decode()

    @property
    def json(self):
        return json.loads(self.text)


class Service:
    """A running `muster serve`."""

    def __init__(self, muster, folder, url):
        self.environment = {"PATH": os.environ["PATH"], "DATABASE_URL": url, "MUSTER_LISTEN": "127.0.0.1:0",
                            "MUSTER_LOG_FORMAT": "json", "MUSTER_CREATE_DATABASE": "true"}
        self.out = open(f"{folder}/out", "w+")
        self.process = subprocess.Popen([muster, "serve"], cwd=folder, env=self.environment, stdout=self.out,
                                        stderr=open(f"{folder}/log", "w"))
        while True:
            with open(f"{folder}/log") as log:
                events = [json.loads(line) for line in log.read().splitlines() if line.startswith("{")]
            serving = [event for event in events if event.get("message") == "serving"]
            if serving:
                break
            if self.process.poll() is not None:
                raise SystemExit(f"muster serve ended: see {folder}/log")
            time.sleep(0.05)
        self.base = f"http://{serving[0]['address']}"
        self.tokens = {}

    def code(self):
        """The code that makes the first admin."""
        self.out.seek(0)
        return next(line.strip() for line in self.out if line.startswith("    "))

    def send(self, method, path, body=None, token=None, headers=None):
        url = self.base + ("" if path.startswith("/.") else "/api/v1") + path
        headers = {"Accept-Language": "en", **(headers or {})}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body, ensure_ascii=False).encode()
            headers["Content-Type"] = "application/json"
        try:
            with urllib.request.urlopen(urllib.request.Request(url, body, headers, method=method)) as answer:
                return Answer(answer.status, answer.read())
        except urllib.error.HTTPError as error:
            return Answer(error.code, error.read())

    def call(self, who, method, path, body=None, headers=None, expect=(200, 201, 204)):
        """Sends a request in somebody's name, and stops where it is not taken."""
        answer = self.send(method, path, body, self.token(who), headers)
        if answer.status not in expect:
            raise SystemExit(f"{method} {path} by {who}: {answer.status} {answer.text}")
        return answer

    def get(self, who, path, language="en"):
        return self.call(who, "GET", path, headers={"Accept-Language": language})

    def token(self, who):
        if who not in self.tokens:
            answer = self.send("POST", "/auth/login", {"username": who, "password": PASSWORD})
            if answer.status != 200:
                raise SystemExit(f"{who} cannot sign in: {answer.text}")
            self.tokens[who] = answer.json["access_token"]
        return self.tokens[who]

    def stop(self):
        self.process.terminate()
        if self.process.wait() != 0:
            raise SystemExit("muster serve did not end in order")


class World:
    """One database on its way to being a fixture."""

    def __init__(self, muster, folder, make_url):
        self.muster, self.folder, self.make_url = muster, folder, make_url
        self.url = make_url("first")
        self.now = datetime.now(timezone.utc).replace(microsecond=0)
        self.depots, self.ids, self.secrets = {}, {}, {"password": PASSWORD}

    def command(self, *arguments):
        subprocess.run([self.muster, *arguments], cwd=self.folder, check=True, stdout=subprocess.DEVNULL,
                       env={"PATH": os.environ["PATH"], "DATABASE_URL": self.url})

    def serve(self):
        self.service = Service(self.muster, self.folder, self.url)

    def call(self, *arguments, **named):
        return self.service.call(*arguments, **named).json

    # The books

    def tables(self):
        self.command("migrate")
        self.command("import", "--valid-from", "2026-01-01", *map(str, sorted((ROOT / "examples/banner").glob("*.csv"))))
        os.mkdir(f"{self.folder}/tables")
        for name, text in TABLES.items():
            pathlib.Path(self.folder, "tables", name).write_text(text)
        self.command("import", *(f"tables/{name}" for name in TABLES))

    def people(self):
        region = {"code": "150000", "name_en": "Inner Mongolia", "name_zh": "内蒙古自治区", "time_zone": "Asia/Shanghai"}
        setup = {"code": self.service.code(), "username": "chief", "password": PASSWORD, "display_name": "Chief 张",
                 "region": region}
        answer = self.service.send("POST", "/setup", setup)
        if answer.status not in (200, 201):
            raise SystemExit(f"setup: {answer.text}")
        for username, role, where in [
            ("officer", "officer", {"region": "159800"}), ("viewer", "viewer", {"region": "159800"}),
            ("s-d1", "quartermaster", {"organization": "S-D1"}), ("s-q1", "quartermaster", {"organization": "S-Q1"}),
            ("s-q2", "quartermaster", {"organization": "S-Q2"}), ("s-t1", "quartermaster", {"organization": "S-T1"}),
            ("s-t1-b", "quartermaster", {"organization": "S-T1"}), ("left", "quartermaster", {"organization": "S-T1"}),
        ]:
            body = {"username": username, "display_name": f"Holder of {username}", "role": role, "password": PASSWORD}
            self.call("chief", "PUT", f"/accounts/{uuid.uuid4()}", {**body, **where})

    def programs_of_others(self):
        for name, scopes in [("Stock system", ["catalogue:read", "stock:read", "shortages:read", "counts:write"]),
                             ("Old stock system", ["shortages:read"])]:
            client = str(uuid.uuid4())
            made = self.call("chief", "PUT", f"/clients/{client}", {"name": name, "scopes": scopes, "organization": "S-T1"})
            self.secrets[name] = {"client": client, "secret": made["secret"]}
        self.call("chief", "POST", f"/clients/{client}/close", {"reason": "the contract has ended"})

    def phones(self):
        """A phone that is signed in, one that was withdrawn, a code that is used and two that are not."""
        made = self.call("chief", "POST", "/enrolments", {"account": "s-t1", "note": "new phone 新手机"})
        signed = self.service.send("POST", "/auth/enrol", {"code": made["code"], "device_name": "Phone of S-T1"}).json
        renewed = self.service.send("POST", "/auth/refresh", {"refresh_token": signed["refresh_token"]}).json
        self.secrets["refresh_token"] = renewed["refresh_token"]
        self.phone = renewed["access_token"]
        lost = {"username": "s-t1-b", "password": PASSWORD, "device_name": "Phone that was lost"}
        self.service.send("POST", "/auth/login", lost)
        devices = self.call("chief", "GET", "/devices")["items"]
        device = next(one["id"] for one in devices if "lost" in json.dumps(one))
        self.call("chief", "POST", f"/devices/{device}/withdraw", {"reason": "lost in the river"})
        withdrawn = self.call("chief", "POST", "/enrolments", {"account": "s-q1"})
        self.call("chief", "POST", f"/enrolments/{withdrawn['id']}/withdraw")
        self.secrets["enrolment"] = self.call("chief", "POST", "/enrolments", {"account": "s-q2"})["code"]
        self.service.send("POST", "/auth/login", {"username": "s-t1", "password": "a wrong password"})

    def books(self):
        """What the tables cannot say."""
        put = lambda path, body, condition=ANY: self.call("officer", "PUT", path, body, condition)
        put("/organizations/S-Q1/facts", {"facts": [{"key": "toxic_media", "value": True}], "complete": True,
                                          "valid_from": "2026-02-01"})
        put("/organizations/S-Q1/facts/work_sites", {"value": 6, "valid_from": "2026-05-01"})
        put("/organizations/S-Q1/targets/SAMPLE-R3", {"quantity": 650.5})
        exemption = {"rule": "SAMPLE-R2", "reason": "The works rents masks. 企业租用面具。",
                     "ends_on": (self.now + timedelta(days=200)).date().isoformat()}
        put(f"/organizations/S-Q1/exemptions/{uuid.uuid4()}", exemption, None)
        over = str(uuid.uuid4())
        put(f"/organizations/S-T1/exemptions/{over}", {**exemption, "rule": "SAMPLE-R6"}, None)
        self.call("officer", "POST", f"/organizations/S-T1/exemptions/{over}/end", {"reason": "granted by mistake"},
                  ANY)
        rule = {"code": "SAMPLE-R9", "clause": "1", "applies_when": {"kind": "rescue_team"}, "scope": "team",
                "selector": {"item": "S020"}, "quantity": {"rate": {"n": 25, "of": "team_people"}},
                "unit": self.call("officer", "GET", "/items/S020")["unit"],
                "strength": "mandatory", "text_en": "25 kg for each member.", "text_zh": "每名队员25公斤。",
                "confidence": "illustrative"}
        text = {"title_en": "Foam", "title_zh": "泡沫", "jurisdiction": "CN-15", "status": "in_force", "rules": [rule]}
        self.call("chief", "PUT", "/standards/SAMPLE-3/draft", {**text, "code": "SAMPLE-3"}, NEW)
        self.call("chief", "POST", "/standards/SAMPLE-3/draft/publish", {}, ANY)
        self.call("chief", "PUT", "/regions/159800/adoptions/SAMPLE-3", {"strength": "recommended"}, NEW)
        rule = {**rule, "code": "SAMPLE-R10"}
        self.call("chief", "PUT", "/standards/SAMPLE-4/draft", {**text, "code": "SAMPLE-4", "rules": [rule]},
                  NEW)
        self.call("chief", "POST", "/regions/150000/adoptions/SAMPLE-1/end", {"reason": "The banner's own holds."},
                  ANY)

    # Counts

    def depot(self, code):
        if not self.depots:
            listed = self.call("chief", "GET", "/depots?limit=500")
            self.depots = {one["code"]: one["id"] for one in listed["items"]}
        return self.depots[code]

    def body(self, depot, lines, minutes, **more):
        made = instant(self.now - timedelta(minutes=minutes))
        return {"depot_id": self.depot(depot), "scope": "listed", "counted_at": made, "lines": lines, **more}

    def count(self, who, body, headers=None, **named):
        count = str(uuid.uuid4())
        answer = self.call(who, "PUT", f"/counts/{count}", body, headers, **named)
        self.ids.setdefault("counts", []).append(count)
        return count, answer

    def push(self, token, device, commands, path="/sync", **more):
        body = {"device_id": device, "sent_at": instant(datetime.now(timezone.utc)), "commands": commands, **more}
        answer = self.service.send("POST", path, body, token)
        if answer.status != 200:
            raise SystemExit(f"push: {answer.status} {answer.text}")
        return answer.json["results"]

    def asked(self, seq, data, **more):
        return {"id": str(uuid.uuid4()), "seq": seq, "type": "submit_count", "data": data, **more}

    def counts(self):
        day = 24 * 60
        old = self.body("S-T1-K1", [{"item": "S030", "quantity": 40}, {"item": "S010", "quantity": 20}], 80 * day)
        self.count("s-t1", old)
        full = self.body("S-T1-K1", [
            {"item": "S030", "pack": "箱", "packs": 5, "pack_size": 6, "note": "two boxes are wet 两箱受潮"},
            {"item": "S030", "quantity": 7, "condition": "in_repair"},
            {"item": "S010", "quantity": 12, "inspected_on": "2026-06-30"},
            {"item": "S010", "quantity": 4, "lot": "OLD", "inspected_on": "2024-06-30"},
            {"item": "S010", "quantity": 3, "held": "lent"},
            {"item": "S031", "quantity": 400, "lot": "B2209", "expires_on": "2027-09-30"},
            {"item": "S031", "quantity": 50, "lot": "B1904", "expires_on": "2026-04-30", "made_on": "2023-04-30"},
            {"item": "S031", "quantity": 25, "lot": "没有有效期"},
            {"item": "S040", "quantity": 120.125},
        ], 10 * day, scope="full", note="after the drill 演练之后", counted_by="Night shift 夜班")
        counted, answer = self.count("s-t1", full, {"Muster-Device": "tablet-1", "Muster-Seq": "7",
                                                    "Muster-Sent-At": instant(self.now - timedelta(minutes=20))})
        repeated = self.call("s-t1", "PUT", f"/counts/{counted}", full)
        assert repeated["repeated"] and repeated["receipt"] == answer["receipt"]
        wrong, _ = self.count("s-t1", self.body("S-T1-K2", [{"item": "S030", "quantity": 999}], 9 * day))
        self.call("s-t1", "POST", f"/counts/{wrong}/void", {"reason": "The wrong depot. 库点选错"})
        self.count("s-t1", self.body("S-T1-K2", [{"item": "S030", "quantity": 0}, {"item": "S031", "quantity": 60}], 8 * day))
        self.count("s-d1", self.body("S-D1-K1", [{"item": "S010", "quantity": 15}, {"item": "S030", "quantity": 48}], 5 * day))
        self.count("s-q1", self.body("S-Q1-K1", [
            {"item": "S011", "quantity": 30, "lot": "M-1", "made_on": "2023-01-15"}, {"item": "S040", "quantity": 1500},
            {"item": "S020", "pack": "桶", "packs": 20, "pack_size": 25}], 100 * day))
        one, _ = self.count("s-q1", self.body("S-Q1-K1", [{"item": "S020", "quantity": 500}], 4 * day))
        self.count("s-q1", self.body("S-Q1-K1", [{"item": "S020", "quantity": 480.5}], 3 * day, resolves=[one]))
        inspected = [{"item": "S010", "quantity": 14}, {"item": "S011", "quantity": 28, "lot": "M-1", "expires_on": "2028-01-15"}]
        self.count("officer", self.body("S-D1-K1", inspected[:1], 2 * day, kind="inspection", note="unannounced 突击检查"))
        self.count("officer", self.body("S-Q1-K1", inspected[1:], 2 * day, kind="inspection"))

    def differences(self):
        """Two phones that counted together and differ: one settled, one settled and not after all, one left."""
        for minutes, item, settle in [(600, "S030", "settled"), (500, "S031", "taken back"), (400, "S010", None)]:
            first, _ = self.count("s-t1", self.body("S-T1-K2", [{"item": item, "quantity": 31}], minutes),
                                  {"Muster-Device": "tablet-1"})
            self.count("s-t1-b", self.body("S-T1-K2", [{"item": item, "quantity": 29}], minutes - 5),
                       {"Muster-Device": "tablet-2"})
            if settle is None:
                continue
            resolution = str(uuid.uuid4())
            self.call("officer", "PUT", f"/resolutions/{resolution}", {
                "depot_id": self.depot("S-T1-K2"), "item": item, "counts": [first],
                "reason": "The keeper counted again by telephone. 已电话核实"})
            self.ids.setdefault("resolutions", []).append(resolution)
            if settle == "taken back":
                self.call("officer", "POST", f"/resolutions/{resolution}/void", {"reason": "Neither was right."})

    def sync(self):
        """Everything that a push can come to, and what officers make of it."""
        boots = lambda quantity: [{"item": "S030", "quantity": quantity}]
        here = lambda quantity, minutes, **more: self.body("S-T1-K1", boots(quantity), minutes, **more)
        unknown = {**here(5, 60), "depot_id": str(uuid.uuid4())}
        first = self.asked(1, here(44, 90))
        other_content = {**self.asked(4, here(45, 80)), "id": first["id"]}
        commands = [first, self.asked(2, here(43, 70, catalogue_revision=1)), self.asked(3, unknown), other_content,
                    self.asked(5, here(41, 50, weather="rain")), self.asked(6, {}), self.asked(9, here(42, 40)),
                    self.asked(9, here(42, 200)), {"id": "no id"}]
        results = self.push(self.phone, "phone-1", commands, queued=12)
        assert [one["status"][0] for one in results] == list("aaqqqqaar"), results
        self.ids["counts"] += [one["count_id"] for one in results if one["status"] == "applied"]
        again = self.push(self.phone, "phone-1", commands, queued=12)
        assert [one.get("receipt") for one in again] == [one.get("receipt") for one in results]
        late = {"sent_at": instant(datetime.now(timezone.utc) - timedelta(hours=2))}
        skewed = self.push(self.phone, "phone-2", [self.asked(1, self.body("S-T1-K2", [{"item": "S031", "quantity": 70}], 180))],
                           queued=1, **late)
        self.ids["counts"] += [skewed[0]["count_id"]]
        waiting = self.call("officer", "GET", "/quarantine?status=waiting&limit=500")["items"]
        of = {one["command_id"] + one["problem"]["code"]: one["id"] for one in waiting}
        meant = {"reason": "meant their own depot 应为本单位库点", "data": here(47, 60)}
        applied = self.call("officer", "POST", f"/quarantine/{of[commands[2]['id'] + 'values_not_taken']}/apply", meant)
        as_sent = {"reason": "two phones made one id"}
        other = self.call("officer", "POST", f"/quarantine/{of[first['id'] + 'id_reused']}/apply", as_sent)
        self.ids["counts"] += [one["quarantined"]["decision"]["count_id"] for one in (applied, other)]
        aside = {"reason": "a test of the app 应用测试"}
        self.call("officer", "POST", f"/quarantine/{of[commands[5]['id'] + 'values_not_taken']}/set_aside", aside)
        token = self.service.token("left")
        self.push(token, "phone-3", [self.asked(1, here(40, 30))], queued=1)
        account = next(one["id"] for one in self.call("chief", "GET", "/accounts?q=left")["items"])
        self.call("chief", "POST", f"/accounts/{account}/close", {"reason": "left the station 调离"})
        deposited = self.push(token, "phone-3", [self.asked(2, here(39, 20))], queued=1)
        assert deposited[0]["status"] == "quarantined"

    def restore(self):
        """A count whose receipt is from before a restore."""
        self.command("backup", "--to", "before.tar")
        lost = self.asked(20, self.body("S-T1-K1", [{"item": "S010", "quantity": 17, "inspected_on": "2026-09-30"}], 15))
        more = self.asked(21, self.body("S-T1-K2", [{"item": "S010", "quantity": 2}], 14))
        given = self.push(self.phone, "phone-1", [lost, more], queued=2)
        self.service.stop()
        self.url = self.make_url("restored")
        self.command("restore", "--from", "before.tar", "--verify", "--database-url", self.url)
        self.serve()
        # It comes back in another place of the chain.
        self.count("s-d1", self.body("S-D1-K1", [{"item": "S030", "quantity": 50}], 10))
        commands = [{**command, "receipt": result["receipt"]} for command, result in zip((more, lost), reversed(given))]
        taken = self.push(self.phone, "phone-1", commands, queued=2)
        assert [one["receipt"] for one in taken] == [one["receipt"] for one in reversed(given)], taken
        self.ids["counts"] += [lost["id"], more["id"]]

    def today(self):
        """What is left out and what is not clear in the present figures."""
        self.count("s-t1", self.body("S-T1-K1", [
            {"item": "S030", "quantity": 36}, {"item": "S030", "quantity": 7, "condition": "in_repair"},
            {"item": "S030", "quantity": 2, "condition": "unserviceable"}, {"item": "S030", "quantity": 3, "held": "lent"},
            {"item": "S010", "quantity": 12, "inspected_on": "2026-06-30"},
            {"item": "S010", "quantity": 4, "lot": "OLD", "inspected_on": "2024-06-30"},
            {"item": "S010", "quantity": 3, "lot": "not known 不详"}], 8))
        for who, quantity, minutes in [("s-t1", 900, 7), ("s-t1-b", 1000, 3)]:
            lot = {"item": "S031", "quantity": quantity, "lot": "B2209", "expires_on": "2027-09-30"}
            self.count(who, self.body("S-T1-K1", [lot], minutes), {"Muster-Device": f"tablet of {who}"})

    # What is answered

    def record(self, answers, path, languages=LANGUAGES):
        for language in languages:
            body = self.service.get("officer", path, language).text
            answers.append({"path": path, "language": language, "body": body})
        return json.loads(body)

    def answers(self, today):
        """The figures of several days and revisions, with their proofs; the receipts; the key set."""
        answers = []
        newest = self.call("officer", "GET", "/shortages?limit=1")["revision"]
        earlier = (self.now - timedelta(days=70)).date().isoformat()
        for revision, day in [(newest, today), (newest, earlier), (newest * 2 // 3, today)]:
            moment = f"as_of={day}&revision={revision}"
            lines = self.record(answers, f"/shortages?{moment}&limit=500")["items"]
            for group in ("organization", "sector", "region", "item", "item_class"):
                self.record(answers, f"/shortages/summary?group_by={group}&{moment}")
            self.record(answers, f"/stock?{moment}&limit=500")
            if revision == newest and day == today:
                for line in lines:
                    organization = line["organization"]["code"]
                    self.record(answers, f"/organizations/{organization}/shortages/{line['line']}?{moment}")
        for count in self.ids["counts"]:
            self.record(answers, f"/counts/{count}/receipt", ("en",))
        for resolution in self.ids["resolutions"]:
            self.record(answers, f"/resolutions/{resolution}/receipt", ("en",))
        self.record(answers, "/.well-known/jwks.json", ("en",))
        return newest, answers

    def exports(self):
        """All tables, by form and language."""
        exported = {}
        for language in LANGUAGES:
            folder = f"{self.folder}/export-{language}"
            os.mkdir(folder)
            for form in FORMS:
                self.command("export", "--form", form, "--format", "csv", "--language", language, "--to", f"{folder}/{form}")
                exported[f"{form} {language}"] = pathlib.Path(folder, form).read_bytes().decode()
        return exported

    def save(self, to, dump):
        pull = self.service.send("GET", "/sync", token=self.phone).json
        pushed = self.service.send("POST", "/auth/refresh", {"refresh_token": self.secrets["refresh_token"]}).json
        self.secrets["refresh_token"] = pushed["refresh_token"]
        today = (self.now + timedelta(hours=8)).date().isoformat()
        revision, answers = self.answers(today)
        self.service.stop()
        expected = {"revision": revision, "answers": answers, "exports": self.exports(), "secrets": self.secrets,
                    "cursor": pull["cursor"], "written_at": instant(datetime.now(timezone.utc) + timedelta(seconds=1))}
        with open(f"{self.folder}/jwks.json", "w") as keys:
            keys.write(next(answer["body"] for answer in answers if "jwks" in answer["path"]))
        self.command("verify", "chain", "--keys", "jwks.json")
        self.command("backup", "--to", "final.tar")
        to.mkdir(parents=True)
        write = lambda name, data: (to / name).write_bytes(gzip.compress(data, 9, mtime=0))
        write("backup.tar.gz", pathlib.Path(self.folder, "final.tar").read_bytes())
        write("database.sql.gz", dump(self.url).encode())
        write("expected.json.gz", json.dumps(expected, ensure_ascii=False, indent=1).encode())
        shutil.copytree(f"{self.folder}/muster-data/keys", to / "keys", ignore=shutil.ignore_patterns("lock"))

    def make(self, to, dump):
        self.tables()
        self.serve()
        self.people()
        self.programs_of_others()
        self.phones()
        self.counts()
        self.books()
        self.differences()
        self.sync()
        self.restore()
        self.today()
        self.save(to, dump)


def main():
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--muster", required=True, help="the program that writes it")
    asked.add_argument("--to", required=True, help="a folder that is not there yet, named after the commit")
    asked = asked.parse_args()
    muster, to = str(pathlib.Path(asked.muster).resolve()), pathlib.Path(asked.to).resolve()
    if to.exists():
        raise SystemExit(f"{to} is there already: a fixture is never written anew")
    postgres = Postgres()
    try:
        for kind in ("sqlite", "postgres"):
            with tempfile.TemporaryDirectory(prefix="muster-stored-") as folder:
                if kind == "sqlite":
                    world = World(muster, folder, lambda name: f"sqlite:{folder}/{name}.sqlite")
                    world.make(to / kind, dump_sqlite)
                else:
                    world = World(muster, folder, postgres.create)
                    world.make(to / kind, lambda url: postgres.dump(url.split("/@/")[-1].split("@/")[1].split("?")[0]))
        (to / "changed.json").write_text("[]\n")
    finally:
        postgres.stop()
    for path in sorted(path for path in to.rglob("*") if path.is_file()):
        print(f"{path.stat().st_size:8} {path.relative_to(to)}")


if __name__ == "__main__":
    main()
