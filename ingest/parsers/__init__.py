"""Files to pages of clean text."""
