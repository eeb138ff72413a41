"""What can go wrong in the practice marketplace: for its user, and for its clients."""


class SandboxError(Exception):
    """The sandbox cannot start; the message is one sentence that names what to do."""


class ApiError(Exception):
    """A request that the marketplace refuses.

    The OpenAPI document declares no error bodies; there are two shapes in the wild (facts.md,
    "Error body"), and this sandbox plays both: a list when a field of a sent body is to blame,
    a single message otherwise.

    Attributes:
        status: The HTTP status.
        field: The field of the request body that is wrong, if it is one.
    """

    def __init__(self, status: int, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.field = field

    def body(self) -> dict[str, object]:
        """Return the JSON body of the answer."""
        if self.field is None:
            return {"status": self.status, "message": self.message}
        return {"errors": [{"code": "invalid", "field": self.field, "message": self.message}]}


def bad_parameter(name: str) -> ApiError:
    """Return the refusal of a query parameter that cannot be understood."""
    return ApiError(400, f"Parameter {name} is invalid")


def bad_field(field: str, message: str) -> ApiError:
    """Return the refusal of one field of a request body."""
    return ApiError(400, message, field=field)


def not_found(what: str) -> ApiError:
    """Return the refusal that names what is not there: Thread, Order, Attachment."""
    return ApiError(404, f"{what} not found")
