#!/usr/bin/env python3
"""insider: a counter whose keys are held here writes bundles by doc/FORMAT.md alone, and the program
takes them in: a good one whole, and of each that is not as it should be it says one thing, in words a
clerk can do something with. Nothing of a refused one is in the database. Speaks TAP.

    insider.py SATOMADO TOWN DIR      the program, a sample town's directory, an empty one to work in
"""
import json
import os
import re
import sqlite3
import subprocess
import sys

import read_bundle as r
from alter import Forger, Key, RECORD, Tap, TIME

PLACE = [("--office", "霧沢郵便局"), ("--short", "霧沢"), ("--device", "窓口2"), ("--role", "counter")]


class Stranger:
    """Somebody else's keys: only what is public."""

    def __init__(self, line):
        self.public, self.recipient = bytes.fromhex(line["key"]), line["recipient"]
        self.id = r.fingerprint(line["key"])


class Insider(Forger):
    def __init__(self, shipped, request, wrong=None, times=0):
        super().__init__(wrong, times)
        self.shipped, self.request = shipped, request
        self.bundles, self.numbers, self.ids = [], {}, {}
        self.chains, self.day, self.covered, self.last_number = {}, [], 0, 5000
        self.keys = {n: Key(n) for n in ("root", "office", "escrow", "town", "counter", "clerk",
                                         "supervisor")}
        self.root, self.version, self.head, self.registry = self.keys["root"], 0, r.ZERO, []
        self.root_id = self.root.id
        self.make_registry()

    def make_registry(self):
        self.entry("town", name="奥霧町", code="994014", root=self.root.public.hex(),
                   recipient=self.keys["office"].recipient, escrow=self.keys["escrow"].recipient,
                   others=[])
        self.certify("town", "town", "奥霧町役場", "役場")
        self.certify("counter", "counter", "霧沢郵便局", "霧沢一")
        self.certify_user("clerk", "counter", ["clerk"])
        self.certify_user("supervisor", "counter", ["supervisor"])
        for entry in self.shipped:
            self.entry(entry["kind"], **{k: v for k, v in entry.items() if k not in
                                         ("v", "version", "prev", "at", "kind")})
            if entry["kind"] == "form":
                self.form, self.text = f'{entry["form"]}@{entry["number"]}', entry["text"]
        device, *users = self.request
        self.keys["here"] = here = Stranger(device)
        self.entry("device", device=here.id, key=device["key"], recipient=here.recipient,
                   office=device["office"], brief=device["brief"], name=device["name"],
                   role=device["role"])
        self.entry("numbers", device=here.id, brief=device["brief"], first=1, last=5000)
        for user in users:
            self.entry("user", user=r.fingerprint(user["key"]), key=user["key"],
                       login=user["login"], name=user["name"], office=device["office"],
                       device=here.id, roles=user["roles"])

    # --- What is in it ---

    def record(self, n, seal=None):
        record = RECORD.format(n)
        put = self.event("counter", "put", "clerk", {"set": {"settlement_name": f"集落{n}"}}, record)
        number = self.receipt_number("霧沢一", n)
        self.event("counter", "act", "clerk", {
            "action": "finalise", "set": {"state": "written", "receipt_no": number,
                                          "received_on": "2026-11-24", "received_at": TIME},
            "full": {}}, record, [put])
        if seal:
            digest, lines = self.chains["counter"][-1]
            lines[-1] = r.spell({"sign": self.keys[seal].sign("satomado-act-1",
                                                              bytes.fromhex(digest))}).encode()
        self.day.append((record, number))

    def close_as(self, actor):
        before = self.keys["supervisor"]
        self.keys["supervisor"] = self.keys[actor]
        self.close()
        self.keys["supervisor"] = before

    def written(self, records=2, close="supervisor", seal=None, to=("office", "escrow", "here")):
        self.event("counter", "start", "clerk", {"nonce": "00" * 16, "program": "1"})
        for n in range(1, records + 1):
            self.record(n, seal if n == records else None)
        if close:
            self.close_as(close)
        part = self.chain_section("counter", 1, len(self.chains["counter"]))
        return self.bundle("counter", "chain", list(to), [part[1]], [part[2]], part[3], records > 0)

    # --- How it is packed ---

    squeeze = staticmethod(lambda content: zstd(content))

    def payload(self, content, to):
        recipients = [x for t in to for x in ("-r", self.keys[t].recipient)]
        return run(["age", *recipients], self.squeeze(content))


def zstd(content):
    return run(["zstd", "-q", "-c", "-3", "--zstd=wlog=20"], content)


def run(command, data):
    return subprocess.run(command, input=data, capture_output=True, check=True).stdout


# --- Bundles that are not as they should be ---

def bomb(i):
    """Everything in it is as it should be, only that it is nothing at all, a million times."""
    for _ in range(20):
        i.event("counter", "start", "clerk", {"nonce": "00" * 16, "program": "x" * 1000000})
    return i.written()


def endless_line(i):
    i.squeeze = lambda content: zstd(content + os.urandom(1 << 20).hex().encode())
    return i.written()


def half_a_frame(i):
    i.squeeze = lambda content: zstd(content)[:-5]
    return i.written()


def two_frames(i):
    i.squeeze = lambda content: 2 * zstd(content)
    return i.written()


def recipients_in_the_header(i):
    data = i.written()
    return data.replace(b"\npayload ", b"".join(b"\nto " + r.b2(b"%d" % n).hexdigest().encode()
                                                for n in range(10000)) + b"\npayload ", 1)


def nine_recipients(i):
    for n in range(9):
        i.keys[f"more{n}"] = Key(f"more{n}")
    return i.written(to=["here", *(f"more{n}" for n in range(9))])


def recipients_of_age(i):
    """The header names one, the age file has ten thousand."""
    def payload(content, to):
        age = run(["age", "-r", i.keys["here"].recipient], i.squeeze(content))
        line = re.search(rb"-> X25519 [^\n]*\n[^\n]*\n", age).group(0)
        return age.replace(line, line * 10000, 1)
    i.payload = payload
    return i.written(to=["here"])


def another_town(i):
    i.root_id = Key("another town").id
    return i.written()


def somebody_elses_hand(i):
    i.keys["counter"].seed = Key("not certified").seed
    return i.written()


def nobodys_device(i):
    i.keys["counter"] = Key("not certified")
    return i.written()


def for_the_town_only(i):
    return i.written(to=["office", "escrow"])


def form_to_come(i):
    i.form = i.form.split("@")[0] + "@2099010101"
    return i.written()


def another_form_of_that_name(i):
    i.text += "\n# changed\n"
    return i.written()


def two_years_ahead(i):
    i.at = "2028-11-25T09:12:31.250+09:00"
    return i.written()


def approved_by_nobody(i):
    return i.written(seal="supervisor")


CASES = [
    # what, how it is written, exit, what is said
    ("a bomb", bomb, 1, "送付便の圧縮が上限を超えています"),
    ("a line without end", endless_line, 1, "送付便の1行が1048576バイトを超えています"),
    ("half a frame", half_a_frame, 1, "送付便の中身の形が正しくありません"),
    ("two frames", two_frames, 1, "送付便の中身の形が正しくありません"),
    ("10,000 recipients in the header", recipients_in_the_header, 1,
     "送付便の見出しが長すぎます"),
    ("10 recipients", nine_recipients, 1, "送付便の見出しの19行目が正しくありません"),
    ("10,000 recipients of the age file", recipients_of_age, 1, "送付便の中身の形が正しくありません"),
    ("another town's", another_town, 4, "別の町の送付便です。取り込めません"),
    ("signed by another key", somebody_elses_hand, 1,
     "送付便の署名が合いません。改変されたおそれがあります"),
    ("from a device nobody certified", nobodys_device, 4, "町の登録簿にない端末の送付便です"),
    ("for the town only", for_the_town_only, 3, "ほかの場所あての送付便です。ここでは開けません"),
    ("another form of that name", another_form_of_that_name, 1,
     "ここのものと同じ版なのに中身が違います"),
    ("not closed", lambda i: i.written(close=None), 1, "日締めのない送付便です"),
    ("closed by a clerk", lambda i: i.written(close="clerk"), 1,
     "日締めの署名が責任者のものではありません"),
    ("the payload changed", lambda i: i.written()[:-1] + b"?", 1,
     "送付便の中身が見出しと合いません。途中で切れたか改変されています"),
    ("cut off", lambda i: i.written()[:-300], 1,
     "送付便の中身が見出しと合いません。途中で切れたか改変されています"),
    ("cut off in its header", lambda i: i.written()[:300], 1, "送付便の見出しが途中で切れています"),
    ("a picture", lambda i: b"\x89PNG\r\n\x1a\n" + b"\0" * 99, 1, "中身が送付便ではありません"),
    ("nothing", lambda i: b"", 1, "中身が送付便ではありません"),
]
TAKEN = [
    # taken in, and what is said to it
    ("a form that has yet to come", form_to_come, "様式 .* がここにありません。その記録は、様式が届くまで"
     "保留です", "様式のこの版がまだ届いていません"),
    ("a clock two years ahead", two_years_ahead, "送った端末の時計が[0-9]+日ほど進んでいます", None),
    ("an approval nobody gave", approved_by_nobody, "保留 1", "署名"),
    ("a good one", lambda i: i.written(), "保留 0", None),
]


class World:
    """The program's place, and the registry of a town whose root key is held here."""

    def __init__(self, program, town, work):
        self.program, self.work, self.data = program, work, os.path.join(work, "here")
        self.env = {**os.environ, "SATOMADO_CLOCK": "2026-11-25T09:00:00+09:00"}
        with sqlite3.connect(os.path.join(town, "satomado.db")) as db:
            entries = [json.loads(e) for e, in db.execute("SELECT entry FROM registry")]
        self.shipped = [e for e in entries if e["kind"] in ("parameters", "workflow", "ledgers")
                        or e["kind"] == "form" and e["form"] == "settlement"]
        self.call("init", "--town", "okugiri", *(w for p in PLACE for w in p), "--town-root",
                  Key("root").id)
        self.call("--as", "admin", "user", "add", "sato", "--name", "佐藤", "--role", "supervisor",
                  "--new-password-file", os.environ["SATOMADO_PASSWORD_FILE"])
        self.call("--as", "admin", "key", "enrol", "--to", self.path("request"))
        with open(self.path("request"), encoding="utf-8") as f:
            self.request = [json.loads(line) for line in f]
        self.write("registry", b"".join(e + b"\n" for e in self.insider().registry))
        self.call("--as", "admin", "key", "accept", self.path("registry"))

    def path(self, name):
        return os.path.join(self.work, name)

    def write(self, name, data):
        with open(self.path(name), "wb") as f:
            f.write(data)
        return self.path(name)

    def insider(self, wrong=None, times=0):
        return Insider(self.shipped, self.request, wrong, times)

    def run(self, *words, data=None):
        return subprocess.run([self.program, "--data", data or self.data, *words], env=self.env,
                              capture_output=True, text=True)

    def call(self, *words, data=None):
        done = self.run(*words, data=data)
        if done.returncode:
            raise r.Wrong(f"{words}: {done.stdout}{done.stderr}")
        return done.stdout

    def rows(self, data=None):
        with sqlite3.connect(os.path.join(data or self.data, "satomado.db")) as db:
            return db.execute("SELECT (SELECT count(*) FROM record), (SELECT count(*) FROM bundle),"
                              " (SELECT count(*) FROM event WHERE op<>0),"
                              " (SELECT count(*) FROM registry)").fetchone()


def refused(world, result, what, write, code, words):
    before = world.rows()
    done = world.run("--as", "sato", "bundle", "apply", world.write("b.smb", write(world.insider())))
    said = done.stderr.strip().split("\n")
    good = (done.returncode == code and len(said) == 1 and words in said[0] and not done.stdout
            and world.rows() == before)
    result(good, f"refused: {what}", f"{done.returncode} {done.stdout}{done.stderr}")


def taken(world, result, what, write, words, held):
    copy = world.path("copy")
    run(["rm", "-rf", copy], b"")
    run(["cp", "-a", world.data, copy], b"")
    file = world.write("b.smb", write(world.insider()))
    done = world.run("--as", "sato", "bundle", "apply", file, data=copy)
    text = done.stdout + done.stderr
    good = done.returncode == 0 and re.search(words, text)
    if good and held:
        text = world.call("--as", "sato", "bundle", "held", "list", "--format", "csv", data=copy)
        good = held in text
    if good and not held:
        text = world.call("--as", "sato", "record", "list", "settlement", data=copy)
        good = "集落1" in text and "集落2" in text
    if good:
        text = world.call("journal", "verify", data=copy)
    result(good, f"taken in: {what}", text)


# Written wrongly by alter(), these keep nothing from being taken in: the record is held or shown as it
# is, or an auditor looks at it (read_bundle.py), not the place that takes the bundle in.
NOT_ASKED = {"seal of an act", "base of an event", "check digit", "count of a form in a close",
             "list of a close", "first of a close", "id of a recipient", "id of the bundle before"}


def altered(world, result):
    """Each value of a chain, written wrongly once, with all that follows signed again."""
    certified = world.insider()
    before = dict(certified.seen)
    certified.written()
    for what, times in certified.seen.items():
        if times == before.get(what, 0) or what in NOT_ASKED:
            continue
        rows = world.rows()
        file = world.write("b.smb", world.insider(what, times).written())
        done = world.run("--as", "sato", "bundle", "apply", file)
        said = done.stderr.strip().split("\n")
        result(done.returncode and len(said) == 1 and world.rows() == rows,
               f"refused: {what} ({said[0]})", done.stdout + done.stderr)


def main():
    result = Tap()
    world = World(*sys.argv[1:4])
    altered(world, result)
    for case in TAKEN:
        taken(world, result, *case)
    for case in CASES:
        refused(world, result, *case)
    # The town says that the counter is gone.
    i = world.insider()
    i.entry("revoke", revoked=i.keys["counter"].id, reason="紛失", heads=[])
    world.call("--as", "admin", "key", "accept",
               world.write("registry", b"".join(e + b"\n" for e in i.registry)))
    taken(world, result, "from a revoked device", lambda i: i.written(),
          "失効した端末の送付便です", "revoked")
    print(f"1..{result.count}")


if __name__ == "__main__":
    main()
