"""What others may read of the room. Plans are reached from here; the rest by its module: `day`, `board`, `measures`."""

from livlina.provider.homecare.queries.plan import plan_of, versions_of

__all__ = ["plan_of", "versions_of"]
