"""The citizen's pages: apply, follow, answer, read decisions, appeal. In Swedish and English, with or without script."""
