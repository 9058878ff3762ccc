using System.Collections.Immutable;
using KmsGateway.Gateway.Catalogue;

namespace KmsGateway.Gateway.Simulator;

/// <summary>One endpoint.</summary>
/// <param name="Method"><c>GET</c> or <c>POST</c>.</param>
/// <param name="Path"><c>/policy/simulate</c>.</param>
/// <param name="Action">The name it is signed for, and the permission it needs.</param>
/// <param name="Handler">The <see cref="ISimulatorHandler"/> that answers.</param>
internal sealed record SimulatorEndpoint(string Method, string Path, ActionDescriptor Action, Type Handler);

/// <summary>
/// The endpoints below <c>/policy/</c>. Their names (<c>x-acs-action</c>, <c>x-acs-version</c>) are no actions of the API at <c>/</c>.
/// Source: simulator.md 2.
/// </summary>
internal static class SimulatorEndpoints
{
    public const string Version = "2026-03-01";

    public const string SimulatePermission = "kmsgw:SimulatePolicy";
    public const string AnalyzePermission = "kmsgw:AnalyzeAccess";

    public static ImmutableArray<SimulatorEndpoint> All { get; } =
    [
        Post<SimulateHandler>("/policy/simulate", Needs("SimulatePolicy", SimulatePermission)),
        Post<MatrixHandler>("/policy/matrix", Needs("SimulatePolicyMatrix", SimulatePermission)),
        Post<DiffHandler>("/policy/diff", Needs("ComparePolicies", SimulatePermission)),
        Post<WhoCanHandler>("/policy/who-can", Needs("AnalyzeAccess", AnalyzePermission)),
        Post<ValidateHandler>("/policy/validate", Open("ValidatePolicy")),
        Get<OpenApiHandler>("/policy/openapi.json", Open("GetPolicyOpenApi") with { IsAudited = false }),
        Get<VocabularyHandler>("/policy/vocabulary", Open("GetPolicyVocabulary") with { IsAudited = false }),
    ];

    private static SimulatorEndpoint Post<THandler>(string path, ActionDescriptor action)
        where THandler : ISimulatorHandler => new(HttpMethods.Post, path, action, typeof(THandler));

    private static SimulatorEndpoint Get<THandler>(string path, ActionDescriptor action)
        where THandler : ISimulatorHandler => new(HttpMethods.Get, path, action, typeof(THandler));

    private static ActionDescriptor Open(string name) => Needs(name, null);

    private static ActionDescriptor Needs(string name, string? permission) => new()
    {
        Product = Product.Simulator,
        Version = Version,
        Name = name,
        Tier = Tier.Extension,
        Access = AccessLevel.Read,
        Answerer = Answerer.Gateway,
        Parameters = [],
        Permission = permission,
        NoPermissionBecause = permission is null ? "it tells what the documentation tells" : null,
        Source = "simulator.md 2",
    };
}
