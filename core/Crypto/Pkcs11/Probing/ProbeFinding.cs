using System.Collections.Immutable;

namespace KmsGateway.Core.Crypto.Pkcs11.Probing;

/// <summary>One thing that was tried.</summary>
/// <param name="Name">Of the row, as tests and refusals name it: <c>oaep-sha256-decrypt</c>.</param>
/// <param name="Works">It was done, and the answer was compared with another implementation's.</param>
/// <param name="Outcome"><c>yes</c>; the function and its return code; or what was wrong.</param>
internal sealed record ProbeFinding(string Name, bool Works, string Outcome);

/// <summary>One attack that was run against the token.</summary>
/// <param name="Name">As refusals name it: <c>unwrap-as-readable</c>.</param>
/// <param name="IsStopped">The token held.</param>
/// <param name="Outcome">The function and return code that stopped it, or what the attack got.</param>
internal sealed record AttackFinding(string Name, bool IsStopped, string Outcome);

/// <summary>What a token was seen to do. Immutable; one per generation.</summary>
internal sealed record ProbeReport(
    ModuleInfo Module, TokenInfo Token, MechanismMap Mechanisms, ImmutableArray<ProbeFinding> Findings, ImmutableArray<AttackFinding> Attacks)
{
    public IEnumerable<AttackFinding> Succeeded => Attacks.Where(attack => !attack.IsStopped);

    public bool Works(string name) => Findings.Single(finding => string.Equals(finding.Name, name, StringComparison.Ordinal)).Works;
}
