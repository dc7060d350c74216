"""Templates as they were compiled: once, for every application of a process and its forks."""

from jinja2 import BytecodeCache
from jinja2.bccache import Bucket

_compiled: dict[str, bytes] = {}


class CompiledTemplates(BytecodeCache):
    """Keeps what was compiled by the template's name and its source."""

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give back what was compiled from this source, where it was."""
        if kept := _compiled.get(bucket.key + bucket.checksum):
            bucket.bytecode_from_string(kept)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled just now."""
        _compiled[bucket.key + bucket.checksum] = bucket.bytecode_to_string()
