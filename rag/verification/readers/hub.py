"""Published checkers as readers, through transformers: classifiers of a claim with a text, or of a claim's tokens.

Each family has an adapter that defines the input and the label of support. Code in a model repository is never run
(`trust_remote_code` is off), so models that need it, such as HHEM-2.1-Open, are not supported; neither are
sequence-to-sequence checkers (MiniCheck-Flan-T5).
"""

from __future__ import annotations

import re
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import torch
from transformers import AutoConfig, AutoModelForSequenceClassification, AutoModelForTokenClassification, AutoTokenizer

from rag.errors import ModelUnavailable, SettingError
from rag.models import log_odds
from rag.verification.readers.calibration import IDENTITY, Calibration
from rag.verification.readers.reader import ClaimInContext

_BATCH = 16
_OVERLAP = 4  # a piece shares this fraction of its tokens, one in so many, with the next
_LEAST_ROOM = 16  # tokens of text in a piece, at the least
_SLACK = 4  # tokens by which joined texts may be longer than their parts


@dataclass(frozen=True, slots=True)
class Adapter:
    """The input and output format of a family of checkers.

    `text` is the template of the passages, with `{window}` and, where `claim` is None, `{claim}` and `{eos}` (the
    tokenizer's end mark); `claim` is the template of the second text of a pair. `support` is the label of a supported
    claim, or for a token classifier of a supported token; a claim then has the probability of its worst token.
    """

    family: str
    models: str
    kind: Literal["sequence", "tokens"]
    text: str
    claim: str | None
    support: int | str
    most_tokens: int


ADAPTERS = (
    Adapter(  # Lei et al., FactCG: Enhancing Fact Checkers with Graph-Based Multi-Hop Data, NAACL 2025
        "FactCG",
        r"factcg",
        "sequence",
        "{window}\n\nChoose your answer: based on the paragraph above can we conclude that "
        '"{claim}"?\n\nOPTIONS:\n- Yes\n- No\nI think the answer is ',
        None,
        1,
        2048,
    ),
    Adapter(  # Tang et al., MiniCheck: Efficient Fact-Checking of LLMs on Grounding Documents, EMNLP 2024
        "MiniCheck", r"minicheck-(?:roberta|deberta)", "sequence", "{window}{eos}{claim}", None, 1, 2048
    ),
    Adapter(  # Kovács and Recski, LettuceDetect: A Hallucination Detection Framework for RAG Applications, 2025
        "LettuceDetect",
        r"lettucedect",
        "tokens",
        "\nSummarize the following text:\npassage 1: {window}\noutput:\n",
        "{claim}",
        0,
        4096,
    ),
    Adapter("NLI", r"(?<![a-z])(?:[amsx]?nli)(?![a-z])", "sequence", "{window}", "{claim}", "entailment", 512),
)


def adapter_of(model: str) -> Adapter:
    """The adapter for a model's name or folder.

    Raises:
        SettingError: there is none.
    """
    name = model.rstrip("/").rpartition("/")[2].casefold()
    found = next((each for each in ADAPTERS if re.search(each.models, name)), None)
    if found is None:
        known = ", ".join(each.family for each in ADAPTERS)
        raise SettingError(f"FOOTNOTE_READER='hub:{model}': no adapter supports this model; supported are {known}")
    return found


@dataclass(frozen=True, slots=True)
class _Piece:
    """One text to classify: the index of its claim, the text, and the claim if it is the second text of a pair."""

    index: int
    text: str
    claim: str | None


class HubReader:
    """A published checker in this process.

    A window that is longer than the model's input is split into overlapping pieces; the highest probability counts.

    Args:
        model: a name on the hub, or a folder.
        calibrations: by name of the reader; a model without one is used uncalibrated.

    Raises:
        SettingError: no adapter supports the model, or it lacks the labels of its adapter.
        ModelUnavailable: it cannot be loaded, or needs code of its own.
    """

    def __init__(
        self,
        model: str,
        *,
        device: str = "cpu",
        calibrations: Mapping[str, Calibration] | None = None,
    ) -> None:
        self.adapter = adapter_of(model)
        self._name = f"hub:{model}"
        self.calibration = (calibrations or {}).get(self._name, IDENTITY)
        self._device = device
        self._lock = threading.Lock()  # a tokenizer serves one thread at a time
        auto: Any = AutoModelForTokenClassification
        if self.adapter.kind == "sequence":
            auto = AutoModelForSequenceClassification
        try:
            config = AutoConfig.from_pretrained(model, trust_remote_code=False)
            self._tokenizer: Any = AutoTokenizer.from_pretrained(model, trust_remote_code=False, use_fast=True)
            self._model: Any = auto.from_pretrained(model, config=config, trust_remote_code=False)
        except (OSError, ValueError, ImportError) as exc:
            raise ModelUnavailable(f"the model {model} cannot be read: {exc}") from exc
        self._model.to(device).eval()
        self._support = _label(self.adapter, config, model)
        self._most_tokens = min(self.adapter.most_tokens, _reach(config), self._tokenizer.model_max_length)

    @property
    def reads(self) -> bool:
        return True

    @property
    def name(self) -> str:
        return self._name

    def probabilities(self, claims: Sequence[ClaimInContext]) -> list[float]:
        return [self.calibration.probability(logit) for logit in self.logits(claims)]

    def logits(self, claims: Sequence[ClaimInContext]) -> list[float]:
        """The raw log-odds of support for each claim."""
        best = [0.0] * len(claims)
        with self._lock:
            pieces = [piece for index, asked in enumerate(claims) for piece in self._pieces(index, asked)]
            pieces.sort(key=lambda piece: len(piece.text))  # little padding
            for start in range(0, len(pieces), _BATCH):
                batch = pieces[start : start + _BATCH]
                for piece, support in zip(batch, self._supports(batch), strict=True):
                    best[piece.index] = max(best[piece.index], support)
        return [log_odds(support) for support in best]

    def _pieces(self, index: int, asked: ClaimInContext) -> list[_Piece]:
        bare = self._piece(index, "", asked.claim)
        room = max(_LEAST_ROOM, self._most_tokens - _SLACK - len(self._encoded([bare])["input_ids"][0]))
        return [self._piece(index, part, asked.claim) for part in self._parts(asked.window, room)]

    def _piece(self, index: int, window: str, claim: str) -> _Piece:
        adapter = self.adapter
        text = adapter.text.format(
            window=window, claim=claim, eos=self._tokenizer.eos_token or self._tokenizer.sep_token
        )
        return _Piece(index, text, None if adapter.claim is None else adapter.claim.format(claim=claim))

    def _parts(self, window: str, room: int) -> list[str]:
        """The window in overlapping pieces of at most `room` tokens."""
        spans = self._tokenizer(window, add_special_tokens=False, return_offsets_mapping=True)["offset_mapping"]
        if len(spans) <= room:
            return [window]
        step = room - room // _OVERLAP
        starts = range(0, len(spans) - room + step, step)
        return [window[spans[start][0] : spans[min(start + room, len(spans)) - 1][1]] for start in starts]

    def _encoded(self, pieces: Sequence[_Piece], **more: Any) -> Any:
        """The tokenized pieces; only a claim that leaves no room for text is truncated."""
        texts = [piece.text for piece in pieces]
        claims = [piece.claim for piece in pieces] if self.adapter.claim is not None else None
        cut = "only_first" if claims is not None else "longest_first"
        return self._tokenizer(texts, claims, truncation=cut, max_length=self._most_tokens, **more)

    def _supports(self, pieces: Sequence[_Piece]) -> list[float]:
        """The uncalibrated probability of support for each piece, 0..1."""
        encoded = self._encoded(pieces, padding=True, return_tensors="pt")
        with torch.inference_mode():
            logits = self._model(**encoded.to(self._device)).logits.float().cpu()
        shares = torch.softmax(logits, dim=-1)[..., self._support]
        if self.adapter.kind == "sequence":
            return [float(share) for share in shares]
        own = [torch.tensor([part == 1 for part in encoded.sequence_ids(row)]) for row in range(len(pieces))]
        return [float(share[of].min()) if of.any() else 0.0 for share, of in zip(shares, own, strict=True)]


def _label(adapter: Adapter, config: Any, model: str) -> int:
    """The number of the label that means support.

    Raises:
        SettingError: the model has no such label.
    """
    names = {str(name).casefold(): int(number) for number, name in config.id2label.items()}
    number = adapter.support if isinstance(adapter.support, int) else names.get(adapter.support, -1)
    if not 0 <= number < config.num_labels or (isinstance(adapter.support, int) and config.num_labels != 2):  # noqa: PLR2004
        raise SettingError(f"the model {model} lacks the labels of a {adapter.family} model: {', '.join(names)}")
    return number


def _reach(config: Any) -> int:
    """Tokens that the model has positions for; some families keep two of them for themselves."""
    positions = int(getattr(config, "max_position_embeddings", None) or 512)
    if config.model_type in ("roberta", "xlm-roberta"):
        return positions - 2
    return 2048 if config.model_type == "deberta-v2" else positions  # whose positions are relative
