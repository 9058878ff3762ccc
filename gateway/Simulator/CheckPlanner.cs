using System.Collections.Immutable;
using KmsGateway.Gateway.PolicyCommands;
using KmsGateway.Policy.Kms;

namespace KmsGateway.Gateway.Simulator;

/// <summary>One question that a call will put, its resource perhaps still to be looked up.</summary>
/// <param name="Permission"><c>kms:Decrypt</c>.</param>
/// <param name="Asked">The resource as written; the ARN where the action names it by itself.</param>
/// <param name="Via">How it was named.</param>
/// <param name="Literal">What is judged when there is nothing to look up.</param>
/// <param name="Kms">The planner of the live path, for this one check; null when there is nothing to look up.</param>
internal sealed record PlannedQuestion(string Permission, string Asked, string Via, string Literal, KmsCall? Kms);

/// <summary>
/// From an action and resources to the checks of the live path: each check of the vocabulary, in its order, on each resource that
/// it can be about, read by <see cref="KmsCall"/> as a request's parameter would be.
/// </summary>
internal sealed class CheckPlanner(string account, string region)
{
    private const string Parameter = "Resource";

    /// <summary>Whether every one of the resources is something the action is checked on.</summary>
    public static bool Fits(SimulatedAction action, ImmutableArray<AskedResource> resources) =>
        resources.IsEmpty ? NeedsNone(action) : resources.All(resource => IsAskedOn(action, resource));

    /// <summary>The questions; empty when a valid signature is enough.</summary>
    /// <exception cref="InputException">A resource is nothing that the action is checked on, or one is missing.</exception>
    public ImmutableArray<PlannedQuestion> Plan(InputNode place, SimulatedAction action, ImmutableArray<AskedResource> resources)
    {
        if (resources.FirstOrDefault(resource => !IsAskedOn(action, resource)) is { } unfit)
        {
            throw unfit.Place.Fault($"is nothing that {action.Name} is checked on.");
        }

        if (!action.IsOpen && !Fits(action, resources))
        {
            throw place.Fault($"{action.Name} is checked on something that resources must name.");
        }

        return action.IsKms ? [.. action.Kms.SelectMany((spec, index) => PlanCheck(action, index, spec, resources))] : [.. PlanOther(action, resources)];
    }

    /// <summary>The question that finds out which resource is meant, whatever is asked on it.</summary>
    public PlannedQuestion PlanKey(AskedResource resource) => resource.Kind is AskedKind.Key or AskedKind.Alias
        ? PlanOne(new CheckSpec("kms:Encrypt", CheckTargetKind.Key, Parameter, CarriesTags: true), resource, isForKeyUsers: false)
        : throw resource.Place.Fault("must be about a key: an ARN, a key id, key/<id> or alias/<name>.");

    /// <summary>The same, of a key's ARN that the core gave.</summary>
    public PlannedQuestion PlanKeyArn(string arn) =>
        PlanKey(new AskedResource(new InputNode(SimulatorBody.Name, "", default), arn, AskedKind.Key, arn, account, region, "arn"));

    private IEnumerable<PlannedQuestion> PlanOther(SimulatedAction action, ImmutableArray<AskedResource> resources)
    {
        if (action.IsOpen)
        {
            return [];
        }

        if (!resources.IsEmpty)
        {
            return resources.Select(resource => new PlannedQuestion(action.Name, resource.Text, resource.Via, resource.Text, null));
        }

        var containers = action.Resources.Select(resource => $"acs:ram::{account}:{resource.Collection}/*").DefaultIfEmpty("*");
        return containers.Select(container => new PlannedQuestion(action.Name, container, "container", container, null));
    }

    private IEnumerable<PlannedQuestion> PlanCheck(SimulatedAction action, int index, CheckSpec spec, ImmutableArray<AskedResource> resources)
    {
        if (!IsNamed(spec))
        {
            var given = resources.FirstOrDefault(resource => IsAbout(action, spec, resource));
            return [given is null ? Container(spec) : new PlannedQuestion(spec.Action, given.Text, given.Via, given.Text, null)];
        }

        return Bound(action, index, resources).Select(resource => PlanOne(spec, resource, action.IsForKeyUsers));
    }

    /// <summary>
    /// The resources that one check is about. An action that names several keys takes them in order when as many are given:
    /// ReEncrypt from the first to the second.
    /// </summary>
    private static AskedResource[] Bound(SimulatedAction action, int index, ImmutableArray<AskedResource> resources)
    {
        var about = resources.Where(resource => IsAbout(action, action.Kms[index], resource)).ToArray();
        var keyParameters = action.Kms.Where(IsKeyCheck).Select(spec => spec.Parameter).Distinct(StringComparer.Ordinal).ToArray();
        var isInOrder = keyParameters.Length > 1 && about.Length == keyParameters.Length && IsKeyCheck(action.Kms[index]);
        return isInOrder ? [about[Array.IndexOf(keyParameters, action.Kms[index].Parameter)]] : about;
    }

    private PlannedQuestion PlanOne(CheckSpec spec, AskedResource resource, bool isForKeyUsers)
    {
        if (resource.Kind == AskedKind.Container)
        {
            return new PlannedQuestion(spec.Action, resource.Text, resource.Via, resource.Text, null);
        }

        var named = spec with { Target = TargetOf(spec.Target, resource.Kind), Parameter = Parameter, Alternative = null, IsOptional = false };
        var isRead = KmsCall.TryRead(
            new KmsAction(spec.Action, [named], [Parameter]) { IsForKeyUsers = isForKeyUsers },
            name => name == Parameter ? resource.Reference : null,
            IsKeyArn(resource) ? account : resource.Account,
            IsKeyArn(resource) ? region : resource.Region,
            out var call,
            out _);
        return isRead ? new PlannedQuestion(spec.Action, resource.Text, resource.Via, resource.Text, call) : throw resource.Unreadable();
    }

    /// <summary>The planner reads account and region out of a key's ARN by itself.</summary>
    private static bool IsKeyArn(AskedResource resource) => resource is { Kind: AskedKind.Key, Via: "arn" };

    private PlannedQuestion Container(CheckSpec spec)
    {
        var arn = spec.Target switch
        {
            CheckTargetKind.KeyContainer => $"acs:kms:{region}:{account}:key",
            CheckTargetKind.AliasContainer => $"acs:kms:{region}:{account}:alias",
            CheckTargetKind.SecretContainer => $"acs:kms:{region}:{account}:secret",
            CheckTargetKind.CertificateContainer => $"acs:kms:{region}:{account}:certificate",
            _ => "*",
        };
        return new PlannedQuestion(spec.Action, arn, "container", arn, null);
    }

    /// <summary>The action names by itself what it is checked on.</summary>
    private static bool NeedsNone(SimulatedAction action) => action.IsKms
        ? action.Kms.All(spec => !IsNamed(spec) || spec.IsOptional) && action.Kms.Any(spec => !IsNamed(spec))
        : action.Resources.All(resource => resource.Placeholder is null);

    private static bool IsAskedOn(SimulatedAction action, AskedResource resource) => action.IsKms
        ? action.Kms.Any(spec => IsAbout(action, spec, resource))
        : resource.Kind == AskedKind.Foreign || resource.Via is "arn" or "container";

    private static bool IsAbout(SimulatedAction action, CheckSpec spec, AskedResource resource) => spec.Target switch
    {
        CheckTargetKind.Key or CheckTargetKind.CiphertextKey =>
            resource.Kind == AskedKind.Key || (resource.Kind == AskedKind.Alias && !action.Kms.Any(IsAliasCheck)),
        CheckTargetKind.Alias or CheckTargetKind.KeyBehindAlias => resource.Kind == AskedKind.Alias,
        CheckTargetKind.Secret or CheckTargetKind.SecretKey or CheckTargetKind.EachSecret or CheckTargetKind.EachSecretKey => resource.Kind == AskedKind.Secret,
        CheckTargetKind.Certificate => resource.Kind == AskedKind.Certificate,
        CheckTargetKind.KeyOrSecretOrCertificate => resource.Kind is AskedKind.Key or AskedKind.Secret or AskedKind.Certificate,
        CheckTargetKind.EachResource => resource.Kind is AskedKind.Key or AskedKind.Secret || IsContainer(resource, "key") || IsContainer(resource, "secret"),
        CheckTargetKind.KeyContainer => IsContainer(resource, "key"),
        CheckTargetKind.AliasContainer => IsContainer(resource, "alias"),
        CheckTargetKind.SecretContainer => IsContainer(resource, "secret"),
        CheckTargetKind.CertificateContainer => IsContainer(resource, "certificate"),
        _ => false,
    };

    private static bool IsContainer(AskedResource resource, string kind) =>
        resource.Kind == AskedKind.Container && resource.Text.EndsWith($":{kind}", StringComparison.Ordinal);

    /// <summary>Whether a request names what the check is on; containers and <c>*</c> go without.</summary>
    private static bool IsNamed(CheckSpec spec) => spec.Target is not (
        CheckTargetKind.Anything or CheckTargetKind.KeyContainer or CheckTargetKind.AliasContainer
        or CheckTargetKind.SecretContainer or CheckTargetKind.CertificateContainer);

    private static bool IsKeyCheck(CheckSpec spec) => spec.Target is CheckTargetKind.Key or CheckTargetKind.CiphertextKey;

    private static bool IsAliasCheck(CheckSpec spec) => spec.Target is CheckTargetKind.Alias or CheckTargetKind.KeyBehindAlias;

    private static CheckTargetKind TargetOf(CheckTargetKind target, AskedKind kind) => target switch
    {
        CheckTargetKind.CiphertextKey => CheckTargetKind.Key,
        CheckTargetKind.EachSecret => CheckTargetKind.Secret,
        CheckTargetKind.EachSecretKey => CheckTargetKind.SecretKey,
        CheckTargetKind.KeyOrSecretOrCertificate or CheckTargetKind.EachResource => kind switch
        {
            AskedKind.Secret => CheckTargetKind.Secret,
            AskedKind.Certificate => CheckTargetKind.Certificate,
            _ => CheckTargetKind.Key,
        },
        _ => target,
    };
}
