namespace KmsGateway.Policy.Documents;

/// <summary>The reason codes of <see cref="PolicyFault"/>. Source: ram-policy.md 3, README of the golden cases.</summary>
public static class PolicyFaultReasons
{
    /// <summary>R-DOC-1: not strict JSON, or nested too deep.</summary>
    public const string MalformedJson = nameof(MalformedJson);

    /// <summary>R-DOC-2: an object holds the same name twice.</summary>
    public const string DuplicateMember = nameof(DuplicateMember);

    /// <summary>R-DOC-3: over the size limit of the kind.</summary>
    public const string TooLong = nameof(TooLong);

    /// <summary>R-DOC-4: the document is no object.</summary>
    public const string NotAnObject = nameof(NotAnObject);

    /// <summary>R-DOC-4, -7: a name that the language does not have.</summary>
    public const string UnknownMember = nameof(UnknownMember);

    /// <summary>R-DOC-5, -8, -10, -12, -20: a required member is absent.</summary>
    public const string MissingMember = nameof(MissingMember);

    /// <summary>R-DOC-5: the version is not the string 1.</summary>
    public const string InvalidVersion = nameof(InvalidVersion);

    /// <summary>R-DOC-6: no array of objects.</summary>
    public const string InvalidStatement = nameof(InvalidStatement);

    /// <summary>R-DOC-6, -10, -12, -18, -20: a list without elements.</summary>
    public const string EmptyList = nameof(EmptyList);

    /// <summary>R-DOC-8: neither Allow nor Deny.</summary>
    public const string InvalidEffect = nameof(InvalidEffect);

    /// <summary>R-DOC-9: not 1-128 of the characters of a Sid.</summary>
    public const string InvalidSid = nameof(InvalidSid);

    /// <summary>R-DOC-10: Action beside NotAction.</summary>
    public const string ActionConflict = nameof(ActionConflict);

    /// <summary>R-DOC-11, -21, -22: no action of the required form.</summary>
    public const string InvalidAction = nameof(InvalidAction);

    /// <summary>R-DOC-12: Resource beside NotResource.</summary>
    public const string ResourceConflict = nameof(ResourceConflict);

    /// <summary>R-DOC-13, -21: no resource of the required form.</summary>
    public const string InvalidResource = nameof(InvalidResource);

    /// <summary>R-DOC-14, -21, -22: this kind of policy does not take the element.</summary>
    public const string ElementNotAllowed = nameof(ElementNotAllowed);

    /// <summary>R-DOC-20: no principal of the required form.</summary>
    public const string InvalidPrincipal = nameof(InvalidPrincipal);

    /// <summary>R-DOC-15: a condition or operator block of the wrong shape.</summary>
    public const string InvalidCondition = nameof(InvalidCondition);

    /// <summary>R-DOC-16: none of the 21 operators.</summary>
    public const string UnknownOperator = nameof(UnknownOperator);

    /// <summary>R-DOC-17: not of the form <c>service:name</c>.</summary>
    public const string InvalidConditionKey = nameof(InvalidConditionKey);

    /// <summary>R-DOC-18, -19: no string, or not what the operator reads.</summary>
    public const string InvalidConditionValue = nameof(InvalidConditionValue);
}
