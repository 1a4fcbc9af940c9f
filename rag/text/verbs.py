"""English words that a stemmer does not relate: `sold` and `sell`, `begin` and `start`."""

from __future__ import annotations

from collections.abc import Iterable

_FORMS = """
arise arose arisen; awake awoke; bear bore borne; beat beaten; become became; begin began begun; bend bent; bind
bound; bite bit bitten; bleed bled; blow blew blown; break broke broken; breed bred; bring brought; build built; burn
burnt; buy bought; catch caught; choose chose chosen; come came; creep crept; deal dealt; dig dug; do did done; draw
drew drawn; drink drank drunk; drive drove driven; eat ate eaten; fall fell fallen; feed fed; feel felt; fight fought;
find found; flee fled; fly flew flown; forbid forbade forbidden; forget forgot forgotten; forgive forgave forgiven;
freeze froze frozen; get got gotten; give gave given; go went gone; grow grew grown; hang hung; hear heard; hide hid
hidden; hold held; keep kept; kneel knelt; know knew known; lay laid; lead led; leave left; lend lent; lie lay lain;
light lit; lose lost; make made; mean meant; meet met; pay paid; ride rode ridden; ring rang rung; rise rose risen;
run ran; say said; see saw seen; seek sought; sell sold; send sent; shake shook shaken; shine shone; shoot shot; show
shown; shrink shrank shrunk; sing sang sung; sink sank sunk; sit sat; sleep slept; slide slid; speak spoke spoken;
spend spent; spin spun; stand stood; steal stole stolen; stick stuck; sting stung; strike struck; swear swore sworn;
sweep swept; swim swam swum; swing swung; take took taken; teach taught; tear tore torn; tell told; think thought;
throw threw thrown; understand understood; wake woke woken; wear wore worn; weave wove woven; win won; wind wound;
withdraw withdrew withdrawn; withhold withheld; withstand withstood; write wrote written
"""
_BASES = {form: base for base, *forms in (verb.split() for verb in _FORMS.split(";")) for form in forms}
_AKIN = """
begin start commenc; end finish; build construct erect; repair fix mend; own owner belong; colour color; phone telephon;
buy purchas; close shut; need requir; live resid; photo photograph picture; allow permit permiss; number no; price cost;
sell sale; write author writer
"""
"""Stems of words that say one thing, as far as answers go."""
_AKIN_TO = {each: group for group in map(str.split, _AKIN.split(";")) for each in group}
_AMBIGUOUS = frozenset("bore bound lay saw wound rose left ground felt shot".split())


def base(stem: str) -> str:
    """The stem of the verb that an irregular form belongs to; any other stem as it is."""
    return stem if stem in _AMBIGUOUS else _BASES.get(stem, stem)


def akin_stems(stems: Iterable[str]) -> frozenset[str]:
    """Stems, with those of the words that say the same, and of the verbs whose forms they are."""
    bases = {each: base(each) for each in stems}
    return frozenset(one for each in bases.items() for form in each for one in (form, *_AKIN_TO.get(form, ())))
