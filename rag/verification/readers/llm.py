"""The served language model as a reader: how probable it is that it would say yes.

Its log-probabilities are read, not its word. The question is put after the very messages that the answer was drafted
from, which vLLM and others keep in their prefix cache: a claim costs its own tokens and those of the task.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

from rag.errors import ModelUnavailable
from rag.models import FirstTokens, Message, claim_prompt, window_prompt
from rag.verification.readers.calibration import IDENTITY, Calibration
from rag.verification.readers.reader import EVEN, ClaimInContext

AT_ONCE = 8
"""Claims that one reader asks about side by side, whoever calls it."""
_YES, _NO = "yes", "no"
_STEEPEST = 30.0
_PROBE = ClaimInContext("Water is wet.", "Water is wet.")
Asking = Callable[[ClaimInContext], list[Message]]
"""The messages that ask about a claim."""


def after_the_draft(asked: ClaimInContext) -> list[Message]:
    """The messages for the model that drafts: it has read the passages already, where there is a draft."""
    return claim_prompt(asked.claim, asked.prompt) if asked.prompt else of_the_window(asked)


def of_the_window(asked: ClaimInContext) -> list[Message]:
    """The messages for a model of its own, which has read nothing yet: the window is shorter than the passages."""
    return claim_prompt(asked.claim, window_prompt(asked.window))


class LlmReader:
    """A language model that answers yes or no about one claim; several are asked about at once.

    Args:
        calibrations: by the reader's name; a model that has none counts as it is.
    """

    def __init__(
        self,
        model: FirstTokens,
        *,
        asking: Asking = after_the_draft,
        calibrations: Mapping[str, Calibration] | None = None,
    ) -> None:
        self._model = model
        self._asking = asking
        self._calibrations = calibrations or {}
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="reader")

    @property
    def name(self) -> str:
        return f"llm:{self._model.name}"

    @property
    def reads(self) -> bool:
        return True

    @property
    def calibration(self) -> Calibration:
        return self._calibrations.get(self.name, IDENTITY)

    def probabilities(self, claims: Sequence[ClaimInContext]) -> list[float]:
        logits, calibration = self.logits(claims), self.calibration
        return [EVEN if logit is None else calibration.probability(logit) for logit in logits]

    def logits(self, claims: Sequence[ClaimInContext]) -> list[float | None]:
        """The raw log-odds of yes for each claim; None where the model would say neither yes nor no.

        Raises:
            ModelUnavailable: the model cannot be reached, fails, or gives no log-probabilities.
        """
        return list(self._threads.map(self._logit, claims))

    def gives_logprobs(self) -> bool:
        """Whether the model can be read: it gives log-probabilities, and yes or no are among its first words.

        Raises:
            ModelUnavailable: the model cannot be reached or fails.
        """
        return log_odds_of_yes(self._model.first_tokens(of_the_window(_PROBE))) is not None

    def _logit(self, asked: ClaimInContext) -> float | None:
        likeliest = self._model.first_tokens(self._asking(asked))
        if not likeliest:
            raise ModelUnavailable(f"the language model {self._model.name} gives no log-probabilities")
        return log_odds_of_yes(likeliest)


def log_odds_of_yes(log_probabilities: Iterable[tuple[str, float]]) -> float | None:
    """The log-odds of yes against no, given the log-probabilities of a reply's likeliest first tokens.

    Forms that differ in case, blanks and marks count together. Where one of the two is not among the tokens, it counts
    as the least likely of them, which is more than it has; where neither is, there is no opinion.
    """
    told = list(log_probabilities)
    totals = {_YES: 0.0, _NO: 0.0}
    for token, value in told:
        word = token.strip(" \t\n\"'.*▁Ġ").casefold()
        if word in totals:
            totals[word] += math.exp(value)
    if not any(totals.values()):
        return None
    smallest = math.exp(max(-_STEEPEST, min(value for _, value in told)))
    return math.log(max(totals[_YES], smallest)) - math.log(max(totals[_NO], smallest))
