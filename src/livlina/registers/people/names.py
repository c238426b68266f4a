"""Names as search sees them: folded parts, and how a part sounds. No database, no Django.

Folding makes `Ann-Marie Åkesson` findable as `akesson ann`; the sound key makes `Lindkvist` and `Lindqvist`,
`Christina` and `Kristina`, `Anderson` and `Andersson` one. Equality on such keys is an indexable, leakproof
comparison under row-level security, which LIKE and trigrams are not.
"""

import re
import unicodedata

_LETTERS = str.maketrans({"ø": "o", "æ": "a", "ß": "ss", "đ": "d", "ð": "d", "þ": "th", "ł": "l", "ı": "i"})
_JOINTS = re.compile(r"[^a-z0-9\s]+")

_SOUNDS = [
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"^[hdgl]j", "j"),
        (r"ph", "f"),
        (r"sch|sk(?=[ieyj])|stj|sj|tj|kj|sh|ch(?=[aou])", "s"),
        (r"ch|ck|q|c(?=[^iey]|$)|x", "k"),
        (r"c|z", "s"),
        (r"w|hv", "v"),
        (r"th|dt", "t"),
        (r"gh|(?<=r)gh?(?=$)", "g"),
        (r"(?<!^)h", ""),
        (r"(?<!^)j", "i"),
    )
]
_SOUND_LETTERS = "bdfghklmnprstv"


def fold(text: str) -> str:
    """Lower case without accents: `Åkesson` is `akesson`, `Ärlöv-Müller` is `arlov-muller`."""
    bare = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    return "".join(letter for letter in bare if not unicodedata.combining(letter))


def parts(text: str) -> list[str]:
    """The searchable parts of a written name, in order: spaces and hyphens divide, apostrophes do not."""
    divided = fold(text).replace("-", " ").replace("\u2013", " ")
    return _JOINTS.sub("", divided).split()


def sound(part: str) -> str:
    """How a folded part sounds: its first letter (any vowel alike) and the consonants after it, none doubled."""
    for pattern, replacement in _SOUNDS:
        part = pattern.sub(replacement, part)
    first = "a" if part[:1] in "aeiouy" else part[:1]
    heard = [first] if first else []
    for letter in part[1:]:
        if letter in _SOUND_LETTERS and letter != heard[-1]:
            heard.append(letter)
    return "".join(heard)[:12]


def near(key: str) -> list[str]:
    """The key and every key one slip away (a letter lost, added, exchanged, or two that changed places)."""
    cuts = [(key[:place], key[place:]) for place in range(1, len(key) + 1)]
    lost = {left + right[1:] for left, right in cuts if right}
    swapped = {left + right[1] + right[0] + right[2:] for left, right in cuts if len(right) > 1}
    exchanged = {left + letter + right[1:] for left, right in cuts if right for letter in _SOUND_LETTERS}
    added = {left + letter + right for left, right in cuts for letter in _SOUND_LETTERS}
    return sorted({key} | lost | swapped | exchanged | added)


def rows(*names: str) -> list[tuple[str, str]]:
    """(part, the other parts with a space before each) for every part of a whole name, family name first.

    A double name is also found written as one word: `Ann-Marie` as `annmarie`.
    """
    whole = [part for name in names for part in parts(name)]
    found = {
        (part, "".join(f" {other}" for index, other in enumerate(whole) if index != place))
        for place, part in enumerate(whole)
    }
    for name in names:
        for word in name.split():
            if len(joined := parts(word)) > 1:
                rest = [part for part in whole if part not in joined]
                found.add(("".join(joined), "".join(f" {part}" for part in rest)))
    return sorted(found)


def distance(one: str, two: str) -> int:
    """How many letters must be changed, added or lost to make `two` of `one` (Levenshtein)."""
    row = list(range(len(two) + 1))
    for i, a in enumerate(one, 1):
        previous, row[0] = row[0], i
        for j, b in enumerate(two, 1):
            previous, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, previous + (a != b))
    return row[-1]
