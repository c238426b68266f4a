"""Every write of the room. Plans are reached from here; the rest by its module: `visits`, `roster`, `series`."""

from livlina.provider.homecare.actions.plan import Plan, PlanRefused, Task, agree_plan, review_plan

__all__ = ["Plan", "PlanRefused", "Task", "agree_plan", "review_plan"]
