"""What a site's robots.txt allows."""

from __future__ import annotations

from dataclasses import dataclass

from protego import Protego

AGENT = "Footnote"
LONGEST_DELAY_S = 10.0


@dataclass(frozen=True, slots=True)
class Rules:
    """The robots.txt rules of one site for this client. `reason` says why nothing may be fetched if they could not
    be read.
    """

    _protego: Protego | None = None
    reason: str | None = None

    def allow(self, url: str) -> bool:
        """Whether the page may be fetched."""
        return self._protego.can_fetch(url, AGENT) if self._protego else self.reason is None

    @property
    def delay_s(self) -> float:
        """The pause that the site wants between two requests, at most `LONGEST_DELAY_S`."""
        wanted = self._protego.crawl_delay(AGENT) if self._protego else None
        return min(max(wanted or 0.0, 0.0), LONGEST_DELAY_S)


ALLOWED = Rules()


def forbidden(reason: str) -> Rules:
    """The rules of a site whose rules could not be had."""
    return Rules(reason=reason)


def rules_of(text: str) -> Rules:
    """The rules that a robots.txt spells out."""
    return Rules(Protego.parse(text))
