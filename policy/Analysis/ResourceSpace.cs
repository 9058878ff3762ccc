using System.Collections.Immutable;
using KmsGateway.Policy.Matching;

namespace KmsGateway.Policy.Analysis;

/// <summary>A class of resources.</summary>
/// <param name="Index">Its place.</param>
/// <param name="Text">A member: an ARN, or <c>*</c> for calls without a resource.</param>
/// <param name="Matches">The patterns that cover it.</param>
internal sealed record ResourceClass(int Index, string Text, PatternBits Matches)
{
    internal bool IsNone => string.Equals(Text, "*", StringComparison.Ordinal);
}

/// <summary>
/// All resources with an owner and the calls without a resource, cut into classes by the patterns of policies. The first
/// pattern is <c>acs:*:*:*:*</c>, which covers all but the calls without a resource (R-RES-8).
/// </summary>
internal sealed class ResourceSpace
{
    /// <summary>Covers all but the calls without a resource.</summary>
    internal static readonly ResourcePattern AnyArn = Parse("acs:*:*:*:*");

    private static readonly string[] RelativeIds =
        ["key/0a1b2c3d", "secret/app", "alias/app", "key", "secret", "alias", "certificate/c1", "user/someone", "role/someone", "group/someone", "policy/some", "key/x", "secret/x", "alias/x", "x"];

    private ResourceSpace(ImmutableArray<ResourcePattern> patterns, ImmutableArray<ResourceClass> classes, bool isComplete)
    {
        Patterns = patterns;
        Classes = classes;
        IsComplete = isComplete;
    }

    internal ImmutableArray<ResourcePattern> Patterns { get; }

    internal ImmutableArray<ResourceClass> Classes { get; }

    internal bool IsComplete { get; }

    /// <summary>Cuts all resources that <paramref name="within"/> covers.</summary>
    /// <param name="patterns">The patterns of policies.</param>
    /// <param name="within">What is asked about.</param>
    /// <param name="service">The service whose names are preferred as members.</param>
    /// <param name="account">The account preferred.</param>
    /// <param name="budget">What may be spent.</param>
    internal static ResourceSpace Cut(IEnumerable<ResourcePattern> patterns, ResourcePattern within, string service, string account, AnalysisBudget budget)
    {
        ImmutableArray<ResourcePattern> distinct = [.. patterns.Prepend(AnyArn).DistinctBy(pattern => pattern.Text, StringComparer.Ordinal)];
        var space = PatternSpace.Cut(Fields(distinct, service, account), [.. distinct.Select(FieldsOf)], FieldsOf(within), budget);
        var classes = space.Classes.Select(one => (Text: $"acs:{string.Join(':', one.Fields)}", one.Matches));
        if (within.IsAny)
        {
            classes = classes.Append(("*", PatternBits.Of(distinct.Length, Enumerable.Range(0, distinct.Length).Where(i => distinct[i].IsAny))));
        }

        return new ResourceSpace(distinct, [.. classes.Select((one, i) => new ResourceClass(i, one.Text, one.Matches))], space.IsComplete);
    }

    internal static ResourcePattern Parse(string text) =>
        ResourcePattern.TryParse(text, out var pattern) ? pattern : throw new ArgumentException($"{text} is no resource pattern.", nameof(text));

    private static ImmutableArray<PatternField> Fields(ImmutableArray<ResourcePattern> patterns, string service, string account) =>
    [
        new(CanBeEmpty: false, CanHoldColon: false, [service, "kms", "ram", "ecs"]),
        new(CanBeEmpty: true, CanHoldColon: false, string.Equals(service, "kms", StringComparison.Ordinal) ? ["cn-hangzhou", "cn-beijing", ""] : ["", "cn-hangzhou"]),
        new(CanBeEmpty: false, CanHoldColon: false, [account, "2000000000000002", "3000000000000003"]),
        new(CanBeEmpty: false, CanHoldColon: true, [.. RelativeIds, .. patterns.Select(pattern => pattern.Fields?.RelativeId ?? "").Where(text => text.Contains('*', StringComparison.Ordinal)).Select(Filled).Take(64)]),
    ];

    private static ImmutableArray<string> FieldsOf(ResourcePattern pattern) =>
        pattern.IsAny ? [] : [pattern.Fields.Service, pattern.Fields.Region, pattern.Fields.Account, pattern.Fields.RelativeId];

    private static string Filled(string pattern) => pattern.Replace("*", "0a1b", StringComparison.Ordinal).Replace('?', 'x');
}
