"""Removes chat style: `hey can u tell me whats the fee pls` becomes `what is the fee`.

A small table of abbreviations and two patterns of courtesies. Only lower-case words are changed, and nothing in
quotation marks or backticks: `U`, `R2` and `"thx"` stay.
"""

from __future__ import annotations

import re

from rag.text import is_foreign

ABBREVIATIONS = {
    "u": "you", "ur": "your", "urs": "yours", "r": "are", "y": "why", "ya": "you", "yall": "you all", "im": "I am",
    "ive": "I have", "idk": "I do not know", "wdym": "what do you mean", "afaik": "as far as I know", "imo": "I think",
    "whats": "what is", "whos": "who is", "wheres": "where is", "whens": "when is", "hows": "how is", "whys": "why is",
    "thats": "that is", "theres": "there is", "isnt": "is not", "arent": "are not", "wasnt": "was not",
    "werent": "were not", "dont": "do not", "doesnt": "does not", "didnt": "did not", "cant": "cannot",
    "couldnt": "could not", "wouldnt": "would not", "shouldnt": "should not", "hasnt": "has not",
    "havent": "have not", "wd": "would", "cd": "could", "shd": "should", "gonna": "going to", "wanna": "want to",
    "gotta": "have to", "gimme": "give me", "lemme": "let me", "dunno": "do not know", "abt": "about", "bc": "because",
    "cuz": "because", "coz": "because", "btwn": "between", "b4": "before", "w/": "with", "w/o": "without",
    "ppl": "people", "smth": "something", "sth": "something", "sb": "somebody", "sm1": "someone", "pls": "please",
    "plz": "please", "thx": "thanks", "tho": "though", "thru": "through", "rly": "really", "diff": "difference",
    "govt": "government", "yrs": "years", "hrs": "hours", "mins": "minutes", "tmrw": "tomorrow", "2day": "today",
    "info": "information", "biz": "business",
}  # fmt: skip
"""What a word of chat stands for."""

_AMBIGUOUS = {"r": re.compile(r"\b(?:u|you|we|they|what|where|who|how|why|when|there|these|those)\s+$", re.IGNORECASE)}
_AMBIGUOUS |= {"y": re.compile(r"^\s*$"), "cd": re.compile(r"\b(?:u|you|i|we|they|he|she|it|who)\s+$", re.IGNORECASE)}
_QUOTED = re.compile(r"\"[^\"]*\"|“[^“”]*”|`[^`]*`")
_WORD = re.compile(r"(?<![\w.@/'’-])(?:w/o|w/|[a-z]+\d?[a-z]*|2day)(?![\w@'’]|[-./]\w)")
_GREETING = (
    r"(?:(?:hey+|hi+|hello|yo|hiya|sup)(?:\s+(?:there|all|everyone|everybody|guys|folks|man|bro|team))?\b|"
    r"(?:quick question|just wondering|i was wondering|pls|plz|please|thx|lol|umm*|uhh*|hmm+)\b|"
    r"(?:ok|okay|so|well|thanks|btw|by the way)\b"
    r"(?=\s*[,.!…-]|\s+(?:so|can|could|is|do|u|(?:what|how|why|when|where|who|which)s?|i was|just)\b))"
)
_REQUEST = (
    r"(?:(?:can|could|would|will) (?:you|u|someone|anyone|anybody)(?: please| pls| plz)?(?: help me and| kindly)? "
    r"(?:tell|explain|let|show|give)(?: to)? (?:me|us)(?: know)?|"
    r"(?:i|we) (?:want|need|would like|wanna|wd like) to know|"
    r"(?:do|does) (?:you|u|anyone|anybody|someone) know|tell me|any idea|i wonder|idk|lemme know)"
)
_LEAD = re.compile(
    rf"^\s*(?:{_GREETING}[\s,.!…:-]*)*(?P<request>{_REQUEST}\b[\s,:]*)?(?:pls\b|please\b|thx\b)?[\s,:]*"
    r"(?P<link>(?:if|whether)\s+)?",
    re.IGNORECASE,
)
_TAIL = re.compile(
    r"[\s,.!-]*\b(?:please|pls|plz|thanks(?: (?:a lot|so much|in advance))?|thank you|thx|ty|lol)[\s.!]*"
    r"(?P<mark>\?*)\s*$",
    re.IGNORECASE,
)
_FEWEST_WORDS = 2


def plain_style(question: str) -> str:
    """A question without greeting and courtesy at its ends, its abbreviations written out.

    Every number and every word in capitals stays. What is left has two words or more, else the question stays. English
    only: `im` is a word of grammar elsewhere.
    """
    if is_foreign(question):
        return question
    lead = _LEAD.match(question)
    start = lead.end() if lead is not None and (lead["request"] or not lead["link"]) else 0
    tail = _TAIL.search(question)
    end, mark = (tail.start(), tail["mark"]) if tail is not None and tail.start() > start else (len(question), "")
    bare = question[start:end] + mark
    kept = bare if len(bare.split()) >= _FEWEST_WORDS else question
    return _written_out(kept.strip())


def _written_out(text: str) -> str:
    quoted = {at for match in _QUOTED.finditer(text) for at in range(match.start(), match.end())}

    def expand(match: re.Match[str]) -> str:
        word = match[0]
        only_after = _AMBIGUOUS.get(word)
        if match.start() in quoted or (only_after is not None and not only_after.search(text[: match.start()])):
            return word
        return ABBREVIATIONS.get(word, word)

    return _WORD.sub(expand, text)
