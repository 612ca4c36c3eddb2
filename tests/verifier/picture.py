#!/usr/bin/env python3
"""picture: a QR code drawn with half blocks on standard input, as a picture (PGM) on standard output."""
import sys

SCALE = 4
rows = [line.rstrip("\n") for line in sys.stdin]
rows = [row for row in rows if row and set(row) <= set(" ▀▄█")]
width = max(map(len, rows))
pixels = []
for row in rows:
    for dark in "▀█", "▄█":
        line = bytes(v for c in row.ljust(width) for v in [0 if c in dark else 255] * SCALE)
        pixels += [line] * SCALE
sys.stdout.buffer.write(b"P5 %d %d 255\n" % (width * SCALE, len(pixels)) + b"".join(pixels))
