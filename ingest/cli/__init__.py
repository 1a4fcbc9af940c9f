"""The commands `footnote ingest`, `footnote worker` and `footnote receipt`."""
