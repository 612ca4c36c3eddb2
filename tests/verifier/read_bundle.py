#!/usr/bin/env python3
"""read_bundle: an independent reader of bundles, written from doc/FORMAT.md alone.

    read_bundle.py --root FINGERPRINT --identity FILE BUNDLE...

Opens each with the `age` and `zstd` commands and recomputes everything the format says: grammar and
order, every hash, every chain, every signature, every count, the list and the counts of every day
that was closed, every check digit. Devices and users are known from the registry in bundles of kind
extract, which come first, by their numbers, whatever the order of the files; what one bundle says of
another (the one before, the one it goes on from, the chain a receipt speaks of, the salt of an
attachment) is compared when both are given.
Prints one JSON line for each bundle; ends with 1 and a reason when anything is not as it should be.
Shares no code with the program; needs nothing but Python 3 and the two commands.
"""
import argparse
import base64
import hashlib
import json
import re
import subprocess
import sys

from ed25519 import verify

ZERO = "0" * 64
HEX = "[0-9a-f]{64}"
SEALED = {"act", "close", "dispose", "resolve", "user"}
HISTORY = {"put", "act", "attach", "dispose", "resolve"}
OPS = SEALED | HISTORY | {"start", "read", "taken"}


class Wrong(Exception):
    pass


# Of bytes nobody made by the rules.
REFUSALS = (Wrong, ValueError, KeyError, IndexError, TypeError, AttributeError)


def need(condition, what):
    if not condition:
        raise Wrong(what)


# --- Hashes and signatures ---

def b2(data, size=32):
    return hashlib.blake2b(data, digest_size=size)


def H(domain, data):
    return b2(domain.encode() + b"\0" + data).hexdigest()


class Count:
    signatures = 0


def signed(key, domain, data, signature, what):
    need(verify(bytes.fromhex(key), signature, domain.encode() + b"\0" + data), what)
    Count.signatures += 1


def fingerprint(key):
    return H("satomado-key-1", bytes.fromhex(key))


BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"


def recipient(text):
    """The X25519 key of age1..., BIP 173."""
    need(text.startswith("age1") and set(text[4:]) <= set(BECH32), "a recipient")
    digits, check = [BECH32.index(c) for c in text[4:]], 1
    for v in [ord(c) >> 5 for c in "age"] + [0] + [ord(c) & 31 for c in "age"] + digits:
        top, check = check >> 25, (check & 0x1ffffff) << 5 ^ v
        for i, g in enumerate((0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3)):
            check ^= g if top >> i & 1 else 0
    bits = "".join(f"{d:05b}" for d in digits[:-6])
    need(check == 1 and len(bits) == 260 and bits.endswith("0000"), "a recipient")
    return int(bits[:256], 2).to_bytes(32, "big")


def recipient_id(text):
    return H("satomado-recipient-1", recipient(text))


# --- Lines: one spelling ---

def spell_text(text):
    out = []
    for c in text:
        if c in '"\\':
            out.append("\\" + c)
        elif c < " ":
            out.append("\\u%04x" % ord(c))
        else:
            out.append(c)
    return '"' + "".join(out) + '"'


def spell(value):
    if isinstance(value, bool) or value is None:
        raise Wrong("a value of no kind a line has")
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        return spell_text(value)
    if isinstance(value, list):
        return "[" + ",".join(map(spell_text, value)) + "]"
    return "{" + ",".join(spell_text(k) + ":" + spell(v) for k, v in value.items()) + "}"


def no_twice(pairs):
    out = dict(pairs)
    need(len(out) == len(pairs), "a member twice")
    return out


def line(raw):
    need(len(raw) <= 1 << 20 and b"\0" not in raw, "a line too long")
    value = json.loads(raw.decode("utf-8"), object_pairs_hook=no_twice)
    need(isinstance(value, dict) and spell(value).encode() == raw, "a line spelled otherwise")
    return value


# --- The header ---

def read_header(data):
    end = data[:65536].find(b"\n\n")
    need(end > 0, "no header")
    text = data[:end].decode("ascii")
    lines = text.split("\n")
    need(lines[0] == "satomado-bundle 1", "not a bundle of version 1")
    shape = [
        ("kind", "(chain|extract|receipt|blobs|copy)", 1, 1), ("town", HEX, 1, 1), ("from", HEX, 1, 1),
        ("number", "[1-9][0-9]*", 1, 1), ("prev", HEX, 1, 1), ("registry", "0|[1-9][0-9]*", 1, 1),
        ("chain", f"{HEX} [1-9][0-9]* [1-9][0-9]* {HEX}", 0, 1 << 16),
        ("requires", f"[a-z0-9_-]+@[1-9][0-9]* {HEX}", 0, 1 << 16),
        ("count", "0|[1-9][0-9]*", 1, 1), ("to", HEX, 1, 8), ("payload", "[0-9a-f]{128}", 1, 1),
        ("sign", f"{HEX} [A-Za-z0-9+/=]{{88}}", 1, 1)]
    head, at = {}, 1
    for word, pattern, least, most in shape:
        found = []
        while at < len(lines) and lines[at].startswith(word + " ") and len(found) < most:
            value = lines[at][len(word) + 1:]
            need(re.fullmatch(pattern, value), "the line " + word)
            found.append(value)
            at += 1
        need(len(found) >= least, "the line " + word)
        names = [v.split(" ")[0] for v in found]
        need(names == sorted(set(names)), "the order of " + word)
        head[word] = found if most > 1 else found[0]
    need(at == len(lines), "a line too many")
    for number in ("number", "registry", "count"):
        head[number] = int(head[number])
    chains = [(c.split()[0], int(c.split()[1]), int(c.split()[2]), c.split()[3])
              for c in head["chain"]]
    need(bool(chains) == (head["kind"] == "chain"), "chains")
    need(head["kind"] != "chain" or sum(c[2] - c[1] + 1 for c in chains) == head["count"], "count")
    need(head["count"] <= 1000000, "count")
    signer, signature = head["sign"].split(" ")
    need(signer == head["from"], "signer")
    raw = base64.b64decode(signature, validate=True)
    need(base64.b64encode(raw).decode() == signature, "base64")
    before = data[:data.index(b"\nsign ") + 1]
    head.update(chains=chains, signature=raw, signed=before,
                id=H("satomado-bundle-id-1", before))
    return head, data[end + 2:]


def first_line(head):
    return {"bundle": 1, "kind": head["kind"], "town": head["town"], "from": head["from"],
            "number": head["number"], "prev": head["prev"], "registry": head["registry"],
            "chains": head["chain"], "requires": head["requires"], "count": head["count"],
            "to": head["to"]}


# --- What the town has certified ---

class Registry:
    def __init__(self, root):
        self.root, self.head, self.version = root, ZERO, 0
        self.references = {}
        self.devices, self.users, self.forms, self.town = {}, {}, {}, None
        self.recipients, self.towns, self.blocks, self.accepted = {}, set(), [], []

    def ends(self):
        """Heads the town accepted as the last ones of a device."""
        return {(device, seq, head) for device, seq, head, _ in self.accepted}

    def address(self, text, device=None):
        self.recipients[recipient_id(text)] = device
        return recipient_id(text)

    def entry(self, raw, seal):
        e, s = line(raw), line(seal)
        need(list(e)[:5] == ["v", "version", "prev", "at", "kind"], "members of an entry")
        if e["version"] <= self.version:
            return  # seen in an earlier bundle
        need(e["version"] == self.version + 1 and e["prev"] == self.head, "chain of the registry")
        if self.town is None:
            need(e["kind"] == "town" and fingerprint(e["root"]) == self.root, "root key")
            self.town, self.key = e, e["root"]
        digest = H("satomado-registry-entry-1", raw)
        signed(self.key, "satomado-registry-1", bytes.fromhex(digest),
               bytes.fromhex(s["sign"]), "seal of a registry entry")
        if e["kind"] == "root":
            signed(e["root"], "satomado-root-1", bytes.fromhex(e["prev"]),
                   bytes.fromhex(e["proof"]), "proof of a new root key")
            self.key = e["root"]
        self.head, self.version = digest, e["version"]
        if e["kind"] == "town":
            self.towns.add(self.address(e["recipient"]))
            for other in [e["escrow"], *e["others"]]:
                self.address(other)
        elif e["kind"] == "device":
            need(fingerprint(e["key"]) == e["device"], "id of a device")
            self.devices[e["device"]] = e
            self.address(e["recipient"], e["device"])
        elif e["kind"] == "numbers":
            self.blocks.append((e["device"], e["brief"], e["first"], e["last"]))
        elif e["kind"] == "revoke":
            for device, seq, head in (h.split(" ") for h in e["heads"]):
                self.accepted.append((device, int(seq), head, "head of a revocation"))
        elif e["kind"] == "user":
            need(fingerprint(e["key"]) == e["user"], "id of a user")
            self.users[e["user"]] = e
        elif e["kind"] == "form":
            self.forms[f'{e["form"]}@{e["number"]}'] = H("satomado-form-1", e["text"].encode())
        elif e["kind"] == "reference":
            versions = self.references.setdefault(e["name"], {})
            need(e["number"] == len(versions) + 1 and 0 < e["size"] <= 1 << 26,
                 "number of reference data")
            versions[e["number"]] = e


# --- Events ---

HEADER = ["v", "device", "seq", "prev", "record", "form", "op", "bases", "actor", "reg", "at",
          "mono", "boot", "body"]


class Journal:
    """What all the bundles say together: the chains, the numbers given, what is claimed of either."""

    def __init__(self):
        self.chains, self.claims, self.bundles, self.records = {}, [], {}, {}
        self.blobs, self.finalised, self.closed, self.numbers = {}, {}, {}, {}
        self.extracts = {}

    def claim(self, device, seq, head, what):
        self.claims.append((device, seq, head, what))

    def add(self, e):
        chain = self.chains.setdefault(e["device"], {})
        seq, head = e["seq"], e["hash"]
        need(chain.get(seq, head) == head, "two events of one number")
        need(chain.get(seq - 1, e["prev"]) == e["prev"], "chain of events")
        chain[seq] = head
        known = {self.records.get(base, e["record"]) for base in e["bases"]}
        need(known <= {e["record"]}, "a base of another record")
        self.records[head] = e["record"]

    def claims_hold(self):
        """A head somebody names is the hash of that event, where the event was seen."""
        for device, seq, head, what in self.claims:
            need(self.chains.get(device, {}).get(seq, head) == head, what)


class Events:
    """Takes lines; every third or second makes an event."""

    def __init__(self, registry, counts):
        self.registry, self.counts, self.raw, self.event = registry, counts, None, None
        self.forms = set()

    def idle(self):
        return self.event is None

    def take(self, raw):
        """The event, when its last line has come."""
        if self.event is None:
            e = line(raw)
            need(list(e) == HEADER and e["v"] == 1 and e["op"] in OPS, "members of an event")
            need(e["bases"] == sorted(set(e["bases"])), "bases")
            need(e["actor"] in self.registry.users, "an actor nobody certified")
            need(bool(e["record"]) == bool(e["form"]), "record and form")
            e["hash"] = H("satomado-event-1", raw)
            self.event, self.content = e, None
            return None
        e = self.event
        if "content" not in e:
            e["content"] = None
            if raw != b'{"disposed":"yes"}':
                need(H("satomado-body-1", raw) == e["body"], "hash of a body")
                e["content"] = line(raw)
                need(re.fullmatch(HEX, e["content"].get("salt", "")), "salt")
            if e["op"] in SEALED:
                return None
        else:
            user = self.registry.users.get(e["actor"])
            need(user is not None, "an actor nobody certified")
            signed(user["key"], "satomado-act-1", bytes.fromhex(e["hash"]),
                   bytes.fromhex(line(raw)["sign"]), "seal of an act")
        self.event = None
        if e["form"]:
            self.forms.add(e["form"])
        self.counts["events"] += 1
        self.counts[e["op"]] = self.counts.get(e["op"], 0) + 1
        return e


# --- Sections ---

def check_number(text, device, registry):
    """A receipt number: its check digit, and that the device had been given it."""
    parts = re.fullmatch(r"((?:.+)-(.+)-(?:.+))-([0-9]{5})-([0-9])", text)
    need(parts, "a receipt number")
    total = 0
    for byte in parts[1].encode():
        total = (3 * total + byte) % 997
    total += sum(int(d) * w for d, w in zip(reversed(parts[3]), (2, 3, 5, 7, 11)))
    need(int(parts[4]) == total % 11 % 10, "check digit of a receipt number")
    need(any(d == device and brief == parts[2] and first <= int(parts[3]) <= last
             for d, brief, first, last in registry.blocks), "a receipt number of another block")


def note_finalise(e, journal, registry):
    """Numbers a device gave, by the day they were given for."""
    given = (e["content"] or {}).get("set", {}) if e["op"] == "act" else {}
    if given.get("receipt_no") and (e["content"]["action"] == "finalise"):
        check_number(given["receipt_no"], e["device"], registry)
        need(given["receipt_no"] not in journal.numbers, "a receipt number twice")
        journal.numbers[given["receipt_no"]] = e["record"]
        journal.finalised.setdefault((e["device"], given["received_on"]), []).append(
            (given["received_at"], e["record"], given["receipt_no"], e["form"].split("@")[0]))


def check_close(e, journal, counts):
    """A close speaks of what its device wrote since the one before, and of all of its day."""
    body, device = e["content"], e["device"]
    need(body["last"] == e["seq"] - 1 and body["head"] == e["prev"], "close")
    before = journal.closed.get(device, 0 if 1 in journal.chains[device] else None)
    need(before is None or body["first"] == before + 1, "first event of a close")
    journal.closed[device] = body["last"]
    if 1 not in journal.chains[device]:
        return  # what it gave numbers for before this bundle is not known
    day = sorted(journal.finalised.get((device, body["day"]), []))
    list_ = "".join(f"{number} {record}\n" for _, record, number, _ in day)
    need(H("satomado-day-1", list_.encode()) == body["list"], "list of a day")
    forms = [form for _, _, _, form in day]
    need(body["counts"] == {f: str(forms.count(f)) for f in forms}, "counts of a day")
    counts["days"] = counts.get("days", 0) + 1


def note_user(e, journal):
    body = e["content"] or {}
    if "restored" in body:
        journal.claim(body["restored"], body["seq"], body["head"], "head of what was restored")


def read_chain(head, index, section, lines, registry, counts, journal):
    device, first, last, end = head["chains"][index]
    need(section == {"section": "chain", "device": device, "first": first, "last": last}, "section")
    known = registry.devices.get(device)
    need(known is not None, "a device nobody certified")
    events, before, seq, latest = Events(registry, counts), None, first, None
    for raw in lines:
        if events.idle() and raw.startswith(b'{"checkpoint":'):
            c = line(raw)
            need(c["checkpoint"] == device and c["seq"] == last and c["head"] == end == before
                 and seq == last + 1, "checkpoint")
            message = spell({"town": head["town"], "device": device, "seq": last, "head": end})
            signed(known["key"], "satomado-checkpoint-1", message.encode(),
                   bytes.fromhex(c["sign"]), "signature of a checkpoint")
            if known["role"] == "counter" and (device, last, end) not in registry.ends():
                need(latest["op"] == "close", "close")
                need("supervisor" in registry.users[latest["actor"]]["roles"], "close")
            return events.forms
        e = events.take(raw)
        if e is None:
            continue
        need(e["device"] == device and e["seq"] == seq, "number of an event")
        need(e["prev"] == (before or (ZERO if seq == 1 else e["prev"])), "chain of events")
        before, seq, latest = e["hash"], seq + 1, e
        journal.add(e)
        note_blob(e, journal)
        note_finalise(e, journal, registry)
        if e["op"] == "close":
            check_close(e, journal, counts)
        elif e["op"] == "user":
            note_user(e, journal)
    raise Wrong("a chain without a checkpoint")


def note_blob(e, journal):
    if e["op"] == "attach" and e["content"]:
        body = e["content"]
        need(list(body["set"].values()) == [body["blob"]], "the field of an attachment")
        journal.blobs[body["blob"]] = (body["salt"], int(body["size"]))


def read_registry(head, section, lines, registry, journal):
    """What goes on from another extract goes on where that one's registry ended."""
    journal.extracts[head["id"]] = head
    head["first entry"] = section["first"]
    first, last = section["first"], section["last"]
    need(list(section) == ["section", "first", "last"] and last == head["registry"], "section")
    need(1 <= first <= last + 1 and first <= registry.version + 1, "entries that go on from others")
    lines = list(lines)
    need(len(lines) == 2 * (last - first + 1), "entries")
    for i in range(0, len(lines), 2):
        registry.entry(lines[i], lines[i + 1])


def goes_on(head, section, journal):
    need(list(section) == ["section", "count", "since", "after"], "section")
    need(all(re.fullmatch(f"({HEX})?", section[m]) for m in ("since", "after")), "section")
    if head["kind"] == "copy":
        need(section["since"] == section["after"] == "", "a copy that goes on from another")
        return
    for before in filter(None, (journal.extracts.get(section[m]) for m in ("since", "after"))):
        need((before["from"], before["kind"]) == (head["from"], "extract")
             and before["number"] < head["number"], "an extract before this one")
    since = journal.extracts.get(section["since"], {"registry": head["first entry"] - 1})
    need(head["first entry"] == (since["registry"] + 1 if section["since"] else 1),
         "the first entry after another extract")


def read_records(head, section, lines, registry, counts, journal):
    goes_on(head, section, journal)
    events, record, heads, seen, bases = Events(registry, counts), None, [], set(), set()

    def finish():
        need(bases <= seen and sorted(seen - bases) == heads, "a record that is not whole")

    for raw in lines:
        if events.idle() and raw.startswith(b'{"record":'):
            if record:
                finish()
            r = line(raw)
            record, heads, seen, bases = r["record"], r["heads"], set(), set()
            counts["records"] = counts.get("records", 0) + 1
            continue
        e = events.take(raw)
        if e is None:
            continue
        need(record and e["record"] == record and e["op"] in HISTORY, "an event out of place")
        seen.add(e["hash"])
        bases |= set(e["bases"])
        journal.claim(e["device"], e["seq"], e["hash"], "an event of a record")
        note_blob(e, journal)
    if record:
        finish()
    need(events.idle() and counts.get("records", 0) == section["count"], "count of records")
    return events.forms


def read_receipt(head, section, lines, registry, counts, journal):
    need(list(section) == ["section", "epoch", "registry", "at"] and section["epoch"] >= 1
         and section["registry"] == head["registry"], "section")
    hashes, complete = set(), True
    received = {"held": [], "missing": []}
    for raw in lines:
        r = line(raw)
        need(list(r) in (["device", "seq", "hash"], ["held", "reason"], ["missing"]), "receipt")
        counts[list(r)[0]] = counts.get(list(r)[0], 0) + 1
        if "device" not in r:
            received[list(r)[0]].append(r[list(r)[0]])
            continue
        need(r["device"] in registry.devices, "a receipt for a device nobody certified")
        journal.claim(r["device"], r["seq"], r["hash"], "hash in a receipt")
        chain = journal.chains.get(r["device"], {})
        complete = complete and all(seq in chain for seq in range(1, r["seq"] + 1))
        hashes |= set(chain.values())
    # Only who has all of these chains can tell what does not occur in them.
    need(not complete or set(received["held"]) <= hashes, "a held event nobody wrote")
    need(not complete or set(received["missing"]) <= set(journal.blobs), "an unknown attachment")


def read_bytes(section, lines, what, named):
    """Things of many bytes; named() says of the line before them: hash, size, what is hashed first."""
    wanted, size, digest, count = None, 0, None, 0

    def finish():
        need(wanted is None or (size == 0 and digest.hexdigest() == wanted), what)

    for raw in lines:
        b = line(raw)
        if list(b) != ["data"]:
            finish()
            wanted, size, begin = named(b)
            need(b["size"] == size, "size of " + what)
            digest, count = b2(begin), count + 1
        else:
            data = base64.b64decode(b["data"], validate=True)
            need(0 < len(data) == min(size, 262144), "a piece of " + what)
            digest.update(data)
            size -= len(data)
    finish()
    need(count == section["count"], "count of " + what)
    return count


def read_blobs(section, lines, counts, journal):
    def named(b):
        salt, size = journal.blobs.get(b["blob"], (None, None))
        need(list(b) == ["blob", "size"] and salt, "an unknown attachment")
        return b["blob"], size, b"satomado-blob-1\0" + bytes.fromhex(salt)

    counts["blobs"] = read_bytes(section, lines, "an attachment", named)


def read_reference(section, lines, registry, counts):
    def named(b):
        need(list(b) == ["reference", "number", "size"], "reference data")
        said = registry.references[b["reference"]][b["number"]]
        return said["hash"], said["size"], b"satomado-reference-1\0"

    found = read_bytes(section, lines, "reference data", named)
    if found:
        counts["references"] = found


# --- A bundle ---

def one_frame(data):
    """RFC 8878, 3.1.1: the blocks of the first frame end where the data ends."""
    need(data[:4] == b"\x28\xb5\x2f\xfd", "zstd: no frame")
    single, flags = data[4] >> 5 & 1, data[4]
    at = 5 + (not single) + (0, 1, 2, 4)[flags & 3] + ((single, 2, 4, 8)[flags >> 6])
    last = 0
    while not last:
        block = int.from_bytes(data[at:at + 3], "little")
        last, kind, size = block & 1, block >> 1 & 3, block >> 3
        need(at + 3 <= len(data) and kind < 3, "zstd: cut")
        at += 3 + (1 if kind == 1 else size)
    need(at + (4 if flags >> 2 & 1 else 0) == len(data), "zstd: more than one frame")


def stanzas(payload):
    """How many recipients the age file has; others than X25519 do not occur."""
    lines = payload[:payload.index(b"\n--- ")].split(b"\n")
    need(lines[0] == b"age-encryption.org/v1", "age: no file of version 1")
    found = [s.split(b" ") for s in lines if s.startswith(b"-> ")]
    need(all(s[1] == b"X25519" and len(s) == 3 for s in found), "age: a recipient of another kind")
    return len(found)


def open_payload(payload, identity):
    age = subprocess.run(["age", "-d", "-i", identity], input=payload, capture_output=True)
    need(age.returncode == 0, "age: " + age.stderr.decode().strip())
    one_frame(age.stdout)
    zstd = subprocess.run(["zstd", "-dc", "--memory=1MB"], input=age.stdout, capture_output=True)
    need(zstd.returncode == 0, "zstd: " + zstd.stderr.decode().strip())
    need(len(zstd.stdout) <= len(payload) * 200 + (1 << 20), "ratio")
    return zstd.stdout


def check_addressees(head, registry):
    """Whom a bundle goes to: those of the town and counters, or one device and the escrow."""
    to = set(head["to"])
    need(to <= set(registry.recipients), "a recipient nobody certified")
    devices = [registry.recipients[r] for r in to if registry.recipients[r]]
    up = registry.devices[head["from"]]["role"] != "town"
    need({"extract": not up, "receipt": not up, "copy": up}.get(head["kind"], True), "whose kind it is")
    need(to & registry.towns if up else len(devices) == 1, "recipients")
    need(not up or all(registry.devices[d]["role"] == "counter" for d in devices), "recipients")


def check_order(head, journal):
    """A device numbers its bundles and names the one before."""
    need((head["number"] == 1) == (head["prev"] == ZERO), "bundle before the first")
    ids = journal.bundles.setdefault(head["from"], {})
    need(ids.get(head["number"], (head["id"], 0))[0] == head["id"], "two bundles of one number")
    ids[head["number"]] = (head["id"], head["prev"])
    for number, (_, prev) in ids.items():
        need(ids.get(number - 1, (prev, 0))[0] == prev, "id of the bundle before")


def read_sections(head, lines, registry, counts, journal):
    sections, at = [], 0
    while at < len(lines):
        need(lines[at].startswith(b'{"section":'), "a line outside of sections")
        section, begin = line(lines[at]), at + 1
        at = begin
        while at < len(lines) and not lines[at].startswith(b'{"section":'):
            at += 1
        sections.append((section, lines[begin:at]))
    names = [s["section"] for s, _ in sections]
    order = {"chain": ["chain"] * len(head["chains"]), "extract": ["registry", "reference", "records"],
             "receipt": ["receipt"], "blobs": ["blobs"], "copy": ["records"]}
    need(names == order[head["kind"]], "sections")
    forms = set()
    for i, (section, inside) in enumerate(sections):
        if section["section"] == "chain":
            forms |= read_chain(head, i, section, inside, registry, counts, journal)
        elif section["section"] == "registry":
            read_registry(head, section, inside, registry, journal)
        elif section["section"] == "reference":
            read_reference(section, inside, registry, counts)
        elif section["section"] == "records":
            forms |= read_records(head, section, inside, registry, counts, journal)
        elif section["section"] == "receipt":
            read_receipt(head, section, inside, registry, counts, journal)
        else:
            read_blobs(section, inside, counts, journal)
    return forms


def read_bundle(data, identity, registry, journal, content=None):
    """With content, that stands for what is in the payload."""
    head, payload = read_header(data)
    need(head["town"] == registry.root, "another town")
    need(b2(payload, 64).hexdigest() == head["payload"], "hash of the payload")
    if content is None:
        need(stanzas(payload) == len(head["to"]), "number of recipients")
        content = open_payload(payload, identity)
    need(content.endswith(b"\n"), "the last line")
    lines, counts = content[:-1].split(b"\n"), {"events": 0}
    need(line(lines[0]) == first_line(head), "the first line is not the header")
    forms = read_sections(head, lines[1:-1], registry, counts, journal)
    need(counts["events"] == head["count"], "count of events")
    # Now everybody is known, also the device of an extract that brought its own registry.
    device = registry.devices.get(head["from"])
    need(device is not None, "a device nobody certified")
    signed(device["key"], "satomado-bundle-1", b2(head["signed"], 64).digest(), head["signature"],
           "signature of the bundle")
    seal = line(lines[-1])
    need(list(seal) == ["content"], "the last line")
    signed(device["key"], "satomado-content-1",
           b2(content[:content.rindex(b"\n", 0, -1) + 1]).digest(),
           bytes.fromhex(seal["content"]), "signature of the content")
    need(forms == {want.split(" ")[0] for want in head["requires"]}, "forms of the events")
    for want in head["requires"]:
        form, digest = want.split(" ")
        need(registry.forms.get(form) == digest, "form " + form)
    check_addressees(head, registry)
    check_order(head, journal)
    return {"kind": head["kind"], "number": head["number"], "id": head["id"], **counts}


def order_of(data):
    """Who is known comes first, then what happened, then what is said about it; by number."""
    words = dict(l.split(b" ", 1) for l in data[:65536].split(b"\n")[1:5] if b" " in l)
    kind, number = words.get(b"kind", b""), words.get(b"number", b"0")
    return ({b"extract": 0, b"chain": 1}.get(kind, 2), int(number) if number.isdigit() else 0)


def end_of_all(registry, journal):
    """What needs to have seen everything."""
    journal.claims += registry.accepted
    journal.claims_hold()


def main():
    arguments = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    arguments.add_argument("--root", required=True, help="fingerprint of the town's root key")
    arguments.add_argument("--identity", required=True, help="age identity file")
    arguments.add_argument("bundles", nargs="+")
    a = arguments.parse_args()
    files = [(name, open(name, "rb").read()) for name in a.bundles]
    files.sort(key=lambda f: order_of(f[1]))
    registry, journal, name = Registry(a.root), Journal(), ""
    try:
        for name, data in files:
            Count.signatures = 0
            result = read_bundle(data, a.identity, registry, journal)
            result["signatures"] = Count.signatures
            print(json.dumps(result, separators=(",", ":")))
        end_of_all(registry, journal)
    except REFUSALS as e:
        print(f"{name}: {e or type(e).__name__}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
