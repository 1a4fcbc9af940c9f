"""The reports of `footnote eval …`."""
