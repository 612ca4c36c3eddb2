#!/usr/bin/env python3
"""alter: does the reader recompute every hash, count and signature? A town is made up here, with all
its keys, and everything in its bundles that can be recomputed is written through alter(): each of
these is written wrongly once, all that follows from it is hashed and signed again as an insider could,
and the reader must refuse. Speaks TAP.

    alter.py FORMAT.md
"""
import base64
import re
import subprocess
import sys

import read_bundle as r
from ed25519 import public, sign

TIME = "2026-11-24T09:12:31.250+09:00"
SALT = "5a" * 32
RECORD = "01900000-0000-7000-8000-{:012d}"
FIRST = RECORD.format(1)  # goes into the extract, which must have every base


def hex_hash(what):
    return r.b2(what.encode()).hexdigest()


def bech32(key):
    """age1... of an X25519 key: the checksum is the one recipient() accepts."""
    bits = "".join(f"{b:08b}" for b in key) + "0000"
    digits = [int(bits[i:i + 5], 2) for i in range(0, 260, 5)]
    check = 1
    for v in [ord(c) >> 5 for c in "age"] + [0] + [ord(c) & 31 for c in "age"] + digits + [0] * 6:
        top, check = check >> 25, (check & 0x1ffffff) << 5 ^ v
        for i, g in enumerate((0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3)):
            check ^= g if top >> i & 1 else 0
    check ^= 1
    digits += [check >> 5 * (5 - i) & 31 for i in range(6)]
    return "age1" + "".join(r.BECH32[d] for d in digits)


class Key:
    def __init__(self, name):
        self.seed = r.b2(name.encode()).digest()
        self.public = public(self.seed)
        self.id = r.H("satomado-key-1", self.public)
        self.recipient = bech32(r.b2(b"identity of " + name.encode()).digest())

    def sign(self, domain, data):
        return sign(self.seed, domain.encode() + b"\0" + data).hex()


class Forger:
    """Writes the bundles of a town. The value called `wrong` is written wrongly, once: the last."""

    def __init__(self, wrong=None, times=0):
        self.wrong, self.left, self.seen = wrong, times, {}
        self.form, self.at = "settlement@1", TIME

    def alter(self, name, value):
        self.seen[name] = self.seen.get(name, 0) + 1
        if name != self.wrong:
            return value
        self.left -= 1
        if self.left:
            return value
        if isinstance(value, int):
            return value + 1
        if isinstance(value, bytes):
            return value[:-1] + bytes([value[-1] ^ 1])
        last = value[-1]
        return value[:-1] + ("0" if last != "0" else "1")

    # --- The registry ---

    def entry(self, kind, **members):
        e = {"v": 1, "version": self.alter("number of a registry entry", self.version + 1),
             "prev": self.alter("prev of a registry entry", self.head), "at": TIME, "kind": kind,
             **members}
        self.version += 1
        raw = r.spell(e).encode()
        self.head = r.H("satomado-registry-entry-1", raw)
        seal = self.root.sign("satomado-registry-1", bytes.fromhex(self.head))
        seal = self.alter("seal of a registry entry", seal)
        self.registry += [raw, r.spell({"sign": seal}).encode()]

    def certify(self, name, role, office, brief):
        k = self.keys[name]
        self.entry("device", device=self.alter("fingerprint of a device", k.id),
                   key=k.public.hex(), recipient=self.alter("checksum of a recipient", k.recipient),
                   office=office, brief=brief, name=name, role=role)
        self.entry("numbers", device=k.id, brief=brief, first=1, last=self.last_number)

    def certify_user(self, name, device, roles):
        k = self.keys[name]
        self.entry("user", user=self.alter("fingerprint of a user", k.id), key=k.public.hex(),
                   login=name, name=name, office="霧沢郵便局", device=self.keys[device].id,
                   roles=roles)

    def make_registry(self):
        names = ("root", "root2", "escrow", "office", "town", "counter", "second", "laptop", "lost", "clerk",
                 "supervisor", "field", "reviewer")
        self.keys = {name: Key(name) for name in names}
        self.root, self.version, self.head, self.registry = self.keys["root"], 0, r.ZERO, []
        self.root_id, self.last_number = self.root.id, 43
        self.entry("town", name="奥霧町", code="001", root=self.root.public.hex(),
                   recipient=self.keys["office"].recipient, escrow=self.keys["escrow"].recipient,
                   others=[])
        for name, role, office, brief in (("town", "town", "役場", "役場"),
                                          ("counter", "counter", "霧沢郵便局", "霧沢"),
                                          ("second", "counter", "霧沢郵便局", "霧沢二"),
                                          ("laptop", "laptop", "支援員", "巡回"),
                                          ("lost", "laptop", "支援員", "前")):
            self.certify(name, role, office, brief)
        for name, device, role in (("clerk", "counter", "clerk"),
                                   ("supervisor", "counter", "supervisor"),
                                   ("field", "laptop", "field"), ("reviewer", "town", "reviewer")):
            self.certify_user(name, device, [role])
        self.text = "id: settlement\n"
        self.entry("form", form="settlement", number=1, title="集落", code="ST", text=self.text)
        self.holidays = "day,name\n2026-01-01,元日\n".encode()
        self.entry("reference", name="holidays",
                   number=self.alter("number of an entry of reference data", 1),
                   hash=self.alter("hash of reference data",
                                   r.H("satomado-reference-1", self.holidays)),
                   size=len(self.holidays))
        proof = self.keys["root2"].sign("satomado-root-1", bytes.fromhex(self.head))
        self.entry("root", root=self.keys["root2"].public.hex(),
                   proof=self.alter("proof of a new root key", proof))
        self.root = self.keys["root2"]

    def revoke_lost(self):
        chain = self.chains["lost"]
        self.entry("revoke", revoked=self.keys["lost"].id, reason="紛失", heads=[
            f'{self.keys["lost"].id} {len(chain)} '
            + self.alter("head in a revocation", chain[-1][0])])

    # --- Chains ---

    def event(self, device, op, actor, body, record="", bases=()):
        chain, d = self.chains.setdefault(device, []), self.keys[device]
        body = r.spell({"salt": SALT, **body}).encode()
        e = {"v": 1, "device": d.id, "seq": self.alter("number of an event", len(chain) + 1),
             "prev": self.alter("prev of an event", chain[-1][0] if chain else r.ZERO),
             "record": record, "form": self.form if record else "", "op": op,
             "bases": [self.alter("base of an event", b) if record == FIRST else b for b in bases],
             "actor": self.alter("actor of an event", self.keys[actor].id), "reg": self.version,
             "at": self.at, "mono": 1, "boot": "0" * 32,
             "body": self.alter("hash of a body", r.H("satomado-body-1", body))}
        header = r.spell(e).encode()
        lines, digest = [header, body], r.H("satomado-event-1", header)
        if op in r.SEALED:
            seal = self.keys[actor].sign("satomado-act-1", bytes.fromhex(digest))
            lines.append(r.spell({"sign": self.alter("seal of an act", seal)}).encode())
        chain.append((digest, lines))
        return digest

    def receipt_number(self, device_brief, number):
        series, total = f"令8-{device_brief}-ST", 0
        for byte in series.encode():
            total = (3 * total + byte) % 997
        total += sum(int(d) * w for d, w in zip(f"{number:05d}"[::-1], (2, 3, 5, 7, 11)))
        return f"{series}-{number:05d}-" + self.alter("check digit", str(total % 11 % 10))

    def received(self, n):
        """A record, its attachment, its number."""
        record = RECORD.format(n)
        data = bytes([n]) * (262144 + n)
        blob = r.H("satomado-blob-1", bytes.fromhex(SALT) + data)
        put = self.event("counter", "put", "clerk", {"set": {"name": f"集落{n}"}}, record)
        field = self.alter("blob in the field of an attachment", blob)
        attach = self.event("counter", "attach", "clerk", {
            "blob": blob, "name": "a.png", "copy_of": "写真",
            "size": self.alter("size in an attach event", len(data)), "checked": "yes",
            "set": {"photo": field}}, record, [put])
        number = self.receipt_number("霧沢", self.alter("receipt number of a block", 40 + n))
        self.event("counter", "act", "clerk", {
            "action": "finalise", "set": {"state": "received", "receipt_no": number,
                                          "received_on": "2026-11-24", "received_at": TIME},
            "full": {}}, record, [attach])
        self.day.append((record, number))
        self.blobs.append((blob, data))

    def close(self):
        chain = self.chains["counter"]
        text = "".join(f"{number} {record}\n" for record, number in self.day)
        self.event("counter", "close", "supervisor", {
            "day": "2026-11-24", "first": self.alter("first of a close", self.covered + 1),
            "last": self.alter("last of a close", len(chain)),
            "head": self.alter("head of a close", chain[-1][0]),
            "counts": {"settlement": self.alter("count of a form in a close", str(len(self.day)))},
            "list": self.alter("list of a close", r.H("satomado-day-1", text.encode())),
            "carried": {}})
        self.covered = len(chain) - 1

    def make_chains(self):
        self.chains, self.day, self.blobs, self.covered = {}, [], [], 0
        self.event("lost", "start", "field", {"nonce": "00" * 16, "program": "1"})
        self.event("laptop", "start", "field", {"nonce": "00" * 16, "program": "1"})
        self.event("laptop", "user", "field", {
            "restored": self.keys["lost"].id, "seq": 1,
            "head": self.alter("head of what was restored", self.chains["lost"][0][0])})
        for n in (1, 2):
            self.received(n)
        self.close()
        self.first_part = len(self.chains["counter"])
        self.received(3)
        self.close()

    # --- Bundles ---

    def payload(self, content, to):
        """The reader is handed the content: what is encrypted is tried by itself."""
        return b"payload of " + r.b2(content).hexdigest().encode()

    def bundle(self, device, kind, to, sections, chains=(), count=0, forms=False):
        k, number = self.keys[device], self.numbers.get(device, 0) + 1
        requires = [self.form + " " + self.alter(
            "hash of a form", r.H("satomado-form-1", self.text.encode()))] if forms else []
        ids = sorted(self.alter("id of a recipient", r.recipient_id(self.keys[t].recipient))
                     for t in to)
        head = {"bundle": 1, "kind": kind, "town": self.root_id, "from": k.id, "number": number,
                "prev": self.alter("id of the bundle before", self.ids.get(device, r.ZERO)),
                "registry": self.version, "chains": sorted(chains), "requires": requires,
                "count": self.alter("count of a bundle", count), "to": ids}
        first = r.spell({**head, "town": self.alter("first line of the content", head["town"])})
        lines = [first.encode(), *(line for section in sections for line in section)]
        content = b"".join(line + b"\n" for line in lines)
        seal = k.sign("satomado-content-1", r.b2(content).digest())
        content += r.spell({"content": self.alter("signature of the content", seal)}).encode()
        content += b"\n"
        payload = self.payload(content, to)
        text = ["satomado-bundle 1", f"kind {kind}", f"town {self.root_id}", f"from {k.id}",
                f"number {number}", f"prev {head['prev']}", f"registry {self.version}",
                *(f"chain {c}" for c in head["chains"]), *(f"requires {q}" for q in requires),
                f"count {head['count']}", *(f"to {i}" for i in ids),
                "payload " + self.alter("hash of the payload", r.b2(payload, 64).hexdigest())]
        signed = "".join(t + "\n" for t in text).encode()
        self.ids[device] = r.H("satomado-bundle-id-1", signed)
        self.numbers[device] = number
        seal = bytes.fromhex(k.sign("satomado-bundle-1", r.b2(signed, 64).digest()))
        seal = base64.b64encode(self.alter("signature of the bundle", seal)).decode()
        data = signed + f"sign {k.id} {seal}\n\n".encode() + payload
        self.bundles.append((data, content))
        return data

    def chain_section(self, device, first, last):
        k, chain = self.keys[device], self.chains[device]
        head = chain[last - 1][0]
        lines = [r.spell({"section": "chain", "device": k.id,
                          "first": self.alter("first of a chain section", first),
                          "last": self.alter("last of a chain section", last)}).encode()]
        for _, event in chain[first - 1:last]:
            lines += event
        message = {"town": self.root_id, "device": k.id, "seq": last, "head": head}
        seal = k.sign("satomado-checkpoint-1", r.spell(message).encode())
        lines.append(r.spell({
            "checkpoint": k.id, "seq": self.alter("number of a checkpoint", last),
            "head": self.alter("head of a checkpoint", head),
            "sign": self.alter("signature of a checkpoint", seal)}).encode())
        return k.id, lines, (f"{k.id} {self.alter('first of a chain', first)} "
                             f"{self.alter('last of a chain', last)} "
                             f"{self.alter('head of a chain', head)}"), last - first + 1

    def chain_bundle(self, *parts):
        parts = sorted(self.chain_section(*p) for p in parts)
        self.bundle("counter", "chain", ["office", "escrow", "second"], [p[1] for p in parts],
                    [p[2] for p in parts], sum(p[3] for p in parts),
                    any(b'"settlement@1"' in line for p in parts for line in p[1]))

    def reference(self):
        data = self.alter("bytes of reference data", self.holidays)
        return [r.spell({"section": "reference",
                         "count": self.alter("count of reference data", 1)}).encode(),
                r.spell({"reference": "holidays",
                         "number": self.alter("number of reference data", 1),
                         "size": self.alter("size of reference data", len(data))}).encode(),
                r.spell({"data": base64.b64encode(data).decode()}).encode()]

    def extract(self):
        events = [e for e in self.chains["counter"] if f'"record":"{FIRST}"'.encode() in e[1][0]]
        lines = [r.spell({"section": "records", "count": self.alter("count of records", 1),
                          "since": "", "after": ""}).encode(),
                 r.spell({"record": FIRST,
                          "heads": [self.alter("head of a record", events[-1][0])]}).encode()]
        for _, event in events:
            lines += event
        registry = [r.spell({"section": "registry",
                             "first": self.alter("first of the registry", 1),
                             "last": self.alter("last of the registry", self.version)}).encode(),
                    *self.registry]
        self.bundle("town", "extract", ["second", "escrow"],
                    [registry, self.reference(), lines], (), len(events),
                    True)

    def later_extract(self):
        """Nothing is new but one entry; it goes on from the first one."""
        before, first = self.ids["town"], self.version + 1
        self.entry("medium", uuid="1234-ABCD", label="青1号", state="in_use")
        registry = [r.spell({"section": "registry",
                             "first": self.alter("first of what is new in the registry", first),
                             "last": self.version}).encode(), *self.registry[-2:]]
        none = [r.spell({"section": "reference", "count": 0}).encode()]
        records = [r.spell({"section": "records", "count": 0, "since": before,
                            "after": before}).encode()]
        self.bundle("town", "extract", ["second", "escrow"], [registry, none, records])

    def attachments(self):
        lines = [r.spell({"section": "blobs",
                          "count": self.alter("count of attachments", len(self.blobs))}).encode()]
        for blob, data in self.blobs:
            lines.append(r.spell({
                "blob": self.alter("hash of an attachment", blob),
                "size": self.alter("size of an attachment", len(data))}).encode())
            data = self.alter("bytes of an attachment", data)
            for at in range(0, len(data), 262144):
                piece = base64.b64encode(data[at:at + 262144]).decode()
                lines.append(r.spell({"data": piece}).encode())
        self.bundle("counter", "blobs", ["office", "escrow"], [lines])

    def receipt(self):
        chain = self.chains["counter"]
        lines = [{"section": "receipt", "epoch": 1,
                  "registry": self.alter("registry of a receipt", self.version), "at": TIME},
                 {"device": self.keys["counter"].id,
                  "seq": self.alter("number in a receipt", len(chain) - 1),
                  "hash": self.alter("hash in a receipt", chain[-2][0])},
                 {"held": self.alter("held event in a receipt", chain[1][0]), "reason": "form"},
                 {"missing": self.alter("attachment in a receipt", self.blobs[0][0])}]
        self.bundle("town", "receipt", ["counter", "escrow"],
                    [[r.spell(line).encode() for line in lines]])

    def make(self):
        self.bundles, self.numbers, self.ids = [], {}, {}
        self.make_registry()
        self.make_chains()
        self.revoke_lost()
        self.extract()
        self.chain_bundle(("counter", 1, self.first_part), ("laptop", 1, 2), ("lost", 1, 1))
        self.chain_bundle(("counter", self.first_part + 1, len(self.chains["counter"])))
        self.attachments()
        self.receipt()
        self.later_extract()
        return self


def read(forger):
    registry, journal = r.Registry(forger.root_id), r.Journal()
    for data, content in forger.bundles:
        r.read_bundle(data, None, registry, journal, content)
    r.end_of_all(registry, journal)


class Tap:
    count = 0

    def __call__(self, good, what, why=""):
        self.count += 1
        print(f"{'ok' if good else 'not ok'} {self.count} - {what}")
        if not good and why:
            print("# " + why)


def frames(result):
    """The payload is one frame, whole, and nothing else."""
    for options in ([], ["--no-check"], ["-1", "--zstd=wlog=20"], ["-1"]):
        once = subprocess.run(["zstd", "-c", *options], input=b"line\n" * 99999 + b"x" * 9,
                              capture_output=True, check=True).stdout
        for data, good in ((once, True), (once + once, False), (once[:-1], False),
                           (once + b"\0", False)):
            try:
                r.one_frame(data)
                seen = True
            except r.REFUSALS:
                seen = False
            if seen != good:
                return result(False, "one frame of zstd")
    return result(True, "one frame of zstd")


def main():
    result = Tap()
    frames(result)
    forger = Forger().make()
    try:
        read(forger)
        result(True, "a town made up by the format's text alone")
    except r.REFUSALS as e:
        result(False, "a town made up by the format's text alone", f"{type(e).__name__} {e}")
        print(f"1..{result.count}")
        return
    text = open(sys.argv[1], encoding="utf-8").read()
    table = text[text.index("| domain |"):text.index("## The data directory")]
    source = open(r.__file__, encoding="utf-8").read()
    for domain in re.findall(r"`(satomado-[a-z0-9-]+)`", table):
        if domain not in ("satomado-key-file-1", "satomado-token-1"):  # no bundle has these
            result(f'"{domain}"' in source or f'b"{domain}\\0"' in source, "recomputed: " + domain)
    for name, times in forger.seen.items():
        refused = "not refused"
        try:
            read(Forger(name, times).make())
        except r.REFUSALS as e:
            refused = str(e) or type(e).__name__
        result(refused != "not refused", f"refused: {name} ({refused})")
    print(f"1..{result.count}")


if __name__ == "__main__":
    main()
