"""What the pages of both sides do alike."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from livlina.core.views import Request
from livlina.registers.orders.faults import OrderFault


def attempt(request: Request, do: Callable[[], object], words: str) -> bool:
    """Do it and say so; what stands in the way is said in words instead. Return whether it was done."""
    try:
        do()
    except OrderFault as fault:
        messages.warning(request, str(fault))
        return False
    messages.success(request, words)
    return True


def asked_again(request: Request, template: str, context: dict[str, Any]) -> HttpResponse:
    """Show a refused form with everything that was written."""
    return render(request, template, context | {"has_errors": True}, status=422)


def to(name: str, *args: Any) -> HttpResponse:
    """Go to a page of this room."""
    return redirect(name, *args)


def offset_of(request: Request) -> int:
    """Return from which row a list goes on; anything but a sensible number is the beginning."""
    given = request.GET.get("from", "0")
    return min(int(given), 100_000) if given.isascii() and given.isdigit() and len(given) < 7 else 0
