using System.Collections.Immutable;
using KmsGateway.Core.Contract;
using KmsGateway.Gateway.Wire;

namespace KmsGateway.Gateway.Catalogue;

/// <summary>One parameter of an action: its type with its limits, and when it is needed.</summary>
/// <param name="Name">As sent; letter case counts.</param>
/// <param name="Type">Shape and limits.</param>
internal sealed record ParameterSpec(string Name, ParameterType Type)
{
    public bool IsRequired { get; init; }

    /// <summary>Enters a look-up or an ARN: checked before authorization, the others after it.</summary>
    public bool NamesResource { get; init; }

    /// <summary>An empty value is a value; elsewhere empty = absent.</summary>
    public bool EmptyCounts { get; init; }

    /// <summary>Value when absent: string, long, bool or JsonElement; null = none.</summary>
    public object? Default { get; init; }

    /// <summary>A default that another parameter decides.</summary>
    public DependentDefault? DefaultBy { get; init; }

    /// <summary>Needed when this holds, though not <see cref="IsRequired"/>.</summary>
    public ParameterCondition? RequiredWhen { get; init; }

    /// <summary>Left out, whatever it holds, unless this holds.</summary>
    public ParameterCondition? IgnoredUnless { get; init; }

    /// <summary>Left out when that parameter is given, which says the same better; its own value must still be well formed.</summary>
    public string? YieldsTo { get; init; }

    /// <summary>The type that judges its value while it yields; null = <see cref="Type"/>.</summary>
    public ParameterType? TypeWhenYielding { get; init; }

    /// <summary>Asks for something this service does not do, and is refused rather than ignored.</summary>
    public ParameterRefusal? Refusal { get; init; }

    /// <summary>The name in error codes, where the published code has another (RAM).</summary>
    public string? FaultName { get; init; }

    public ParameterSpec Required() => this with { IsRequired = true };

    public ParameterSpec Or(object value) => this with { Default = value };

    public ParameterSpec NeededWhenTrue(string parameter) => this with { RequiredWhen = ParameterCondition.IsTrue(parameter) };

    public ParameterSpec NeededUnlessGiven(string parameter) => this with { RequiredWhen = ParameterCondition.IsNotGiven(parameter) };

    public ParameterSpec Refused(KmsError error, string because) => this with { Refusal = new(error, because, null) };

    public ParameterSpec RefusedUnless(object value, KmsError error, string because) => this with { Refusal = new(error, because, value) };
}

/// <summary>Something about the other parameters.</summary>
/// <param name="Text">For the reader: <c>EnableAutomaticRotation is true</c>.</param>
/// <param name="Holds">The test.</param>
/// <param name="MissingIsInvalid">A parameter that is needed then and absent is InvalidParameter (kms-api.md 9), not MissingParameter.</param>
internal sealed record ParameterCondition(string Text, Func<ParameterCollection, bool> Holds, bool MissingIsInvalid = false)
{
    public static ParameterCondition IsTrue(string name) => new(
        $"{name} is true",
        parameters => string.Equals(parameters.ValueOrNull(name), "true", StringComparison.OrdinalIgnoreCase),
        MissingIsInvalid: true);

    public static ParameterCondition IsNotGiven(string name) => new($"{name} is not given", parameters => parameters.ValueOrNull(name) is null);
}

/// <summary>A default that depends on the value of another parameter, <c>KeyUsage</c> on <c>KeySpec</c>.</summary>
/// <param name="Parameter">The other parameter.</param>
/// <param name="Values">Its values that have a default of their own.</param>
internal sealed record DependentDefault(string Parameter, ImmutableDictionary<string, string> Values);

/// <summary>Why a parameter is refused.</summary>
/// <param name="Error">The catalogue's entry; its argument is the parameter's name.</param>
/// <param name="Because">For the reader.</param>
/// <param name="Unless">The one value that is taken; null = none.</param>
internal sealed record ParameterRefusal(KmsError Error, string Because, object? Unless);
