"""How work is broken off when a process stops."""


class Stopping(BaseException):
    """This process stops. Not an Exception, which would end the work: it continues in the next process."""
