namespace KmsGateway.Policy.Documents;

/// <summary>The kinds of a Principal element. Source: ram-policy.md R-DOC-20.</summary>
public enum PrincipalKind
{
    /// <summary>No kind.</summary>
    None = 0,

    /// <summary><c>RAM</c>: accounts, users, roles.</summary>
    Ram,

    /// <summary><c>Service</c>: host names of cloud products.</summary>
    Service,

    /// <summary><c>Federated</c>: identity providers.</summary>
    Federated,
}

/// <summary>What a RAM entry stands for.</summary>
public enum RamEntryScope
{
    /// <summary>No RAM entry.</summary>
    None = 0,

    /// <summary>Everybody of the account: <c>acs:ram::account:root</c>, <c>acs:ram::account:*</c> (R-PRN-3).</summary>
    Account,

    /// <summary>One user.</summary>
    User,

    /// <summary>Every session of one role.</summary>
    Role,
}

/// <summary>One entry of a Principal element. Source: ram-policy.md 4.4.</summary>
/// <param name="Kind">The member it stands under.</param>
/// <param name="Text">As written.</param>
/// <param name="Scope">For RAM entries.</param>
/// <param name="Account">Account id of a RAM entry; otherwise empty.</param>
/// <param name="Name">User or role name; otherwise empty.</param>
public sealed record PrincipalEntry(PrincipalKind Kind, string Text, RamEntryScope Scope, string Account, string Name);
