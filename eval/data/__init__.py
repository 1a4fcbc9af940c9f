"""Data sets, golden questions, and claims and queries made from them."""

from eval.data.beir import BeirDataset, BeirDocument, load_beir
from eval.data.claim_edits import false_edits, true_edits, usable
from eval.data.claim_pairs import ClaimPair, at_most_of_a_kind, pairs_of
from eval.data.documents import texts_of
from eval.data.golden import GoldenQuestion, GoldenQuote, load_golden
from eval.data.groundedness import LabelledClaim, balanced_order, hits_of, load_folder, load_rows
from eval.data.groups import groups_of, held_out_of
from eval.data.jsonl import Row, append_jsonl, parse_jsonl, read_jsonl, write_jsonl
from eval.data.perturbed import PERTURBATIONS, mistyped
from eval.data.splits import hash_number, hash_order, in_first_half

__all__ = [
    "PERTURBATIONS",
    "BeirDataset",
    "BeirDocument",
    "ClaimPair",
    "GoldenQuestion",
    "GoldenQuote",
    "LabelledClaim",
    "Row",
    "append_jsonl",
    "at_most_of_a_kind",
    "balanced_order",
    "false_edits",
    "groups_of",
    "hash_number",
    "hash_order",
    "held_out_of",
    "hits_of",
    "in_first_half",
    "load_beir",
    "load_folder",
    "load_golden",
    "load_rows",
    "mistyped",
    "pairs_of",
    "parse_jsonl",
    "read_jsonl",
    "texts_of",
    "true_edits",
    "usable",
    "write_jsonl",
]
