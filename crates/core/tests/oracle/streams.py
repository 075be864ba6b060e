"""A second implementation of the random streams, with the Python standard library alone.

ChaCha8 (D. J. Bernstein, 2008, with a 64-bit counter and a 64-bit stream number) and the draws made from it.
"""

import math
import struct

from literals import show

MASK = 0xFFFFFFFF


def rotate(x, n):
    return ((x << n) & MASK) | (x >> (32 - n))


def quarter(s, a, b, c, d):
    s[a] = (s[a] + s[b]) & MASK
    s[d] = rotate(s[d] ^ s[a], 16)
    s[c] = (s[c] + s[d]) & MASK
    s[b] = rotate(s[b] ^ s[c], 12)
    s[a] = (s[a] + s[b]) & MASK
    s[d] = rotate(s[d] ^ s[a], 8)
    s[c] = (s[c] + s[d]) & MASK
    s[b] = rotate(s[b] ^ s[c], 7)


def words(key):
    counter = 0
    while True:
        start = list(struct.unpack("<4I", b"expand 32-byte k")) + list(struct.unpack("<8I", key))
        start += [counter & MASK, counter >> 32, 0, 0]
        s = list(start)
        for _ in range(4):
            for column in [(0, 4, 8, 12), (1, 5, 9, 13), (2, 6, 10, 14), (3, 7, 11, 15)]:
                quarter(s, *column)
            for diagonal in [(0, 5, 10, 15), (1, 6, 11, 12), (2, 7, 8, 13), (3, 4, 9, 14)]:
                quarter(s, *diagonal)
        yield from ((x + y) & MASK for x, y in zip(s, start))
        counter += 1


def stream(seed, purpose, layer, step):
    source = words(struct.pack("<4Q", seed, purpose, layer, step))
    while True:
        low = next(source)
        yield low | (next(source) << 32)


def uniforms(source):
    for word in source:
        yield (word >> 11) * 2.0**-53


def normals(source):
    draws = uniforms(source)
    while True:
        radius = math.sqrt(-2.0 * math.log(1.0 - next(draws)))
        angle = 2.0 * math.pi * next(draws)
        yield radius * math.cos(angle)
        yield radius * math.sin(angle)


def below(bound, source):
    while True:
        product = next(source) * bound
        if product % 2**64 >= 2**64 % bound:
            return product >> 64


def shuffled(n, source):
    items = list(range(n))
    for last in range(n - 1, 0, -1):
        chosen = below(last + 1, source)
        items[last], items[chosen] = items[chosen], items[last]
    return items


class Stream:
    """Draws of all kinds from one stream. The second normal number of a pair is kept for the next call."""

    def __init__(self, *key):
        self.words = stream(*key)
        self.uniforms, self.normals = uniforms(self.words), normals(self.words)

    def uniform(self):
        return next(self.uniforms)

    def normal(self):
        return next(self.normals)

    def below(self, bound):
        return below(bound, self.words)


WEIGHTS, BATCH_ORDER, SPLIT, GENERATE, SEARCH = 1, 2, 3, 4, 5
LABEL_NOISE, FEATURE_NOISE = 7, 8

if __name__ == "__main__":
    first = uniforms(stream(7, WEIGHTS, 1, 0)), normals(stream(7, WEIGHTS, 1, 0))
    show(
        {
            "uniforms": [next(first[0]) for _ in range(2)],
            "normals": [next(first[1]) for _ in range(3)],
            "order": shuffled(10, stream(0, BATCH_ORDER, 0, 3)),
        }
    )
