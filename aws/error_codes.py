"""AWS's error codes by what they mean, for sso-admin, identitystore, iam and sts."""

THROTTLED = frozenset(
    {
        "LimitExceededRateException",
        "RequestLimitExceeded",
        "RequestThrottled",
        "RequestThrottledException",
        "SlowDown",
        "Throttling",
        "ThrottlingException",
        "TooManyRequestsException",
        "429",
    }
)
CONFLICTING = frozenset(
    {"ConcurrentModification", "ConcurrentModificationException", "ConflictException", "PriorRequestNotComplete"}
)
BROKEN = frozenset(
    {
        "InternalError",
        "InternalFailure",
        "InternalServerError",
        "InternalServerException",
        "RequestTimeout",
        "RequestTimeoutException",
        "ServiceException",
        "ServiceFailure",
        "ServiceUnavailable",
        "ServiceUnavailableException",
        "500",
        "502",
        "503",
        "504",
    }
)
DENIED = frozenset(
    {
        "AccessDenied",
        "AccessDeniedException",
        "AuthFailure",
        "ExpiredToken",
        "ExpiredTokenException",
        "IncompleteSignature",
        "InvalidClientTokenId",
        "InvalidSignatureException",
        "MissingAuthenticationToken",
        "MissingAuthenticationTokenException",
        "NotAuthorized",
        "OptInRequired",
        "RequestExpired",
        "SignatureDoesNotMatch",
        "UnauthorizedException",
        "UnauthorizedOperation",
        "UnrecognizedClientException",
    }
)
NO_CREDENTIALS = frozenset(
    {
        "CredentialRetrievalError",
        "ExpiredToken",
        "ExpiredTokenException",
        "IncompleteSignature",
        "InvalidClientTokenId",
        "InvalidSignatureException",
        "MissingAuthenticationToken",
        "MissingAuthenticationTokenException",
        "NoCredentialsError",
        "PartialCredentialsError",
        "RequestExpired",
        "SSOError",
        "SSOTokenLoadError",
        "SignatureDoesNotMatch",
        "TokenRetrievalError",
        "UnauthorizedSSOTokenError",
        "UnrecognizedClientException",
    }
)
"""What AWS and botocore say where nobody is recognised; with the names of botocore's own errors."""
ABSENT = frozenset({"AccountNotFoundException", "NoSuchEntity", "ResourceNotFoundException"})
INVALID = frozenset(
    {
        "InvalidInput",
        "InvalidInputException",
        "InvalidParameterValue",
        "MalformedPolicyDocument",
        "ValidationError",
        "ValidationException",
    }
)
FULL = frozenset({"LimitExceeded", "ServiceQuotaExceededException"})
HUMAN_NEEDED = frozenset({"AWSOrganizationsNotInUseException", "UnknownOperationException"})
