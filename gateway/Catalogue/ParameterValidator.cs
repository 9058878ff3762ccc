using System.Collections.Immutable;
using KmsGateway.Core.Contract;
using KmsGateway.Gateway.Catalogue.Types;
using KmsGateway.Gateway.Wire;

namespace KmsGateway.Gateway.Catalogue;

/// <summary>
/// The parameters of one call against the entry of its action, in two steps: those that name a resource before anything is
/// looked up, all of them after authorization (kms-api.md 1, order of checks). Faults are <see cref="KmsException"/>s that
/// name the parameter, one at a time, in the order of the entry. Unknown parameters are ignored; empty is absent.
/// </summary>
internal static class ParameterValidator
{
    /// <summary>
    /// The parameters that name a resource. Of a ciphertext only the presence is checked: a blob that leads nowhere is judged
    /// first (decisions.md D6).
    /// </summary>
    public static ActionParameters ValidateReferences(ActionDescriptor action, ParameterCollection parameters) =>
        Read(action, parameters, spec => spec.NamesResource, isBeforeAuthorization: true);

    /// <summary>Every parameter: the values for whoever answers.</summary>
    public static ActionParameters Validate(ActionDescriptor action, ParameterCollection parameters) =>
        Read(action, parameters, static _ => true, isBeforeAuthorization: false);

    /// <summary>Only that nothing needed is missing: what comes before UnsupportedOperation (decisions.md D9).</summary>
    public static void ValidatePresence(ActionDescriptor action, ParameterCollection parameters)
    {
        foreach (var spec in action.Parameters)
        {
            if (IsNeeded(spec, parameters) && !IsGiven(spec, parameters))
            {
                throw ParameterErrors.Missing(action.Product, spec);
            }
        }
    }

    private static ActionParameters Read(
        ActionDescriptor action, ParameterCollection parameters, Func<ParameterSpec, bool> isChecked, bool isBeforeAuthorization)
    {
        var values = ImmutableSortedDictionary.CreateBuilder<string, object>(StringComparer.Ordinal);
        foreach (var spec in action.Parameters)
        {
            if (isChecked(spec) && Read(action, spec, parameters, isBeforeAuthorization) is { } value)
            {
                values.Add(spec.Name, value);
            }
        }

        return new ActionParameters(values.ToImmutable());
    }

    private static object? Read(ActionDescriptor action, ParameterSpec spec, ParameterCollection parameters, bool isBeforeAuthorization)
    {
        if (spec.IgnoredUnless is { } condition && !condition.Holds(parameters))
        {
            return null;
        }

        if (isBeforeAuthorization && spec.Type is Base64Type && parameters.ValueOrNull(spec.Name) is { } blob)
        {
            return blob;
        }

        var isYielding = spec.YieldsTo is not null && parameters.ValueOrNull(spec.YieldsTo) is not null;
        var reading = ((isYielding ? spec.TypeWhenYielding : null) ?? spec.Type).Read(parameters, spec);
        if (reading.Fault != ParameterFault.None)
        {
            throw ParameterErrors.Invalid(action.Product, spec, reading.Fault);
        }

        if (reading.Value is null)
        {
            return isYielding ? null : Absent(action, spec, parameters);
        }

        return isYielding ? null : NotRefused(spec, reading.Value);
    }

    private static object? Absent(ActionDescriptor action, ParameterSpec spec, ParameterCollection parameters)
    {
        if (IsNeeded(spec, parameters))
        {
            throw ParameterErrors.Missing(action.Product, spec);
        }

        return spec.DefaultBy is { } dependent
            && parameters.ValueOrNull(dependent.Parameter) is { } other
            && dependent.Values.TryGetValue(other, out var value)
                ? value
                : spec.Default;
    }

    private static object NotRefused(ParameterSpec spec, object value) =>
        spec.Refusal is { } refusal && !value.Equals(refusal.Unless)
            ? throw refusal.Error.With(spec.Name)
            : value;

    private static bool IsNeeded(ParameterSpec spec, ParameterCollection parameters) =>
        spec.IsRequired || (spec.RequiredWhen is { } condition && condition.Holds(parameters));

    private static bool IsGiven(ParameterSpec spec, ParameterCollection parameters)
    {
        var reading = spec.Type.Read(parameters, spec);
        return reading.Value is not null || reading.Fault != ParameterFault.None;
    }
}
