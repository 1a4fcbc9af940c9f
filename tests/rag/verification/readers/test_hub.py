"""Published checkers, held to their adapters with tiny models of the same classes and no weights worth having."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import torch
from tokenizers import Tokenizer, models, pre_tokenizers, processors
from transformers import (
    BertConfig,
    BertForSequenceClassification,
    DebertaV2Config,
    DebertaV2ForSequenceClassification,
    ModernBertConfig,
    ModernBertForTokenClassification,
    PreTrainedTokenizerFast,
    RobertaConfig,
    RobertaForSequenceClassification,
)

from rag.errors import ModelUnavailable, SettingError
from rag.models import log_odds
from rag.verification.readers import Calibration, ClaimInContext
from rag.verification.readers.hub import HubReader, adapter_of

pytestmark = pytest.mark.slow

WORDS = (
    "pump seal oil replaced every 18 24 months the a is of in passage 1 : summarize following text output choose your "
    'answer based on paragraph above can we conclude that options yes no i think . , ? - "'
).split()
SHAPE: dict[str, Any] = {
    "hidden_size": 16,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "intermediate_size": 24,
    "initializer_range": 1.0,
}
CLAIM = ClaimInContext("The seal is replaced every 24 months.", "The pump seal is replaced every 18 months.")
LONG = ClaimInContext("the oil", " ".join(["pump seal months"] * 60))


def tokenizer() -> PreTrainedTokenizerFast:
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"]
    vocabulary = {word: number for number, word in enumerate(dict.fromkeys([*special, *WORDS]))}
    made = Tokenizer(models.WordLevel(vocabulary, unk_token="[UNK]"))
    made.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    pair = "[CLS]:0 $A:0 [SEP]:0 $B:1 [SEP]:1"
    ends = [(mark, vocabulary[mark]) for mark in ("[CLS]", "[SEP]")]
    made.post_processor = processors.TemplateProcessing("[CLS]:0 $A:0 [SEP]:0", pair, ends)
    return PreTrainedTokenizerFast(
        tokenizer_object=made,
        pad_token="[PAD]",
        unk_token="[UNK]",
        cls_token="[CLS]",
        sep_token="[SEP]",
        eos_token="[SEP]",
    )


def saved(folder: Path, model: Any) -> str:
    model.save_pretrained(folder)
    tokenizer().save_pretrained(folder)
    return str(folder)


@pytest.fixture(scope="module", params=["FactCG-DeBERTa", "MiniCheck-RoBERTa", "lettucedect-base", "nli-bert"])
def folder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    torch.manual_seed(7)
    path = tmp_path_factory.mktemp("models") / request.param
    size = {**SHAPE, "vocab_size": len(tokenizer())}
    if request.param == "FactCG-DeBERTa":
        return saved(path, DebertaV2ForSequenceClassification(DebertaV2Config(**size, num_labels=2)))
    if request.param == "MiniCheck-RoBERTa":
        config = RobertaConfig(**size, num_labels=2, max_position_embeddings=66, pad_token_id=0)
        return saved(path, RobertaForSequenceClassification(config))
    if request.param == "lettucedect-base":
        config = ModernBertConfig(
            **size,
            num_labels=2,
            max_position_embeddings=64,
            pad_token_id=0,
            cls_token_id=2,
            sep_token_id=3,
            bos_token_id=2,
            eos_token_id=3,
        )
        return saved(path, ModernBertForTokenClassification(config))
    labels = {0: "contradiction", 1: "Entailment", 2: "neutral"}
    config = BertConfig(
        **size, max_position_embeddings=64, id2label=labels, label2id={name: number for number, name in labels.items()}
    )
    return saved(path, BertForSequenceClassification(config))


def expected(folder: str, asked: ClaimInContext) -> float:
    """The log-odds as each family's own code has them, written down without the adapters."""
    said, name = tokenizer(), Path(folder).name
    with torch.inference_mode():
        if name == "FactCG-DeBERTa":
            text = (
                f"{asked.window}\n\nChoose your answer: based on the paragraph above can we conclude that "
                f'"{asked.claim}"?\n\nOPTIONS:\n- Yes\n- No\nI think the answer is '
            )
            model: Any = DebertaV2ForSequenceClassification.from_pretrained(folder).eval()
            share = model(**said(text, return_tensors="pt")).logits.softmax(-1)[0, 1]
        elif name == "MiniCheck-RoBERTa":
            model = RobertaForSequenceClassification.from_pretrained(folder).eval()
            share = model(**said(f"{asked.window}[SEP]{asked.claim}", return_tensors="pt")).logits.softmax(-1)[0, 1]
        elif name == "lettucedect-base":
            model = ModernBertForTokenClassification.from_pretrained(folder).eval()
            prompt = f"\nSummarize the following text:\npassage 1: {asked.window}\noutput:\n"
            answer_tokens = len(said(asked.claim, add_special_tokens=False)["input_ids"])
            hallucinated = model(**said(prompt, asked.claim, return_tensors="pt")).logits.softmax(-1)[0, :, 1]
            share = 1 - hallucinated[-answer_tokens - 1 : -1].max()
        else:
            model = BertForSequenceClassification.from_pretrained(folder).eval()
            share = model(**said(asked.window, asked.claim, return_tensors="pt")).logits.softmax(-1)[0, 1]
    return log_odds(float(share))


def test_what_goes_in_and_which_label_counts_are_those_of_the_family(folder: str) -> None:
    """Text or pair, template and label as the family's own code has them."""
    assert HubReader(folder).logits([CLAIM]) == [pytest.approx(expected(folder, CLAIM), abs=1e-4)]


def test_claims_together_read_as_each_alone(folder: str) -> None:
    """Padding changes nothing, and neither does the order in which they are read."""
    claims = [CLAIM, LONG, ClaimInContext("Oil.", "The oil."), CLAIM]
    reader = HubReader(folder)
    assert reader.probabilities(claims) == pytest.approx([reader.probabilities([each])[0] for each in claims], abs=1e-5)
    assert reader.probabilities([]) == []


def test_a_long_window_is_read_in_pieces_and_the_best_counts(folder: str) -> None:
    """Each fits, template and claim included."""
    reader = HubReader(folder)
    reader._most_tokens = min(reader._most_tokens, 64)
    pieces = reader._pieces(0, LONG)
    assert len(pieces) > 2
    assert max(map(len, reader._tokenizer([piece.text for piece in pieces])["input_ids"])) <= 64
    told = [reader._supports([piece])[0] for piece in pieces]
    assert reader.logits([LONG]) == [pytest.approx(log_odds(max(told)), abs=1e-4)]


def test_pieces_cover_the_window(folder: str) -> None:
    """Each begins before the one before it ends."""
    window = " ".join(f"word{number}" for number in range(50))
    parts = HubReader(folder)._parts(window, 16)
    places = [(window.index(part.split()[0]), window.index(part.split()[0]) + len(part)) for part in parts]
    assert places[0][0] == 0
    assert places[-1][1] == len(window)
    assert all(later[0] < earlier[1] for earlier, later in pairwise(places))


def test_a_calibration_is_applied(folder: str) -> None:
    """That of the reader's name."""
    name = f"hub:{folder}"
    raw = HubReader(folder).logits([CLAIM])[0]
    reader = HubReader(folder, calibrations={name: Calibration(0.5, 1.0)})
    assert reader.name == name
    assert reader.probabilities([CLAIM]) == [pytest.approx(Calibration(0.5, 1.0).probability(raw))]


@pytest.mark.parametrize(
    ("model", "family"),
    [
        ("yaxili96/FactCG-DeBERTa-v3-Large", "FactCG"),
        ("lytang/MiniCheck-RoBERTa-Large", "MiniCheck"),
        ("lytang/MiniCheck-DeBERTa-v3-Large", "MiniCheck"),
        ("KRLabsOrg/lettucedect-large-modernbert-en-v1", "LettuceDetect"),
        ("cross-encoder/nli-deberta-v3-base", "NLI"),
        ("MoritzLaurer/DeBERTa-v3-base-mnli-fever-anli", "NLI"),
    ],
)
def test_models_are_known_by_their_names(model: str, family: str) -> None:
    assert adapter_of(model).family == family


@pytest.mark.parametrize(
    "model", ["vectara/hallucination_evaluation_model", "lytang/MiniCheck-Flan-T5-Large", "org/online-shop"]
)
def test_a_model_without_an_adapter_is_refused(model: str) -> None:
    """Rather than asked in a form that it was not taught."""
    with pytest.raises(SettingError, match="no adapter supports this model"):
        adapter_of(model)


def test_a_model_with_other_labels_is_refused(tmp_path: Path) -> None:
    """Which of three means support, an adapter for two cannot know; nor which of nameless ones an NLI model's is."""
    size = {**SHAPE, "vocab_size": len(tokenizer())}
    three = BertForSequenceClassification(BertConfig(**size, num_labels=3))
    for name in ("factcg-three", "nli-nameless"):
        with pytest.raises(SettingError, match="lacks the labels"):
            HubReader(saved(tmp_path / name, three))


def test_code_of_a_model_is_not_run(tmp_path: Path) -> None:
    """A model that needs it cannot be had."""
    folder = tmp_path / "factcg-of-its-own"
    folder.mkdir()
    auto = {"AutoConfig": "own.OwnConfig", "AutoModelForSequenceClassification": "own.Own"}
    (folder / "config.json").write_text(json.dumps({"model_type": "own", "auto_map": auto}))
    (folder / "own.py").write_text("raise SystemExit('was run')")
    with pytest.raises(ModelUnavailable, match="cannot be read"):
        HubReader(str(folder))
