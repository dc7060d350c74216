"""E-mail addresses: one canonical form for each mailbox, and the keyed tags made from it."""

from petition.core.keyring.sealing import tag

IGNORES_DOTS = frozenset({"gmail.com", "googlemail.com"})
SAME_PROVIDER = {"googlemail.com": "gmail.com"}


def canonical(address: str) -> str:
    """Return the form in which all spellings of one mailbox are equal.

    Capitals do not count; what follows a plus sign is the owner's own label; at Gmail the dots
    do not count either (support.google.com/mail/answer/7436150) and googlemail.com is the same.
    Elsewhere a dot may tell two people apart, so it stays.

    That a plus begins a label is a guess about other people's servers: it tells who has taken part,
    never where a link goes.
    """
    local, _, domain = address.strip().casefold().rpartition("@")
    label_free = local.partition("+")[0] or local
    if domain in IGNORES_DOTS:
        label_free = label_free.replace(".", "") or label_free
    return f"{label_free}@{SAME_PROVIDER.get(domain, domain)}"


def is_spelled_alike(one: str | None, other: str) -> bool:
    """Whether two addresses are the same for every server: they differ in capitals at most."""
    return one is not None and one.strip().casefold() == other.strip().casefold()


def domain_of(address: str) -> str:
    """Return the canonical mail domain of an address."""
    return canonical(address).rpartition("@")[2]


def supporter_tag(scope: str, address: str) -> bytes:
    """Return the tag by which `scope` (such as "petition:7") knows the owner of this mailbox."""
    return tag(scope, canonical(address))
