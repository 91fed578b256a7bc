"""Gates: one cheap search that tells whether any of several costly patterns can match at all.

A gate may open too often, never too seldom. Python tries the alternatives of a pattern one
after another at every position; here they are sorted by their first letter behind the
character before a word, so that most words are passed with a few comparisons.
"""

from __future__ import annotations

import re
from typing import Final

_GROUP_NAME: Final = re.compile(r"\(\?P<\w+>")
_LEADING: Final = re.compile(r"(?:\\b|\(\?<![^()]*\))+")
_QUANTIFIERS: Final = "?*+{"


def gate(*patterns: re.Pattern[str]) -> re.Pattern[str]:
    r"""Return a pattern that is found wherever one of several is, one character before it.

    Each pattern must begin at the beginning of a word. A search must begin one character before
    the text of interest, so the text needs a character before its first word.

    Examples
    --------
    >>> pattern = gate(re.compile(r"\b(?:no|none of)\b"), re.compile(r"(?<![\w-])wall of (?:silence|fear)"))
    >>> [bool(pattern.search(" " + text)) for text in ("none of it", "north of it", "a wall of fear", "a wall of stone")]
    [True, False, True, False]
    """
    branches = [branch for pattern in patterns for branch in _branches(_GROUP_NAME.sub("(?:", pattern.pattern))]
    # The set holds every character that is no part of a word, and letters beyond ASCII: it is looked for fast.
    return re.compile(rf"[^a-z0-9_](?:{_by_letter(branches)})")


def first_letters(body: str) -> str:
    r"""Return the letters that a match can begin with; nothing where that cannot be told.

    Examples
    --------
    >>> first_letters(r"(?:deep |wide )*ditch(?:es)?|moats?"), first_letters(r"(?<!the )\w+ belt")
    ('dmw', '')
    """
    found: set[str] = set()
    for branch in _branches(_GROUP_NAME.sub("(?:", body)):
        close = _close(branch) if branch.startswith("(?:") else 0
        if close:
            # What a group in front may leave out, the rest may begin with.
            inner, rest = first_letters(branch[3:close]), first_letters(branch[close + 2 :])
            if branch[close + 1] not in "?*" or not inner or not rest:
                return ""
            found |= {*inner, *rest}
        elif branch[:1].isalpha() and branch[1:2] not in {*_QUANTIFIERS}:
            found.add(branch[0])
        else:
            return ""
    return "".join(sorted(found))


def _by_letter(branches: list[str], depth: int = 3) -> str:
    """Return the alternatives as one pattern, those that begin with the same letters together."""
    if not depth:
        return "|".join(branches)
    letters: dict[str, list[str]] = {}
    others: list[str] = []
    for branch in branches:
        if branch[:1].isalpha() and branch[1:2] not in {*_QUANTIFIERS}:
            letters.setdefault(branch[0], []).append(branch[1:])
        else:
            others.append(branch)
    together = [f"{letter}(?:{_by_letter(rest, depth - 1)})" for letter, rest in letters.items()]
    return "|".join([*together, *others])


def opens(pattern: re.Pattern[str], low: str, start: int, end: int) -> bool:
    r"""Whether a gate opens in a stretch of a text.

    Examples
    --------
    >>> opens(gate(re.compile(r"\b(?:none|nor)\b")), "none here", 0, 9)
    True
    """
    if start:
        return pattern.search(low, start - 1, end) is not None
    return pattern.search(" " + low[:end]) is not None


def _branches(body: str) -> list[str]:
    """Return the alternatives of a pattern, those of a group at its beginning written out."""
    found: list[str] = []
    for branch in _split(body):
        leading = _LEADING.match(branch)
        bare = branch[leading.end() :] if leading else branch
        close = _close(bare) if bare.startswith("(?:") else 0
        if close and bare[close + 1 : close + 2] not in {*_QUANTIFIERS}:
            found += [inner + bare[close + 1 :] for inner in _branches(bare[3:close])]
        else:
            found.append(bare)
    return found


def _split(body: str) -> list[str]:
    """Split at the bars that stand in no group and no set."""
    parts, last = [], 0
    for at, char, depth in _marks(body):
        if char == "|" and depth == 0:
            parts.append(body[last:at])
            last = at + 1
    return [*parts, body[last:]]


def _close(body: str) -> int:
    """Return where the group that a pattern begins with ends."""
    return next(at for at, char, depth in _marks(body) if char == ")" and depth == 0)


def _marks(body: str) -> list[tuple[int, str, int]]:
    """Return the bars and closing brackets that are syntax, each with the depth that it leaves."""
    found: list[tuple[int, str, int]] = []
    depth, at = 0, 0
    while at < len(body):
        char = body[at]
        if char == "\\":
            at += 1
        elif char == "[":
            # A bracket right after the first one, or after a caret, belongs to the set.
            at += 2 if body[at + 1] == "^" else 1
            at += 1 if body[at] == "]" else 0
            while body[at] != "]":
                at += 2 if body[at] == "\\" else 1
        elif char == "(":
            depth += 1
        elif char in ")|":
            depth -= char == ")"
            found.append((at, char, depth))
        at += 1
    return found
