"""The canonical encoding of a RunSpec, written a second time: prints the digest pinned in src/run_spec.rs, or that of the
specification in a JSON file, such as the `spec` of a record in `runs.sqlite`: it is stored in its canonical form, without the
settings that are as before.

    pip install blake3
    python3 run_id.py [SPEC.json]
"""

import json
import struct
import sys

from blake3 import blake3


def text(value):
    data = value.encode()
    return struct.pack("<Q", len(data)) + data


def encode(value):
    if isinstance(value, bool):
        return b"t" if value else b"f"
    if isinstance(value, (int, float)):
        return b"d" + struct.pack("<d", value)
    if isinstance(value, str):
        return b"s" + text(value)
    if isinstance(value, list):
        return b"l" + struct.pack("<Q", len(value)) + b"".join(map(encode, value))
    items = sorted(value.items())
    return b"m" + struct.pack("<Q", len(items)) + b"".join(text(k) + encode(v) for k, v in items)


spec = {"activation": {"leaky_relu": {"slope": 0.01}}, "architecture": [64, 32], "seed": 7}
if len(sys.argv) > 1:
    with open(sys.argv[1], encoding="utf-8") as file:
        spec = json.load(file)
items = sorted(spec.items())
data = b"chainrule run 1" + struct.pack("<Q", len(items)) + b"".join(text(k) + encode(v) for k, v in items)
print(blake3(data).hexdigest())
