"""Substitution: a near-copy of a sentence that says it of something else, or says more than it does.

`The green lamp blinks twice` becomes `The red lamp blinks twice`, where the documents speak of a red lamp elsewhere;
`The deputy mayor …` becomes `The mayor …`, where they speak of the mayor too; `Berg taught Moe` becomes `Moe taught
Berg`; `Dogs are admitted only in January` becomes `Dogs are admitted`. All words of the claim are found, so that
overlap does not show it. Comparing the two clauses word by word does.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations, pairwise

from rag.evidence import Claim, EvidencePool, Ground, missing_numbers
from rag.text import POINTS_BACK, same_size, stem, tokens
from rag.verification.checks.alignment import Aligned, Difference, Words
from rag.verification.checks.check import Finding
from rag.verification.checks.claim import PreparedClaim

_MOST_SAID, _MOST_TOLD = 3, 4
"""The most content words of a claim, and of a clause, that one thing is called by; a longer part was rewritten."""
_AND = "and"
_ARTICLES = frozenset(["the", "a", "an"])
_LISTS = frozenset([_AND, "or"])
_KINDS = frozenset(
    stem(word)
    for word in (
        "film movie company firm corporation business bank city town village country state province region area river "
        "lake sea ocean mountain island band group album song single novel book play poem series show season episode "
        "game team club league school university college museum bridge church castle building tower ship aircraft car "
        "vehicle model product device machine system software program language disease condition drug medicine plant "
        "animal species bird fish organization organisation agency institution law act treaty agreement war battle "
        "event festival tournament competition study paper report article document project site place term name word"
    ).split()
)
"""What a document calls a thing by after its name: *the film*."""
_OTHER_PREDICATE = frozenset([_AND, "but", "which", "who"])
_OTHER_VOICE = frozenset(stem(word) for word in "is are was were be been being by".split())
_RESTRICTING = frozenset(
    "only except unless if provided may might could some few rarely seldom sometimes occasionally nearly almost "
    "planned proposed expected intended reportedly allegedly claims claimed".split()
)
"""Words without which a sentence says more."""
_POSSIBLE = frozenset("may might could".split())
_LONGEST_VERB = 3
"""Words of a verb with what goes with it: `could further limit`."""
_HEDGES = _POSSIBLE | frozenset(
    "can able allowed permitted entitled free possible possibly potential potentially perhaps likely risk option "
    "optional if would".split()
)


def substituted(claim: PreparedClaim) -> Finding | None:
    """The finding for a near-copy that says it of something else, or without a restriction; English only.

    Nothing is found if another clause that is as near says the same as the claim.
    """
    if claim.pool.language != "en":
        return None
    copies = claim.near_copies
    nearest = [each for each in copies if each.matched == max(other.matched for other in copies)]
    if not nearest or not all(_says_something_else(each, claim) for each in nearest):
        return None
    return Finding("relation", "the evidence says this about something else", nearest[0].index)


def _says_something_else(copy: Aligned, claim: PreparedClaim) -> bool:
    if _has_other_number(claim.support.claim, claim.pool.ground(copy.index)):
        return True
    if _is_turned_round(copy.said, copy.told):
        return True
    if any(_restricts(each, copy) or _strengthens(each, copy) for each in copy.differences):
        return True
    if _OTHER_VOICE & (set(copy.said.stems) - set(copy.told.stems)):
        return False
    return any(
        _is_replaced(each, copy, claim.pool) or _lacks_its_modifier(each, copy, claim.pool) for each in copy.differences
    )


def _is_replaced(place: Difference, copy: Aligned, pool: EvidencePool) -> bool:
    """Whether the claim has words of another clause, in which the words are lacking that the clause has there."""
    said, told = copy.said, copy.told
    here = (said.content & {*said.stems[place.start : place.end]}) - {*told.stems}
    there = (told.content & {*told.stems[place.at : place.until]}) - {*said.stems[place.start : place.end]}
    if not here or not there or len(here) > _MOST_SAID:
        return False
    if said.stems[place.start] in _OTHER_PREDICATE or here <= _KINDS or there <= _KINDS:
        return False
    short = len(there) <= _MOST_TOLD or told.stems[place.until - 1] == _AND  # `The bar opens at 5 and closes at 9`
    if not short or POINTS_BACK.search(" ".join(told.tokens[place.at : place.until])):
        return False
    return any(word in words and not there <= words for word in here for words in _elsewhere(copy, pool))


def _elsewhere(copy: Aligned, pool: EvidencePool) -> Iterator[frozenset[str] | set[str]]:
    """The content words of the other clauses of a sentence, and of all other sentences."""
    yield from copy.others
    yield from (words for index, words in enumerate(pool.content) if index != copy.index)


def _lacks_its_modifier(place: Difference, copy: Aligned, pool: EvidencePool) -> bool:
    """Whether words are left out between an article and its noun, and another sentence has the noun without them."""
    left_out = {*copy.told.stems[place.at : place.until]}
    if not place.is_left_out or not left_out <= copy.told.content or not _is_noun(copy.said, place.start):
        return False
    noun = copy.said.stems[place.start]
    return any(
        word == noun and article in _ARTICLES
        for index, candidate in enumerate(pool.candidates)
        if index != copy.index and noun in pool.content[index]
        for article, word in pairwise(map(stem, tokens(candidate.text)))
    )


def _is_noun(said: Words, place: int) -> bool:
    """Whether a content word stands at a place, directly after an article."""
    after_article = 0 < place < len(said.stems) and said.stems[place - 1] in _ARTICLES
    return after_article and said.stems[place] in said.content


def _restricts(place: Difference, copy: Aligned) -> bool:
    """Whether words are left out that begin with a restriction, or end with one: `only in May`, `it claims that`."""
    words = copy.told.tokens[place.at : place.until]
    return place.is_left_out and bool(_RESTRICTING & {words[0], *words[-2:]})


def _strengthens(place: Difference, copy: Aligned) -> bool:
    """Whether the claim is certain where the clause says what may be: `will` for `could`."""
    there = copy.told.tokens[place.at : place.until]
    is_one_verb = len(there) <= _LONGEST_VERB
    return is_one_verb and not _POSSIBLE.isdisjoint(there) and _HEDGES.isdisjoint(copy.said.tokens)


def _has_other_number(facts: Claim, ground: Ground) -> bool:
    """Whether a sentence has the digits of a number of the claim, but another sign, unit or bound: -6 for 6."""
    return any(
        any(same_size(number, other) for other in ground.quantities)
        and missing_numbers(Claim((number,), (), (), ()), [ground])
        for number in facts.quantities
    )


def _is_turned_round(said: Words, told: Words) -> bool:
    """Whether two parts of the clause changed places around a third one, in the same voice, outside of lists.

    What only moved, as a date that is put first, has not changed places with anything.
    """
    if _OTHER_VOICE & (set(said.stems) ^ set(told.stems)):
        return False
    shared = [word for word in said.stems if word in told.content and said.stems.count(word) == 1]
    places = [told.stems.index(word) for word in shared if told.stems.count(word) == 1]
    moved = _without_unmoved(places)
    if not moved or _LISTS & {*told.stems[min(moved) : max(moved)]}:
        return False
    return any(
        _rises([*moved[last:], *moved[first:last], *moved[:first]])
        for first, last in combinations(range(1, len(moved)), 2)
    )


def _without_unmoved(places: Sequence[int]) -> list[int]:
    """Places without those at the beginning and at the end that are the same when sorted."""
    moved = [at for at, pair in enumerate(zip(places, sorted(places), strict=True)) if pair[0] != pair[1]]
    return list(places[moved[0] : moved[-1] + 1]) if moved else []


def _rises(places: Sequence[int]) -> bool:
    return all(one < other for one, other in pairwise(places))
