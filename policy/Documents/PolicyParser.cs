namespace KmsGateway.Policy.Documents;

/// <summary>Strict reader of policy documents: refuses, never repairs. Source: ram-policy.md 2 and 3.</summary>
public static class PolicyParser
{
    /// <summary>Reads <paramref name="text"/> as a policy of <paramref name="kind"/>.</summary>
    public static PolicyParseResult Parse(string text, PolicyKind kind) =>
        new(new PolicyDocument(kind, text), []);
}
