"""The journal's pages, thin; one set of them, hung below each audience."""
