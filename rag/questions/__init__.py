"""Parsing of questions: follow-ups, chat style, compound questions, false assumptions."""

from rag.questions.antecedents import is_unclear
from rag.questions.assumptions import AssumptionChecker
from rag.questions.chat_style import plain_style
from rag.questions.native_questions import NativeQuestion, asks_in, native_question
from rag.questions.parser import ModelParser, RuleParser, SpellingParser, needs_model, parse_by_rules
from rag.questions.split import split_question, sub_questions

__all__ = [
    "AssumptionChecker",
    "ModelParser",
    "NativeQuestion",
    "RuleParser",
    "SpellingParser",
    "asks_in",
    "is_unclear",
    "native_question",
    "needs_model",
    "parse_by_rules",
    "plain_style",
    "split_question",
    "sub_questions",
]
