#!/usr/bin/env python3
"""read_bundle: an independent reader of bundles, written from doc/FORMAT.md alone.

    read_bundle.py --root FINGERPRINT --identity FILE BUNDLE...

Opens each with the `age` and `zstd` commands and recomputes everything the format says: grammar and
order, every hash, every chain, every signature, every count. Devices and users are known from the
registry in a bundle of kind extract, which comes first whatever the order of the files. Prints one
JSON line for each bundle; ends with 1 and a reason when anything is not as it should be. Shares no
code with the program; needs nothing but Python 3 and the two commands.
"""
import argparse
import base64
import hashlib
import json
import re
import subprocess
import sys

ZERO = "0" * 64
HEX = "[0-9a-f]{64}"
SEALED = {"act", "close", "dispose", "resolve", "user"}
HISTORY = {"put", "act", "attach", "dispose", "resolve"}
OPS = SEALED | HISTORY | {"start", "read"}


class Wrong(Exception):
    pass


def need(condition, what):
    if not condition:
        raise Wrong(what)


# --- Hashes and signatures ---

def b2(data, size=32):
    return hashlib.blake2b(data, digest_size=size)


def H(domain, data):
    return b2(domain.encode() + b"\0" + data).hexdigest()


P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
I = pow(2, (P - 1) // 4, P)


def _recover_x(y, sign):
    if y >= P:
        return None
    x2 = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    if x2 == 0:
        return None if sign else 0
    x = pow(x2, (P + 3) // 8, P)
    if (x * x - x2) % P:
        x = x * I % P
    if (x * x - x2) % P:
        return None
    return P - x if x & 1 != sign else x


def _add(a, b):
    (x1, y1, z1, t1), (x2, y2, z2, t2) = a, b
    p, q = (y1 - x1) * (y2 - x2) % P, (y1 + x1) * (y2 + x2) % P
    r, s = 2 * t1 * t2 * D % P, 2 * z1 * z2 % P
    e, f, g, h = q - p, s - r, s + r, q + p
    return e * f % P, g * h % P, f * g % P, e * h % P


def _mul(n, point):
    out = (0, 1, 1, 0)
    while n:
        if n & 1:
            out = _add(out, point)
        point = _add(point, point)
        n >>= 1
    return out


def _decode(data):
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & (1 << 255) - 1
    x = _recover_x(y, sign)
    return None if x is None else (x, y, 1, x * y % P)


_by = 4 * pow(5, P - 2, P) % P
_bx = _recover_x(_by, 0)
BASE = (_bx, _by, 1, _bx * _by % P)


def ed25519(key, signature, message):
    """RFC 8032, 5.1.7."""
    if len(signature) != 64 or len(key) != 32:
        return False
    a, r = _decode(key), _decode(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if a is None or r is None or s >= L:
        return False
    k = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % L
    x1, y1, z1, _ = _mul(s, BASE)
    x2, y2, z2, _ = _add(r, _mul(k, a))
    return (x1 * z2 - x2 * z1) % P == 0 and (y1 * z2 - y2 * z1) % P == 0


class Count:
    signatures = 0


def signed(key, domain, data, signature, what):
    need(ed25519(bytes.fromhex(key), signature, domain.encode() + b"\0" + data), what)
    Count.signatures += 1


def fingerprint(key):
    return H("satomado-key-1", bytes.fromhex(key))


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
        ("kind", "(chain|extract|receipt|blobs)", 1, 1), ("town", HEX, 1, 1), ("from", HEX, 1, 1),
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
        self.devices, self.users, self.forms, self.town = {}, {}, {}, None

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
        if e["kind"] == "device":
            need(fingerprint(e["key"]) == e["device"], "id of a device")
            self.devices[e["device"]] = e
        elif e["kind"] == "user":
            need(fingerprint(e["key"]) == e["user"], "id of a user")
            self.users[e["user"]] = e
        elif e["kind"] == "form":
            self.forms[f'{e["form"]}@{e["number"]}'] = H("satomado-form-1", e["text"].encode())


# --- Events ---

HEADER = ["v", "device", "seq", "prev", "record", "form", "op", "bases", "actor", "reg", "at",
          "mono", "boot", "body"]


class Events:
    """Takes lines; every third or second makes an event."""

    def __init__(self, registry, counts):
        self.registry, self.counts, self.raw, self.event = registry, counts, None, None

    def idle(self):
        return self.event is None

    def take(self, raw):
        """The event, when its last line has come."""
        if self.event is None:
            e = line(raw)
            need(list(e) == HEADER and e["v"] == 1 and e["op"] in OPS, "members of an event")
            need(e["bases"] == sorted(set(e["bases"])), "bases")
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
        self.counts["events"] += 1
        self.counts[e["op"]] = self.counts.get(e["op"], 0) + 1
        return e


# --- Sections ---

def read_chain(head, index, section, lines, registry, counts, blobs):
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
            if known["role"] == "counter":
                body = latest["content"]
                need(latest["op"] == "close" and body["last"] == last - 1
                     and body["head"] == latest["prev"], "close")
                need("supervisor" in registry.users[latest["actor"]]["roles"], "close")
            return
        e = events.take(raw)
        if e is None:
            continue
        need(e["device"] == device and e["seq"] == seq, "number of an event")
        need(e["prev"] == (before or (ZERO if seq == 1 else e["prev"])), "chain of events")
        before, seq, latest = e["hash"], seq + 1, e
        note_blob(e, blobs)
    raise Wrong("a chain without a checkpoint")


def note_blob(e, blobs):
    if e["op"] == "attach" and e["content"]:
        blobs[e["content"]["blob"]] = (e["content"]["salt"], e["content"]["size"])


def read_registry(head, section, lines, registry):
    need(section == {"section": "registry", "first": 1, "last": head["registry"]}, "section")
    lines = list(lines)
    need(len(lines) == 2 * head["registry"], "entries")
    for i in range(0, len(lines), 2):
        registry.entry(lines[i], lines[i + 1])


def read_records(section, lines, registry, counts, blobs):
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
        note_blob(e, blobs)
    if record:
        finish()
    need(events.idle() and counts.get("records", 0) == section["count"], "count of records")


def read_receipt(section, lines, counts):
    need(list(section) == ["section", "epoch", "registry", "at"], "section")
    for raw in lines:
        r = line(raw)
        need(list(r) in (["device", "seq", "hash"], ["held", "reason"], ["missing"]), "receipt")
        counts[list(r)[0]] = counts.get(list(r)[0], 0) + 1


def read_blobs(section, lines, counts, blobs):
    name, size, digest, count = None, 0, None, 0

    def finish():
        need(name is None or (size == 0 and digest.hexdigest() == name), "an attachment")

    for raw in lines:
        b = line(raw)
        if "blob" in b:
            finish()
            need(b["blob"] in blobs and blobs[b["blob"]][1] == b["size"], "an unknown attachment")
            name, size, count = b["blob"], b["size"], count + 1
            digest = b2(b"satomado-blob-1\0" + bytes.fromhex(blobs[name][0]))
        else:
            data = base64.b64decode(b["data"], validate=True)
            need(0 < len(data) == min(size, 262144), "a piece of an attachment")
            digest.update(data)
            size -= len(data)
    finish()
    need(count == section["count"], "count of attachments")
    counts["blobs"] = count


# --- A bundle ---

def open_payload(payload, identity):
    age = subprocess.run(["age", "-d", "-i", identity], input=payload, capture_output=True)
    need(age.returncode == 0, "age: " + age.stderr.decode().strip())
    zstd = subprocess.run(["zstd", "-dc", "--memory=1MB"], input=age.stdout, capture_output=True)
    need(zstd.returncode == 0, "zstd: " + zstd.stderr.decode().strip())
    need(len(zstd.stdout) <= len(payload) * 200 + (1 << 20), "ratio")
    return zstd.stdout


def read_bundle(data, identity, registry, blobs, content):
    head, payload = read_header(data)
    need(head["town"] == registry.root, "another town")
    need(b2(payload, 64).hexdigest() == head["payload"], "hash of the payload")
    plain = open_payload(payload, identity) if content is None else content
    need(plain.endswith(b"\n"), "the last line")
    lines = plain[:-1].split(b"\n")
    need(line(lines[0]) == first_line(head), "the first line is not the header")
    sections, at = [], 1
    while at < len(lines) - 1:
        need(lines[at].startswith(b'{"section":'), "a line outside of sections")
        section, begin = line(lines[at]), at + 1
        at = begin
        while at < len(lines) - 1 and not lines[at].startswith(b'{"section":'):
            at += 1
        sections.append((section, lines[begin:at]))
    counts = {"events": 0}
    names = [s["section"] for s, _ in sections]
    order = {"chain": ["chain"] * len(head["chains"]), "extract": ["registry", "records"],
             "receipt": ["receipt"], "blobs": ["blobs"]}
    need(names == order[head["kind"]], "sections")
    for i, (section, inside) in enumerate(sections):
        if section["section"] == "chain":
            read_chain(head, i, section, inside, registry, counts, blobs)
        elif section["section"] == "registry":
            read_registry(head, section, inside, registry)
        elif section["section"] == "records":
            read_records(section, inside, registry, counts, blobs)
        elif section["section"] == "receipt":
            read_receipt(section, inside, counts)
        else:
            read_blobs(section, inside, counts, blobs)
    need(counts["events"] == head["count"], "count of events")
    # Now everybody is known, also the device of an extract that brought its own registry.
    device = registry.devices.get(head["from"])
    need(device is not None, "a device nobody certified")
    signed(device["key"], "satomado-bundle-1", b2(head["signed"], 64).digest(), head["signature"],
           "signature of the bundle")
    seal = line(lines[-1])
    need(list(seal) == ["content"], "the last line")
    signed(device["key"], "satomado-content-1",
           b2(plain[:plain.rindex(b"\n", 0, -1) + 1]).digest(), bytes.fromhex(seal["content"]),
           "signature of the content")
    for want in head["requires"]:
        form, digest = want.split(" ")
        need(registry.forms.get(form) == digest, "form " + form)
    return {"kind": head["kind"], "number": head["number"], "id": head["id"], **counts}


def main():
    arguments = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    arguments.add_argument("--root", required=True, help="fingerprint of the town's root key")
    arguments.add_argument("--identity", required=True, help="age identity file")
    arguments.add_argument("bundles", nargs="+")
    a = arguments.parse_args()
    files = [(name, open(name, "rb").read()) for name in a.bundles]
    registry, blobs, total = Registry(a.root), {}, 0
    rank = {b"extract": 0, b"chain": 1}
    files.sort(key=lambda f: rank.get(f[1].split(b"\n")[1].split(b" ")[-1], 2) if b"\n" in f[1]
               else 3)
    for name, data in files:
        try:
            Count.signatures = 0
            result = read_bundle(data, a.identity, registry, blobs, None)
        except (Wrong, ValueError, KeyError, IndexError, TypeError) as e:
            print(f"{name}: {e or type(e).__name__}", file=sys.stderr)
            return 1
        result["signatures"] = Count.signatures
        total += 1
        print(json.dumps(result, separators=(",", ":")))
    return 0


if __name__ == "__main__":
    sys.exit(main())
