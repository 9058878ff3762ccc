namespace KmsGateway.Policy.Documents;

/// <summary>What a policy is attached to; it decides which elements a document may hold. Source: ram-policy.md 1.</summary>
public enum PolicyKind
{
    /// <summary>No kind.</summary>
    None = 0,

    /// <summary>Attached to a user, group or role; at most 6,144 characters.</summary>
    Identity,

    /// <summary>Passed to AssumeRole; at most 2,048 characters.</summary>
    Session,

    /// <summary>On a folder or member of a resource directory; at most 4,096 characters.</summary>
    Control,

    /// <summary>Resource policy of a KMS key; at most 32,768 bytes.</summary>
    Key,

    /// <summary>Resource policy of a role; at most 4,096 characters.</summary>
    Trust,
}
