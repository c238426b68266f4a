"""The witness of other municipalities' journals: cosigns checkpoints, never a rewritten history. Stands alone."""
