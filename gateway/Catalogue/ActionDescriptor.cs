using System.Collections.Immutable;
using KmsGateway.Policy.Kms;

namespace KmsGateway.Gateway.Catalogue;

/// <summary>The products behind the one endpoint, told apart by Version. Source: architecture.md, operator contract.</summary>
internal enum Product
{
    None = 0,
    Kms,
    Ram,
    Sts,

    /// <summary>Questions about policies, below <c>/policy/</c>; no version of the API at <c>/</c>.</summary>
    Simulator,
}

/// <summary>Class of an action; the trail writes Write as <c>Write</c> and the others as <c>Read</c> (audit A2).</summary>
internal enum AccessLevel
{
    None = 0,
    Read,
    List,
    Write,
}

/// <summary>Who answers an action after it was authenticated, authorized and validated.</summary>
internal enum Answerer
{
    None = 0,

    /// <summary>An operation of the core, over a ticket.</summary>
    Core,

    /// <summary>A handler in <c>gateway/Ram</c> or <c>gateway/Sts</c>.</summary>
    Gateway,

    /// <summary>Nobody yet: 400 <c>UnsupportedOperation</c>, after MissingParameter (decisions.md D9).</summary>
    NotYet,

    /// <summary>Nobody, by decision: as <see cref="NotYet"/>.</summary>
    OutOfScope,
}

/// <summary>How far an action belongs to the service. Source: kms-api.md, tiers.</summary>
internal enum Tier
{
    None = 0,
    Core,
    Extension,
    Legacy,
    OutOfScope,
}

/// <summary>A parameter that the trail may keep. Source: audit A4.</summary>
/// <param name="Name">Name of a parameter.</param>
/// <param name="KeysOnly">Member names in clear, values as a keyed hash (EncryptionContext).</param>
internal sealed record RecordedParameter(string Name, bool KeysOnly = false);

/// <summary>
/// All that routing, parameter checks, authorization, the trail and the docs need to know of one API action. Made by
/// <see cref="ActionBuilder"/>; looked up in <see cref="ActionCatalogue"/>. Source: decisions.md D5.
/// </summary>
internal sealed record ActionDescriptor
{
    public required Product Product { get; init; }

    /// <summary>API version, part of the look-up key: CreatePolicy exists in KMS and in RAM.</summary>
    public required string Version { get; init; }

    /// <summary>API name; letter case counts.</summary>
    public required string Name { get; init; }

    public required Tier Tier { get; init; }

    public required AccessLevel Access { get; init; }

    public required Answerer Answerer { get; init; }

    /// <summary>In the order in which they are checked.</summary>
    public required ImmutableArray<ParameterSpec> Parameters { get; init; }

    /// <summary>What a KMS action is checked on; null for RAM and STS.</summary>
    public KmsAction? Kms { get; init; }

    /// <summary><c>ram:CreateUser</c>; null for KMS (the checks name theirs) and where <see cref="NoPermissionBecause"/> is set.</summary>
    public string? Permission { get; init; }

    /// <summary>What a RAM or STS action is checked on; all must be allowed.</summary>
    public ImmutableArray<RamResource> Resources { get; init; } = [];

    /// <summary>Why a valid signature is enough; null where a permission is needed.</summary>
    public string? NoPermissionBecause { get; init; }

    /// <summary>Whether the proof is inside the call and nobody signs it.</summary>
    public bool IsUnsigned { get; init; }

    /// <summary>Whether the trail gets an event (audit A1).</summary>
    public bool IsAudited { get; init; } = true;

    /// <summary>Allow-list of request parameters for the trail; any other is recorded by name only.</summary>
    public ImmutableArray<RecordedParameter> RecordedParameters { get; init; } = [];

    /// <summary>Allow-list of response members for the trail, dotted paths: <c>AccessKey.AccessKeyId</c>.</summary>
    public ImmutableArray<string> RecordedResponse { get; init; } = [];

    /// <summary>The document the entry was taken from.</summary>
    public required string Source { get; init; }

    /// <summary>The specification of a parameter, or null when the action has none of that name.</summary>
    public ParameterSpec? Parameter(string name)
    {
        foreach (var parameter in Parameters)
        {
            if (string.Equals(parameter.Name, name, StringComparison.Ordinal))
            {
                return parameter;
            }
        }

        return null;
    }
}
