"""Fields of forms in an OpenDocument file: boxes that are ticked or not, and what is filled in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from ingest.parsers.common import one_line
from ingest.parsers.ooxml import NOT_TICKED, TICKED, Element, attribute, descendants, short

_BOXES = ("form:checkbox", "form:radio")
_LISTS = ("form:listbox", "form:combobox")
_WORDLESS = ("form:button", "form:image", "form:hidden", "form:frame", "form:properties", "form:image-frame")


@dataclass(frozen=True, slots=True)
class Forms:
    """The fields of a file, by their ids."""

    fields: Mapping[str, Element]

    @classmethod
    def of(cls, body: Element) -> Forms:
        found = [one for forms in descendants(body, "office:forms") for one in forms.iter()]
        ids = ((attribute(one, "form:id") or attribute(one, "xml:id"), one) for one in found)
        return cls({identity: one for identity, one in ids if identity})

    def told(self, identity: str, unread: Counter[str]) -> str:
        """A field in words; one without a value is counted in `unread`."""
        field = self.fields.get(identity)
        if field is None or short(field) in _WORDLESS:
            return ""
        label = one_line(attribute(field, "form:label"))
        if short(field) in _BOXES:
            state = attribute(field, "form:current-state") or attribute(field, "form:state")
            ticked = state == "checked" or attribute(field, "form:current-selected") == "true"
            return f"{TICKED if ticked else NOT_TICKED} {label}".rstrip()
        value = one_line(attribute(field, "form:current-value") or attribute(field, "form:value"))
        if short(field) in _LISTS:
            chosen = [
                attribute(one, "form:label") for one in field if attribute(one, "form:current-selected") == "true"
            ]
            value = ", ".join(chosen) or value
        if short(field) == "form:fixed-text":
            return label
        if not value:
            unread["empty form field(s)"] += 1
            return ""
        name = label or one_line(attribute(field, "form:name"))
        return f"{name}: {value}" if name else value
