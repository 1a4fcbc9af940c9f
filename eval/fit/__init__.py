"""The commands that fit the models that ship."""
