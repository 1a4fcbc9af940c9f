"""The served language model as a reader: how probable it is that it would say yes.

Its log-probabilities are read, not its word. The question is put after the very messages that the answer was drafted
from, which vLLM and others keep in their prefix cache: a claim costs its own tokens and those of the task.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

from rag.errors import ModelUnavailable
from rag.models import FirstTokens, Message, claim_prompt, window_claim_prompt
from rag.verification.readers.calibration import EVEN, IDENTITY, Calibration
from rag.verification.readers.reader import ClaimInContext

AT_ONCE = 8
"""Maximum concurrent requests of one reader."""
_YES, _NO = "yes", "no"
_STEEPEST = 30.0
_PROBE = ClaimInContext("Water is wet.", "Water is wet.")
Asking = Callable[[ClaimInContext], list[Message]]
"""Makes the messages that ask about a claim."""


def after_the_draft(asked: ClaimInContext) -> list[Message]:
    """The messages for the drafting model, whose prompt already contains the passages if there is a draft."""
    return claim_prompt(asked.claim, asked.prompt) if asked.prompt else of_the_window(asked)


def of_the_window(asked: ClaimInContext) -> list[Message]:
    """The messages for a separate model: the premise window, which is shorter than the passages."""
    return window_claim_prompt(asked.claim, asked.window)


class LlmReader:
    """A language model that answers *yes* or *no* about a claim; several claims are read concurrently.

    Args:
        calibrations: by name of the reader; a model without one is used uncalibrated.
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
        """The raw log-odds of *yes* for each claim; None if neither *yes* nor *no* is among the likely tokens.

        Raises:
            ModelUnavailable: the model cannot be reached, fails, or gives no log-probabilities.
        """
        return list(self._threads.map(self._logit, claims))

    def gives_logprobs(self) -> bool:
        """Whether the server returns log-probabilities, with *yes* or *no* among the first tokens.

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
    """The log-odds of *yes* against *no*, from the log-probabilities of the likeliest first tokens of a reply.

    Tokens that differ only in case, white space and punctuation are added up. If one of the two is not among the
    tokens, it counts as likely as the least likely token, an upper bound; if neither is, the result is None.
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
