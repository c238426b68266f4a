"""Pages for anyone, without signing in."""
