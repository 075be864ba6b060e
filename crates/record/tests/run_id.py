"""The canonical encoding of a RunSpec, written a second time: prints the digest pinned in src/run_spec.rs.

Needs the package blake3 from PyPI: pip install blake3
"""

import struct

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
items = sorted(spec.items())
data = b"chainrule run 1" + struct.pack("<Q", len(items)) + b"".join(text(k) + encode(v) for k, v in items)
print(blake3(data).hexdigest())
