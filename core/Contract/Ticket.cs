namespace KmsGateway.Core.Contract;

/// <summary>
/// One resource that a decision was made for. Containers (<c>...:key</c>) and names that do not exist yet carry zeros.
/// Source: decisions.md D2.
/// </summary>
/// <param name="Arn">The resource, as it was authorized.</param>
/// <param name="MetadataVersion">Of the key, 0 where there is none.</param>
/// <param name="AliasGeneration">Of the alias that led to the key (or of the alias itself), 0 where there is none.</param>
public sealed record TicketResource(string Arn, long MetadataVersion, long AliasGeneration);

/// <summary>
/// What the gateway decided, and the only thing the core believes: a JWT (ES256) with a life of <see cref="Life"/>.
/// Source: decisions.md D2.
/// </summary>
/// <param name="Account">Claim <c>acct</c>: the account of the principal, which owns the resources but for those of <see cref="Owners"/>.</param>
/// <param name="Subject">Claim <c>sub</c>: ARN of the principal; see <see cref="ServiceSubject"/> for products.</param>
/// <param name="Action">Claim <c>act</c>: name of the API action, or one of the <c>internal:</c> actions.</param>
/// <param name="Resources">Claim <c>res</c>: in the order of the action's checks.</param>
public sealed record Ticket(string Account, string Subject, string Action, IReadOnlyList<TicketResource> Resources)
{
    /// <summary>
    /// Claim <c>own</c>: the other accounts whose keys the decision reached, each through the policy of that key; each owns one of the
    /// resources. Absent when there are none, which is nearly always. Source: ram-policy.md R-EVAL-9.
    /// </summary>
    public IReadOnlyList<string> Owners { get; init; } = [];

    /// <summary>How long a ticket is good for.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromSeconds(60);

    /// <summary>Claim <c>iss</c>.</summary>
    public const string Issuer = "kmsgateway";

    /// <summary>Claim <c>aud</c> unless <c>Kms:Core:Id</c> says otherwise.</summary>
    public const string DefaultAudience = "kmsgateway-core";

    /// <summary>The signature algorithm; no other is accepted.</summary>
    public const string Algorithm = "ES256";

    /// <summary>The product that a seed acts as; it alone may choose the id of a key that it makes.</summary>
    public const string SeedProduct = "seed";

    /// <summary><c>act</c> of a look-up ticket, for <c>POST /internal/v1/resolve</c>.</summary>
    public const string ResolveAction = "internal:Resolve";

    /// <summary><c>act</c> for <c>POST /internal/v1/EnsureServiceKey</c>.</summary>
    public const string EnsureServiceKeyAction = "internal:EnsureServiceKey";

    /// <summary>Name of the claim that holds the account.</summary>
    public const string AccountClaim = "acct";

    /// <summary>Name of the claim that holds the other owners: a JSON array of account ids, or absent.</summary>
    public const string OwnersClaim = "own";

    /// <summary>Name of the claim that holds the action.</summary>
    public const string ActionClaim = "act";

    /// <summary>Name of the claim that holds the resources: a JSON array of <c>{"arn","mv","ag"}</c>.</summary>
    public const string ResourcesClaim = "res";

    /// <summary>The <c>sub</c> of a product acting for an account: <c>acs:ram::&lt;account&gt;:service/&lt;product&gt;</c>.</summary>
    public static string ServiceSubject(string account, string product) => $"acs:ram::{account}:service/{product}";
}
