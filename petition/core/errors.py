"""Errors of the domain. Each says what happened in words for the person at the door."""

import errno

OF_THE_DISK = {
    *(errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EIO, errno.ENOENT),
    *(errno.EACCES, errno.EPERM, errno.ENOTDIR, errno.EISDIR, errno.ENOLCK),
}
"""With these a file or folder fails us, which whoever runs the install can mend."""


class DomainError(Exception):
    """Something a person asked for cannot be done; `str(error)` may be shown to that person."""


class LinkError(DomainError):
    """A link from a mail does not open what it once did: a thing of this kind, for this purpose."""

    def __init__(self, kind: str = "", purpose: str = "") -> None:
        """Keep what the link was for; nothing where only organisers have such links."""
        super().__init__()
        self.kind, self.purpose = kind, purpose


class LinkUnknown(LinkError):
    """No link of ours has this token, or what it opened is erased."""


class LinkExpired(LinkError):
    """The link is older than its 72 hours."""


class LinkUsed(LinkError):
    """The link has done its work already."""


class InstallUnfit(RuntimeError):
    """The install cannot work as it is; `str(error)` is a sentence for whoever runs it."""
