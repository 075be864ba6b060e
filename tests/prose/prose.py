"""Report phrases that make prose hard to read, and sentences that are too long.

    prose.py            list the phrases; exit code 1 if a clean area has one
    prose.py --long     list the long sentences too
    prose.py --counts   print both per 1,000 words, for each area
    prose.py AREA...    look at these areas only

`prose.toml` lists the areas and the phrases. Questions are exempt. Code is not read.
"""

import argparse
import bisect
import re
import sys
import tomllib
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
SETTINGS = tomllib.loads(Path(__file__).with_name("prose.toml").read_text())

# A reader returns the text of a file with everything else blanked out, so that each letter keeps its place.
# BREAK ends a passage; CODE takes the place of names and numbers.
BREAK = "\x1e"
CODE = "X"


def blank(match):
    return re.sub(r"[^\n]", " ", match[0])


def ended(match):
    return BREAK + re.sub(r"[^\n]", " ", match[0][1:])


def coded(match):
    return re.sub(r"[^\n]", CODE, match[0])


def markdown(text):
    text = re.sub(r"^ *```.*?^ *```", ended, text, flags=re.M | re.S)
    text = re.sub(r"\{%.*?%\}|\{#.*?#\}|<!--.*?-->", blank, text, flags=re.S)
    text = re.sub(r"\{\{.*?\}\}|`[^`]*`", coded, text, flags=re.S)
    text = re.sub(r"\]\([^)]*\)|https?://[^\s)>]*", blank, text)
    return re.sub(r"^[ ]*(#+|[-*]|\d+\.) |[|]|\n(?=\s*\n)", ended, text, flags=re.M)


RUST = re.compile(
    r"""(?P<comment>//[/!]?(?P<line>[^\n]*))
    |(?P<raw>b?r(?P<hashes>\#*)"(?P<raw_text>.*?)"(?P=hashes))
    |(?P<string>b?"(?P<text>(?:\\.|[^"\\])*)")
    |'(?:\\.[^']*|[^'\\])'""",
    re.X | re.S,
)


def is_message(text):
    return re.search(r"[A-Za-z]{2,}[,;:]? [A-Za-z]{2,}", text)


def rust(text, read):
    """The comments of Rust source, or the messages that are outside of its tests."""
    if read == "messages":
        text = re.sub(r"^#\[cfg\(test\)\]\nmod tests \{.*", blank, text, flags=re.M | re.S)
    kept, end = [], 0
    for match in RUST.finditer(text):
        code = text[end : match.start()]
        kept.append(ended([code]) if code.strip() else code)
        end = match.end()
        group = next((name for name in ("line", "raw_text", "text") if match[name] is not None), None)
        wanted = group and (read == "comments") == (group == "line")
        if not wanted or (read == "messages" and not is_message(match[group])):
            kept.append(ended(match) if group != "line" else blank(match))
            continue
        prose = match[group]
        if group == "text":
            prose = re.sub(r"\\\n\s*", blank, prose)
            prose = re.sub(r"\\[nrt]", BREAK + " ", prose)
            prose = re.sub(r"\{[^}]*\}", coded, prose)
        before = text[match.start() : match.start(group)]
        kept.append(ended([before]) if group != "line" else " " * len(before))
        kept.append(prose + " " * (match.end() - match.end(group)))
    kept.append(ended([text[end:]]) if end < len(text) else "")
    return markdown("".join(kept))


def hashed(text):
    """Comments that begin with #; the strings of a question or a claim; docstrings of Python."""
    kept = re.compile(r'^\s*#+(?P<comment>[^\n]*)|^(?:question|text) = "(?P<text>[^"\n]*)"|"""(?P<doc>.*?)"""', re.M | re.S)
    result, end = [], 0
    for match in kept.finditer(text):
        group = match.lastgroup
        code = text[end : match.start()]
        result.append(ended([code]) if code.strip() else code)
        edge = " " if group == "comment" else BREAK
        before = text[match.start() : match.start(group)]
        result.append(re.sub(r"[^\n]", " ", before[:-1]) + edge if before else "")
        result.append(match[group] + BREAK.ljust(match.end() - match.end(group)) if group != "comment" else match[group])
        end = match.end()
    result.append(re.sub(r"[^\n]", " ", text[end:]))
    return markdown("".join(result))


def template(text):
    text = re.sub(r"<style.*?</style>|<script.*?</script>", ended, text, flags=re.S)
    text = re.sub(r"\{%.*?%\}", blank, text, flags=re.S)
    text = re.sub(r"\{\{.*?\}\}", coded, text, flags=re.S)
    return re.sub(r"</?(p|h\d|li|td|th|div|summary|title|label)\b[^>]*>|<[^>]*>", ended, text)


def script(text):
    return rust(text, "comments")


def style(text):
    return "".join(
        piece if piece.startswith("/*") else ended([piece]) for piece in re.split(r"(/\*.*?\*/)", text, flags=re.S) if piece
    )


READERS = {".md": markdown, ".jinja": markdown, ".toml": hashed, ".py": hashed, ".html": template, ".js": script, ".css": style}


def prose_of(path, text, read):
    prose = rust(text, read) if path.suffix == ".rs" else READERS.get(path.suffix, hashed)(text)
    assert len(prose) == len(text), path
    return prose


def sentences(prose):
    """Each sentence with the place where it begins."""
    for match in re.finditer(rf"[^{BREAK}]+?(?:[.!?][)\"”*]*(?=\s)|(?={BREAK})|$(?!\n))", prose, re.S):
        if match[0].strip():
            yield match.start(), match[0]


def words(sentence):
    """The words of a sentence; names in code are none."""
    return [word for word in re.findall(r"[A-Za-z][\w'’-]*", sentence) if word.strip(CODE)]


PHRASES = [(re.compile(each["pattern"], re.I), each["instead"]) for each in SETTINGS["phrase"]]


def phrases_in(sentence, start):
    """Each phrase as (place, phrase, instead). A line may end inside of one."""
    places, joined = [], ""
    for word in re.finditer(r"\S+", sentence):
        joined += " " if joined else ""
        places.append((len(joined), start + word.start()))
        joined += word[0]
    if joined.rstrip(")\"”*").endswith("?"):
        return
    for pattern, instead in PHRASES:
        for match in pattern.finditer(joined):
            word = bisect.bisect(places, match.start(), key=lambda place: place[0]) - 1
            yield places[word][1], match[0], instead


def findings(prose):
    """The words of a text, its phrases as (place, phrase, instead), and its long sentences as (place, words, sentence)."""
    count, phrases, long = 0, [], []
    for start, sentence in sentences(prose):
        length = len(words(sentence))
        count += length
        if length > SETTINGS["max_words"]:
            first = start + len(sentence) - len(sentence.lstrip())
            long.append((first, length, " ".join(sentence.split())))
        phrases += phrases_in(sentence, start)
    return count, sorted(phrases), long


def files(area):
    excluded = {path for pattern in area.get("except", []) for path in PROJECT.glob(pattern)}
    return sorted({path for pattern in area["files"] for path in PROJECT.glob(pattern)} - excluded)


class Lines:
    def __init__(self, path, text):
        self.name = path.relative_to(PROJECT)
        self.starts = [0] + [match.end() for match in re.finditer("\n", text)]

    def of(self, place):
        return f"{self.name}:{bisect.bisect(self.starts, place)}"


def main():
    parser = argparse.ArgumentParser(description="Report phrases that make prose hard to read.")
    parser.add_argument("areas", nargs="*", metavar="AREA", help="look at these areas only")
    parser.add_argument("--long", action="store_true", help="list the long sentences too")
    parser.add_argument("--counts", action="store_true", help="print counts per 1,000 words, for each area")
    arguments = parser.parse_args()
    failed = False
    if arguments.counts:
        print(f"{'area':18} {'words':>7} {'phrases':>8} {'per 1,000':>10} {'long':>6} {'per 1,000':>10}")
    for name, area in SETTINGS["area"].items():
        if arguments.areas and name not in arguments.areas:
            continue
        total, phrases, long = 0, [], []
        for path in files(area):
            text = path.read_text()
            prose = prose_of(path, text, area.get("read", "comments"))
            lines = Lines(path, text)
            count, found, too_long = findings(prose)
            total += count
            phrases += [f"{lines.of(place)}: `{phrase}`; write: {instead}" for place, phrase, instead in found]
            long += [f"{lines.of(place)}: {length} words: {sentence}" for place, length, sentence in too_long]
        if arguments.counts:
            per = 1000 / max(total, 1)
            print(f"{name:18} {total:7} {len(phrases):8} {len(phrases) * per:10.1f} {len(long):6} {len(long) * per:10.1f}")
            continue
        if area["clean"] or arguments.areas:
            print("\n".join(phrases + (long if arguments.long else [])), end="\n" if phrases or (long and arguments.long) else "")
        failed |= area["clean"] and bool(phrases)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
