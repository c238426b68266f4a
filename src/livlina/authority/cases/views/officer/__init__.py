"""The officer's pages: lists, the case, its steps, its decisions and appeals."""
