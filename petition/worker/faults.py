"""What keeps a worker from its work, in its log."""

from petition.core.errors import InstallUnfit
from petition.core.log import log
from petition.core.seldom import Seldom
from petition.core.storage.database_faults import fault_of, log_database_fault

_unfit = Seldom()


def log_work_fault(fault: Exception) -> None:
    """Log what kept a loop from its work; what lasts is logged once a minute."""
    if isinstance(fault, InstallUnfit):
        _unfit.log_error(str(fault), str(fault), {})
    elif fault_of(fault):
        log_database_fault(fault)
    else:
        log.error("fault in worker", exc_info=fault)
