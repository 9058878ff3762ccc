namespace KmsGateway.Core.Hosting;

/// <summary>Settings of the core, section <c>Kms</c>. Source: architecture.md, operator contract.</summary>
public sealed class CoreOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Kms";

    /// <summary>Where everything lives, default <c>./data</c> of the caller's directory; created 0700.</summary>
    public string DataDirectory { get; set; } = "./data";

    /// <summary>Region of every key made here, default <c>cn-hangzhou</c>: 1 to 64 lower-case letters, digits, hyphens.</summary>
    public string Region { get; set; } = "cn-hangzhou";

    /// <summary>Section <c>Kms:Core</c>.</summary>
    public CoreSection Core { get; set; } = new();

    /// <summary>Section <c>Kms:Tickets</c>.</summary>
    public TicketSection Tickets { get; set; } = new();

    /// <summary>Section <c>Kms:Quotas</c>.</summary>
    public CoreQuotas Quotas { get; set; } = new();

    /// <summary>How this core is addressed.</summary>
    public sealed class CoreSection
    {
        /// <summary>Claim <c>aud</c> of the tickets it takes, default <c>kmsgateway-core</c>; not empty.</summary>
        public string Id { get; set; } = Contract.Ticket.DefaultAudience;
    }

    /// <summary>Whose tickets are taken.</summary>
    public sealed class TicketSection
    {
        /// <summary>One or two public keys of gateways (P-256), each a PEM text or the path of a PEM file; no default.</summary>
#pragma warning disable CA1819 // the binder fills arrays
        public string[] PublicKeys { get; set; } = [];
#pragma warning restore CA1819
    }
}
