"""The citizen's pages of financial aid."""
