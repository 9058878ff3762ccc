using System.Collections.Immutable;
using KmsGateway.Policy.Kms;

namespace KmsGateway.Gateway.Catalogue;

/// <summary>
/// How an entry of the catalogue is written down: one line per fact. <see cref="Build"/> refuses an entry without an access
/// level, an answerer or a clause on authorization, and an answerer named twice.
/// </summary>
internal sealed class ActionBuilder
{
    private readonly Product product;
    private readonly string version;
    private readonly string name;
    private readonly KmsAction? kms;
    private readonly List<ParameterSpec> parameters = [];
    private readonly List<RamResource> resources = [];
    private readonly List<RecordedParameter> recorded = [];
    private readonly List<string> recordedResponse = [];
    private Tier tier = Tier.Core;
    private AccessLevel access;
    private Answerer answerer;
    private string? permission;
    private string? because;
    private bool isUnsigned;
    private bool isAudited = true;
    private string source;

    private ActionBuilder(Product product, string version, string name, string source, KmsAction? kms = null)
    {
        (this.product, this.version, this.name, this.source, this.kms) = (product, version, name, source, kms);
    }

    /// <summary>An action of the key service; what it is checked on stands in the vocabulary.</summary>
    public static ActionBuilder InKms(string name) => new(
        Product.Kms,
        ActionCatalogue.KmsVersion,
        name,
        "kms-api.json",
        KmsVocabulary.Find(name) ?? throw new InvalidOperationException($"{name} is not in the vocabulary"));

    public static ActionBuilder InRam(string name) => new(Product.Ram, ActionCatalogue.RamVersion, name, "ram-sts-api.json");

    public static ActionBuilder InSts(string name) => new(Product.Sts, ActionCatalogue.StsVersion, name, "ram-sts-api.json");

    public ActionBuilder In(Tier tier)
    {
        this.tier = tier;
        return this;
    }

    public ActionBuilder Reads() => Accesses(AccessLevel.Read);

    public ActionBuilder Lists() => Accesses(AccessLevel.List);

    public ActionBuilder Writes() => Accesses(AccessLevel.Write);

    /// <summary>A parameter that must be there.</summary>
    public ActionBuilder Needs(string name, ParameterType type, Func<ParameterSpec, ParameterSpec>? more = null) =>
        Takes(name, type, spec => (more is null ? spec : more(spec)).Required());

    /// <summary>A parameter that may be there.</summary>
    public ActionBuilder Takes(string name, ParameterType type, Func<ParameterSpec, ParameterSpec>? more = null)
    {
        var spec = new ParameterSpec(name, type);
        parameters.Add(more is null ? spec : more(spec));
        return this;
    }

    /// <summary>The key that <paramref name="parameter"/> names; whether an alias is taken stands in the vocabulary.</summary>
    public ActionBuilder NeedsKey(string parameter = "KeyId") => Needs(parameter, KeyType(parameter));

    /// <inheritdoc cref="NeedsKey"/>
    public ActionBuilder TakesKey(string parameter = "KeyId") => Takes(parameter, KeyType(parameter));

    /// <summary>RAM, STS: <c>ram:&lt;Name&gt;</c> on each of these.</summary>
    public ActionBuilder On(params RamResource[] each)
    {
        permission = $"{(product == Product.Sts ? "sts" : "ram")}:{name}";
        resources.AddRange(each);
        return this;
    }

    /// <summary>A valid signature (or the proof inside the call) is enough.</summary>
    public ActionBuilder NeedsNoPermission(string because)
    {
        this.because = because;
        return this;
    }

    /// <summary>The proof is a parameter of the call; a signature is not needed.</summary>
    public ActionBuilder Unsigned(string because)
    {
        isUnsigned = true;
        return NeedsNoPermission(because);
    }

    public ActionBuilder NotAudited()
    {
        isAudited = false;
        return this;
    }

    /// <summary>Parameters for the trail, in clear.</summary>
    public ActionBuilder Records(params string[] names)
    {
        recorded.AddRange(names.Select(each => new RecordedParameter(each)));
        return this;
    }

    /// <summary>Parameters for the trail, member names in clear and values as a keyed hash.</summary>
    public ActionBuilder RecordsKeysOf(params string[] names)
    {
        recorded.AddRange(names.Select(each => new RecordedParameter(each, KeysOnly: true)));
        return this;
    }

    /// <summary>Members of the answer for the trail, dotted paths.</summary>
    public ActionBuilder RecordsAnswer(params string[] paths)
    {
        recordedResponse.AddRange(paths);
        return this;
    }

    public ActionBuilder AnsweredByCore() => AnsweredBy(Answerer.Core);

    public ActionBuilder AnsweredByGateway() => AnsweredBy(Answerer.Gateway);

    public ActionBuilder NotYet() => AnsweredBy(Answerer.NotYet);

    public ActionBuilder OutOfScope() => In(Tier.OutOfScope).AnsweredBy(Answerer.OutOfScope);

    /// <summary>Document and section, where they are not those of the whole product.</summary>
    public ActionBuilder Source(string document)
    {
        source = document;
        return this;
    }

    public ActionDescriptor Build()
    {
        Demand(access != AccessLevel.None, "an access level");
        Demand(answerer != Answerer.None, "an answerer");
        Demand(kms is { Checks.Length: > 0 } || permission is not null || because is not null, "checks, or a reason why it has none");
        Demand(because is null || (permission is null && kms is not { Checks.Length: > 0 }), "either checks or a reason why it has none");
        var named = NamesOfResources();
        return new ActionDescriptor
        {
            Product = product,
            Version = version,
            Name = name,
            Tier = tier,
            Access = access,
            Answerer = answerer,
            Parameters = [.. parameters.Select(spec => spec with { NamesResource = named.Contains(spec.Name) })],
            Kms = kms,
            Permission = permission,
            Resources = [.. resources],
            NoPermissionBecause = because,
            IsUnsigned = isUnsigned,
            IsAudited = isAudited,
            RecordedParameters = [.. recorded],
            RecordedResponse = [.. recordedResponse],
            Source = source,
        };
    }

    private ActionBuilder Accesses(AccessLevel level)
    {
        Demand(access == AccessLevel.None, "one access level");
        access = level;
        return this;
    }

    private ActionBuilder AnsweredBy(Answerer by)
    {
        Demand(answerer == Answerer.None, "one answerer");
        answerer = by;
        return this;
    }

    private ParameterType KeyType(string parameter) => ParameterTypes.Key(kms is not null && kms.AliasParameters.Contains(parameter));

    private HashSet<string> NamesOfResources()
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var check in kms?.Checks ?? ImmutableArray<CheckSpec>.Empty)
        {
            names.UnionWith(NamesOf(check));
        }

        foreach (var resource in resources.Where(resource => resource.Parameter is not null))
        {
            names.Add(resource.Parameter!);
            names.UnionWith(resource.MayBeSystem ? ["PolicyType"] : []);
        }

        return names;
    }

    private static IEnumerable<string> NamesOf(CheckSpec check) => check.Target switch
    {
        CheckTargetKind.KeyOrSecretOrCertificate => ["KeyId", "SecretName", "CertificateId"],
        CheckTargetKind.EachResource => ["ResourceId", "ResourceType"],
        _ => new[] { check.Parameter, check.Alternative }.OfType<string>(),
    };

    private void Demand(bool holds, string what)
    {
        if (!holds)
        {
            throw new InvalidOperationException($"{name} of the catalogue needs {what}");
        }
    }
}
