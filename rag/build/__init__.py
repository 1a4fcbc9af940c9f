"""The core, built from settings; nowhere else are its objects made."""
