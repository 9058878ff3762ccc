using System.Collections.Frozen;
using System.Collections.Immutable;
using KmsGateway.Gateway.Catalogue;
using KmsGateway.Gateway.Hosting.Settings;
using KmsGateway.Gateway.PolicyCommands;
using KmsGateway.Policy.Kms;
using KmsGateway.Policy.Matching;

namespace KmsGateway.Gateway.Simulator;

/// <summary>An action that a simulation asks about, as policies write it: <c>kms:Encrypt</c>, <c>ram:CreateUser</c>.</summary>
/// <param name="Name">In the spelling of the vocabulary; as asked for services that are not known here.</param>
/// <param name="Kms">The checks of a KMS call; empty for other services.</param>
/// <param name="Resources">What a RAM or STS call is checked on.</param>
/// <param name="IsOpen">A valid signature is enough.</param>
internal sealed record SimulatedAction(string Name, ImmutableArray<CheckSpec> Kms, ImmutableArray<RamResource> Resources, bool IsOpen)
{
    private const string KmsPrefix = "kms:";

    /// <summary>The services whose actions are all known here.</summary>
    private static readonly ImmutableArray<string> KnownServices = [KmsPrefix, "ram:", "sts:"];

    private static readonly ImmutableArray<SimulatedAction> All =
    [
        .. ActionCatalogue.All.Select(Of),
        .. PermissionsThatAreNoActions(),
    ];

    private static readonly FrozenDictionary<string, SimulatedAction> ByName =
        All.ToFrozenDictionary(action => action.Name, StringComparer.OrdinalIgnoreCase);

    /// <summary>It neither changes nor uses what it is about: service-managed keys may be looked at like others.</summary>
    public bool IsRead => ActionCatalogue.All.Any(action => NameOf(action) == Name && action.Access != AccessLevel.Write) && !Kms.Any(check => check.CarriesTags);

    /// <summary>Whether it can be about the key of another account, as on the live path.</summary>
    public bool IsForKeyUsers => !Kms.IsEmpty && Kms.All(check => KmsVocabulary.IsForKeyUsers(check.Action));

    public bool IsKms => Name.StartsWith(KmsPrefix, StringComparison.Ordinal);

    public static string NameOf(ActionDescriptor action) => $"{ServiceOf(action.Product)}:{action.Name}";

    public static bool IsPattern(string text) => text.AsSpan().IndexOfAny('*', '?') >= 0;

    /// <summary>The one action of that name; letter case does not count, as in policies.</summary>
    public static SimulatedAction Find(InputNode node)
    {
        var text = node.Text();
        if (ByName.TryGetValue(text, out var action))
        {
            return action;
        }

        if (KnownServices.FirstOrDefault(prefix => text.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)) is { } service)
        {
            var nearest = NearestName.Of(text, All.Select(each => each.Name).Where(name => name.StartsWith(service, StringComparison.Ordinal)));
            throw node.Fault($"is no known action; the nearest one is {nearest}.");
        }

        return new SimulatedAction(QuestionReader.Action(node), [], [], IsOpen: false);
    }

    /// <summary>The action of that name, known or not.</summary>
    public static SimulatedAction FindOrTake(InputNode node) =>
        ByName.GetValueOrDefault(node.Text()) ?? new SimulatedAction(QuestionReader.Action(node), [], [], IsOpen: false);

    /// <summary>The known actions that a pattern covers, in the order of the vocabulary; those that need no permission are left out.</summary>
    public static ImmutableArray<SimulatedAction> Expand(InputNode node) => ActionPattern.TryParse(node.Text(), out var pattern)
        ? [.. ActionCatalogue.All.Select(Of).Where(action => !action.IsOpen && pattern.Covers(action.Name))]
        : throw node.Fault("must be an action such as kms:Decrypt, or a pattern such as kms:*.");

    private static SimulatedAction Of(ActionDescriptor action) => new(
        NameOf(action), action.Kms?.Checks ?? [], action.Resources, action.Kms is { Checks.IsEmpty: true } || action.NoPermissionBecause is not null);

    /// <summary><c>kms:ReEncryptFrom</c>: policies speak of it, and no call has that name.</summary>
    private static IEnumerable<SimulatedAction> PermissionsThatAreNoActions() =>
        from checks in KmsVocabulary.All.SelectMany(action => action.Checks).GroupBy(check => check.Action, StringComparer.Ordinal)
        where KmsVocabulary.Find(checks.Key[KmsPrefix.Length..]) is null
        select new SimulatedAction(checks.Key, [.. checks], [], IsOpen: false);

    private static string ServiceOf(Product product) => product switch
    {
        Product.Kms => "kms",
        Product.Ram => "ram",
        Product.Sts => "sts",
        _ => throw new ArgumentException("a product of the catalogue", nameof(product)),
    };
}
