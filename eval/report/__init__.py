"""What `footnote eval …` prints."""
