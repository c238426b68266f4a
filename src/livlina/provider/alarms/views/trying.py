"""What several pages of the room do the same way: try a deed and say how it went, and show a long list in parts."""

from collections.abc import Callable

from django.contrib import messages

from livlina.core.views import Request

FURTHEST = 100_000


def attempt(request: Request, do: Callable[[], object], words: str, *, refusal: type[Exception]) -> bool:
    """Do it and say so; what stands in the way is said in words instead. Return whether it was done."""
    try:
        do()
    except refusal as stands_in_the_way:
        messages.warning(request, str(stands_in_the_way))
        return False
    messages.success(request, words)
    return True


def offset_of(request: Request) -> int:
    """Return from which row a list is asked for; the first when the address says nothing one can follow."""
    given = request.GET.get("from", "0")
    return min(int(given), FURTHEST) if given.isascii() and given.isdigit() and len(given) < 7 else 0
