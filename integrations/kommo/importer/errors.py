"""Why a decision was not carried out, in words for the staff: nothing was changed."""


class NotDone(Exception):
    """The decision was not carried out; the text says why and what to do, in Portuguese."""


class Overtaken(NotDone):
    """Something changed since the person looked: they should look again."""


class NotPossible(NotDone):
    """The candidate does not allow this, as it is."""
