"""The files that a search has to open: those whose hashed names may match what is looked for.

The names of a file are kept as keyed hashes, so that a search opens few files and finds what it would find in all. Each
word is hashed in the forms in which `people` compares words: as letters and as sounds, its halves, every three letters
of it, and its stem. A search hashes all forms that a matching word can have, typing mistakes included. A word that
matches always has a hash among them; a file that is opened without need is compared and left out.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from hashlib import blake2b
from itertools import count
from typing import NamedTuple

from shelterctl.core.people import (
    FIRST_NAME,
    GUESSED_YEARS,
    LAST_NAME,
    PART_LETTERS,
    NameForm,
    Person,
    RoleWord,
)
from shelterctl.core.values.names import ALLOWED_SLIPS, AMBIGUOUS_LETTERS, LETTER_SOUNDS, NameWord

HASH_BYTES = 4
"""The length of a hash in bytes: long enough that names rarely share one by chance, and too short to name anybody."""

HASH_DIGITS = 2 * HASH_BYTES

(TWO_SLIPS_LETTERS, _), (ONE_SLIP_LETTERS, _) = ALLOWED_SLIPS
"""The fewest letters of both words in which two letters, or one, may be mistyped."""

MOST_LETTERS = 512
"""The most letters, in all spellings of what is looked for, up to which it is hashed; more opens every file."""

_OTHER_LETTER = "?"
_SILENT_LETTER = "ь"


class _FoldedLetters(dict[int, str]):
    """The one letter into which each letter is folded; letters of other alphabets, and figures, become one."""

    def __missing__(self, code: int) -> str:
        return _OTHER_LETTER


_ONE_SOUND = {letter: sound for letter, sound in LETTER_SOUNDS.items() if len(sound) == 1}
_OWN_LETTERS = {*LETTER_SOUNDS, *AMBIGUOUS_LETTERS, *"abcdefghijklmnopqrstuvwxyz", *"".join(LETTER_SOUNDS.values())}
_FOLDED = _FoldedLetters(
    {
        ord(letter): _ONE_SOUND.get(letter, letter if LETTER_SOUNDS.get(letter, letter) else _SILENT_LETTER)
        for letter in _OWN_LETTERS
    }
)
"""Letter by letter, so that a word keeps its length, and two words differ in no more letters than before."""

_ALPHABET = sorted({*_FOLDED.values(), _OTHER_LETTER})


class HashedPerson(NamedTuple):
    """The hashes of a person's names, one text a word, and of the year of birth; each hash has eight digits."""

    words: tuple[str, ...]
    birth: str


class NameHasher:
    """Hashes names and years with a *key*: without it nobody can try out which name a hash is of."""

    def __init__(self, key: bytes) -> None:
        self._keyed = blake2b(key=key, digest_size=HASH_BYTES)

    def hash_form(self, form: str) -> str:
        """Return the hash of one form of a word or of a year."""
        made = self._keyed.copy()
        made.update(form.encode())
        return made.hexdigest()

    def hash_person(self, person: Person) -> HashedPerson:
        """Return the hashes of all words of her names, in every form in which they are compared, and of her birth."""
        forms = (*person.own_forms, *person.other_forms)
        words = dict.fromkeys(self.hash_word(each.word) for form in forms for each in form)
        return HashedPerson(tuple(words), "".join(map(self.hash_form, _birth_forms(person))))

    def hash_word(self, word: NameWord) -> str:
        """Return the hashes of a word of a name, one after the other."""
        return "".join(self.hash_form(form) for form in dict.fromkeys(_word_forms(word)))


def _word_forms(word: NameWord) -> Iterator[str]:
    """Yield what is hashed of a word in a file: each spelling, and the halves of long ones; every three letters of its
    sounds; its stems.
    """
    for spelling in _spellings(word):
        yield f"word {spelling}"
        if len(spelling) >= TWO_SLIPS_LETTERS:
            half = len(spelling) // 2
            yield f"begins {spelling[:half]}"
            yield f"ends {spelling[half:]}"
    for sound in sorted(word.sounds):
        yield from _part_forms(sound)
    yield from _stem_forms(word)


def _spellings(word: NameWord) -> list[str]:
    """Return a word as letters and as sounds, folded letter by letter."""
    return sorted({each.translate(_FOLDED) for each in (word.text, *word.sounds)})


def _part_forms(sound: str) -> Iterator[str]:
    folded = sound.translate(_FOLDED)
    return (f"part {folded[at : at + PART_LETTERS]}" for at in range(len(folded) - PART_LETTERS + 1))


def _stem_forms(word: NameWord) -> Iterator[str]:
    return (f"stem {stem.translate(_FOLDED)}" for stem in sorted(word.stems))


def _birth_forms(person: Person) -> Iterator[str]:
    if person.born:
        yield f"born {person.born.first.year}"
        if person.guessed:
            yield f"guessed {person.born.first.year}"


class CandidateFilter:
    """The filter of a search: says of the hashes in a file whether the file may match."""

    def __init__(self, asked: Person, key: bytes) -> None:
        self._hasher = NameHasher(key)
        self._forms: Sequence[NameForm] = (*asked.own_forms, *asked.other_forms)
        self._needs_birth = not asked.fields
        self._births = frozenset(map(self._hasher.hash_form, _births_that_match(asked))) if asked.born else None
        self._bits: dict[str, int] = {}
        self._unused_bit = count()
        self._ways: list[tuple[NameWord, int]] = []
        self._found: dict[str, frozenset[NameWord]] = {}
        words = {each.word for form in self._forms for each in form}
        self.opens_all = sum(len(each) for word in words for each in _spellings(word)) > MOST_LETTERS
        if not self.opens_all:
            for word in words:
                self._add_word(word)

    def may_match_word(self, hashes: str) -> bool:
        """Return whether a file in which a word has these hashes may match: one in which no word does cannot."""
        return self.opens_all or self._needs_birth or bool(self._words_like(hashes))

    def may_match_words(self, words: str) -> bool:
        """Return whether a file may match that has one of several words, whose hashes are separated by spaces."""
        return any(map(self.may_match_word, words.split()))

    def may_match(self, words: Iterable[str], birth: str) -> bool:
        """Return whether a file with these hashes, those of a `HashedPerson`, may match."""
        if self.opens_all:
            return True
        if self._births is not None and (birth or self._needs_birth) and self._births.isdisjoint(_split(birth)):
            return False
        if self._needs_birth:
            return self._births is not None
        found: set[NameWord] = set()
        for hashes in words:
            found |= self._words_like(hashes)
        return bool(found) and any(_enough_matches(form, found) for form in self._forms)

    def _words_like(self, hashes: str) -> frozenset[NameWord]:
        """Return the words looked for that may match a word with these hashes; many files share each word."""
        known = self._found.get(hashes)
        if known is None:
            bits = 0
            for one in _split(hashes):
                bits |= self._bits.get(one, 0)
            known = frozenset(word for word, way in self._ways if bits & way == way)
            self._found[hashes] = known
        return known

    def _add_word(self, word: NameWord) -> None:
        """Note each way in which a word may match: one hash that is enough, or several of one word together."""
        enough = set(_stem_forms(word))
        for spelling in _spellings(word):
            enough.update(f"word {each}" for each in _with_one_slip(spelling, ONE_SLIP_LETTERS))
            if len(spelling) >= TWO_SLIPS_LETTERS:
                enough.update(_exact_halves(spelling))
                self._add_way(word, *_halves_with_one_slip(spelling))
        self._add_way(word, enough)
        for sound in word.sounds:
            if parts := list(_part_forms(sound)):
                self._add_way(word, *([part] for part in parts))

    def _add_way(self, word: NameWord, *needed: Collection[str]) -> None:
        """Note that a word may match if a word of a file has one of the forms of each collection."""
        way = 0
        for forms in needed:
            bit = 1 << next(self._unused_bit)
            way |= bit
            for form in forms:
                one = self._hasher.hash_form(form)
                self._bits[one] = self._bits.get(one, 0) | bit
        self._ways.append((word, way))


def _split(hashes: str) -> Iterator[str]:
    return (hashes[at : at + HASH_DIGITS] for at in range(0, len(hashes), HASH_DIGITS))


def _enough_matches(form: Sequence[RoleWord], found: Collection[NameWord]) -> bool:
    """Return whether the words that may match are enough for `people.match_persons`: one of the first and one of the
    last name, and at most one name left over, beside two that match.
    """
    matched = [each for each in form if each.word in found]
    roles = {each.role for each in matched}
    left = sum(each.word not in found and not each.of_father for each in form)
    if any(each.role not in roles for each in form if each.role in (FIRST_NAME, LAST_NAME)):
        return False
    return bool(matched) and (left == 0 or (left == 1 and len(matched) > 1))


def _births_that_match(asked: Person) -> Iterator[str]:
    """Yield the hashed forms of the years of birth that match the one looked for: alone, only that year itself."""
    if asked.born is None:
        return
    year = asked.born.first.year
    if not asked.fields:
        yield f"born {year}"
        return
    for apart in range(-GUESSED_YEARS, GUESSED_YEARS + 1):
        yield f"guessed {year + apart}"
        if asked.guessed or abs(apart) <= 1:
            yield f"born {year + apart}"


def _with_one_slip(word: str, letters: int = 0) -> set[str]:
    """Return a folded word, and every word of at least so many letters with one letter wrong, missing, extra or
    swapped; a shorter word alone.
    """
    if len(word) < letters:
        return {word}
    cuts = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    made = {word, *(left + right[1:] for left, right in cuts if right)}
    made |= {left + right[1] + right[0] + right[2:] for left, right in cuts if len(right) > 1}
    for letter in _ALPHABET:
        made |= {left + letter + right for left, right in cuts}
        made |= {left + letter + right[1:] for left, right in cuts if right}
    return made if letters == 0 else {each for each in made if len(each) >= letters}


def _half_lengths(word: str) -> Iterator[int]:
    """Yield the lengths of the halves of words that have up to two letters more or less, the first half the shorter."""
    shortest = max(len(word) - 2, TWO_SLIPS_LETTERS)
    return iter(sorted({(length + more) // 2 for length in range(shortest, len(word) + 3) for more in (0, 1)}))


def _exact_halves(word: str) -> Iterator[str]:
    """Yield the halves that a word with two slips in the other half has: as they are, and with the letter from beyond
    the middle where two letters around it were swapped.
    """
    for half in _half_lengths(word):
        yield f"begins {word[:half]}"
        yield f"begins {word[: half - 1]}{word[half : half + 1]}"
        yield f"ends {word[-half:]}"
        yield f"ends {word[-half - 1 : -half]}{word[len(word) - half + 1 :]}"


def _halves_with_one_slip(word: str) -> tuple[set[str], set[str]]:
    """Return the first and the second halves that a word with one slip in each of them has."""
    begins, ends = set[str](), set[str]()
    for half in _half_lengths(word):
        for length in (half - 1, half, half + 1):
            begins |= {f"begins {each}" for each in _with_one_slip(word[:length]) if len(each) == half}
            ends |= {f"ends {each}" for each in _with_one_slip(word[-length:]) if len(each) == half}
    return begins, ends
