"""What can go wrong with the store, as sentences that never hold a password."""


class StoreError(Exception):
    """The store cannot be used as asked; the text says what is wrong and what to do. Trying again does not help."""


class StoreUnavailable(StoreError):
    """The database does not answer or refused just now; the same call may work later."""
