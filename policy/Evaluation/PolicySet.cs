using System.Collections.Immutable;
using KmsGateway.Policy.Documents;

namespace KmsGateway.Policy.Evaluation;

/// <summary>
/// What applies to a principal, compiled once and reused for every call under the same identity version. Immutable.
/// Source: ram-policy.md 6.
/// </summary>
public sealed class PolicySet
{
    /// <summary>Compiles the documents.</summary>
    /// <param name="identity">For a user its own policies, then those of its groups; for a role those of the role.</param>
    /// <param name="session">Session policy of a role session.</param>
    /// <param name="control">Control policies, one list per level, nearest to the account first; empty when the feature is off.</param>
    /// <exception cref="ArgumentException">A document was parsed as another kind than the layer it is given for.</exception>
    public PolicySet(
        ImmutableArray<PolicyDocument> identity,
        PolicyDocument? session = null,
        ImmutableArray<ImmutableArray<PolicyDocument>> control = default)
    {
        Identity = Checked(identity, PolicyKind.Identity);
        Session = session;
        Control = control.IsDefault ? [] : [.. control.Select(level => Checked(level, PolicyKind.Control))];
        IdentityIndex = new LayerIndex(Identity);
        SessionIndex = session is null ? null : new LayerIndex(Checked([session], PolicyKind.Session));
        ControlIndexes = [.. Control.Select(level => new LayerIndex(level))];
    }

    private PolicySet(bool isInvalid)
        : this([]) => IsInvalid = isInvalid;

    private PolicySet(PolicySet compiled, PolicyDocument session)
    {
        (Identity, IdentityIndex) = (compiled.Identity, compiled.IdentityIndex);
        (Control, ControlIndexes) = (compiled.Control, compiled.ControlIndexes);
        Session = session;
        SessionIndex = new LayerIndex(Checked([session], PolicyKind.Session));
    }

    /// <summary>No policies at all.</summary>
    public static PolicySet Empty { get; } = new([]);

    /// <summary>
    /// Stands for a set in which a stored document no longer parses: every call is an implicit denial, but those of the root on
    /// its own account. Source: ram-policy.md 3 (diagnosis <c>InvalidPolicy</c>).
    /// </summary>
    public static PolicySet Invalid { get; } = new(isInvalid: true);

    /// <summary>The identity layer, in order.</summary>
    public ImmutableArray<PolicyDocument> Identity { get; }

    /// <summary>The session policy.</summary>
    public PolicyDocument? Session { get; }

    /// <summary>The control layer.</summary>
    public ImmutableArray<ImmutableArray<PolicyDocument>> Control { get; }

    /// <summary>Whether this is <see cref="Invalid"/>.</summary>
    public bool IsInvalid { get; }

    internal LayerIndex IdentityIndex { get; }

    internal LayerIndex? SessionIndex { get; }

    internal ImmutableArray<LayerIndex> ControlIndexes { get; }

    /// <summary>
    /// The same set for one session that <paramref name="session"/> narrows; what was compiled stays so. <see cref="Invalid"/>
    /// stays itself.
    /// </summary>
    /// <exception cref="ArgumentException">The document was not parsed as a session policy.</exception>
    public PolicySet Under(PolicyDocument session)
    {
        ArgumentNullException.ThrowIfNull(session);
        return IsInvalid ? this : new PolicySet(this, session);
    }

    private static ImmutableArray<PolicyDocument> Checked(ImmutableArray<PolicyDocument> documents, PolicyKind kind)
    {
        if (documents.IsDefault)
        {
            return [];
        }

        // Why: a key policy read as an identity policy would lose its principals.
        return documents.All(document => document.Kind == kind)
            ? documents
            : throw new ArgumentException($"This layer takes documents parsed as {kind}.", nameof(documents));
    }
}
