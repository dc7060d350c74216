"""How many of what, for the terminal, which speaks English; pages have `ngettext`."""


def counted(number: int, one: str, many: str = "") -> str:
    """Return "1 letter" or "2 letters"; `many` is what more than one are called, if not that."""
    return f"{number} {one if number == 1 else many or f'{one}s'}"
