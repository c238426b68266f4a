"""The officer's pages of financial aid."""
