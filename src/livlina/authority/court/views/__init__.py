"""The pages, per audience."""
