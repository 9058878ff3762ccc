using KmsGateway.Core.Contract;
using KmsGateway.Gateway.Catalogue;
using KmsGateway.Gateway.Wire;
using Xunit;

namespace KmsGateway.Gateway.Tests.Catalogue;

/// <summary>Parameters of a request, and what reading them comes to.</summary>
internal static class Parameters
{
    public static ParameterCollection Of(params IEnumerable<(string Name, string Value)> pairs) =>
        new([.. pairs.OrderBy(pair => pair.Name, StringComparer.Ordinal).Select(pair => KeyValuePair.Create(pair.Name, pair.Value))]);

    public static ActionDescriptor Kms(string action) => Find(ActionCatalogue.KmsVersion, action);

    public static ActionDescriptor Ram(string action) => Find(ActionCatalogue.RamVersion, action);

    public static ActionDescriptor Sts(string action) => Find(ActionCatalogue.StsVersion, action);

    public static ActionDescriptor Find(string version, string action) =>
        ActionCatalogue.Find(version, action) ?? throw new InvalidOperationException($"{action} is not in the catalogue");

    public static ActionParameters Validate(ActionDescriptor action, params IEnumerable<(string Name, string Value)> pairs) =>
        ParameterValidator.Validate(action, Of(pairs));

    /// <summary>Code and argument of the refusal.</summary>
    public static string Refusal(ActionDescriptor action, params IEnumerable<(string Name, string Value)> pairs) =>
        Text(Assert.Throws<KmsException>(() => Validate(action, pairs)));

    public static string Text(KmsException refusal) => $"{refusal.Error.Code} {refusal.Argument}";
}
