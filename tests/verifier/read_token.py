#!/usr/bin/env python3
"""read_token: an independent reader of what stands in QR codes, written from doc/FORMAT.md alone.

    read_token.py --root FINGERPRINT [--device KEY] TOKEN

Prints what it says as one JSON line; ends with 1 and a reason when the device with this public key
(hex) did not sign it for this town. Shares no code with the program.
"""
import argparse
import base64
import datetime
import json
import re
import sys
import uuid

from read_bundle import Wrong, fingerprint, need, signed

KINDS = {"P": "person", "S": "sheet"}


def day(number):
    return str(datetime.date(1970, 1, 1) + datetime.timedelta(number)) if number else ""


def read(text, root, key):
    text = text.strip().upper()
    need(re.fullmatch("SM1[PS][A-Z2-7]{149}", text), "no token")
    raw = base64.b32decode(text[4:] + "===")
    need(len(raw) == 93 and base64.b32encode(raw).decode().rstrip("=") == text[4:], "stray bits")
    town, device, record, issued, until, signature = (
        raw[:4], raw[4:9], raw[9:25], raw[25:27], raw[27:29], raw[29:])
    need(bytes.fromhex(root).startswith(town), "another town")
    need(fingerprint(key).startswith(device.hex()), "another device")
    signed(key, "satomado-token-1", text[:4].encode() + bytes.fromhex(root) + raw[:29], signature,
           "signature")
    return {"kind": KINDS[text[3]], "town": town.hex(), "device": device.hex(),
            "record": str(uuid.UUID(bytes=record)),
            "issued": day(int.from_bytes(issued, "big")), "until": day(int.from_bytes(until, "big"))}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--root", required=True)
    parser.add_argument("--device", required=True)
    parser.add_argument("token")
    args = parser.parse_args()
    try:
        print(json.dumps(read(args.token, args.root, args.device)))
    except (Wrong, ValueError) as error:
        sys.exit("refused: %s" % error)


if __name__ == "__main__":
    main()
