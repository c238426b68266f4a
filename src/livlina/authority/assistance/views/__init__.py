"""The room's pages: for the authority alone."""
