namespace KmsGateway.Policy.Tests.Reference;

/// <summary>Section 6, "Result of the module": -1 where an index is absent.</summary>
public sealed record ReferenceDecision(string Verdict, string Layer, int Level, int Policy, int Statement, int Check);
