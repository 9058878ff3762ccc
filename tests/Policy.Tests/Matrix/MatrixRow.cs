using KmsGateway.Policy.Tests.Generation;
using KmsGateway.Policy.Tests.Reference;

namespace KmsGateway.Policy.Tests.Matrix;

/// <summary>One row of rows.json: a call, and what a reader of the rules expects of it.</summary>
internal sealed record MatrixRow(string Name, string Rule, GeneratedCase Call, ReferenceDecision Expected);
