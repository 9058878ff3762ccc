namespace KmsGateway.Policy.Tests.Reference;

/// <summary>One check of an action: <paramref name="Kind"/> in the words of the action table (key, alias, aliaskey, keybox ...), or the ARN of a RAM check.</summary>
internal sealed record ReferenceNeed(string Action, string Kind, bool CarriesTags);

/// <summary>An action and the checks it needs, in order; none when a valid signature is enough.</summary>
internal sealed record ReferenceAction(string Product, string Name, IReadOnlyList<ReferenceNeed> Needs);
