using System.Text.Json;
using KmsGateway.Gateway.Catalogue;
using Xunit;

namespace KmsGateway.Gateway.Tests.Catalogue;

/// <summary>What must hold for every entry, whoever writes it.</summary>
public sealed class CatalogueEntriesTests
{
    // audit A4; the names that hold secrets, proofs of identity, or what a client asked to have protected
    private static readonly HashSet<string> NeverRecorded = new(StringComparer.Ordinal)
    {
        "Plaintext", "Digest", "Value", "Message", "Mac", "CiphertextBlob", "EncryptedKeyMaterial", "ImportToken", "ExportedDataKey",
        "SecretData", "RandomPassword", "ExtendedConfig", "ExtendedConfig.CustomData", "AccessKeySecret", "Password", "SecurityToken",
        "OIDCToken", "SAMLAssertion", "CiphertextForRecipient", "ExcludeCharacters", "SignatureValue", "SecretsList", "ExternalId",
    };

    private static readonly string[] Contexts = ["EncryptionContext", "SourceEncryptionContext", "DestinationEncryptionContext"];

    [Fact]
    public void Entries_AreFoundByVersionAndName()
    {
        Assert.All(ActionCatalogue.All, action => Assert.Same(action, ActionCatalogue.Find(action.Version, action.Name)));
        Assert.Equal("2016-01-20 2015-05-01 2015-04-01", string.Join(' ', ActionCatalogue.Versions));
        Assert.Equal(Product.Kms, ActionCatalogue.Find("2016-01-20", "ListPolicies")!.Product);
        Assert.Equal(Product.Ram, ActionCatalogue.Find("2015-05-01", "ListPolicies")!.Product);
        Assert.Null(ActionCatalogue.Find("2015-05-01", "Encrypt"));
        Assert.Null(ActionCatalogue.Find("2016-01-20", "encrypt"));
        Assert.Null(ActionCatalogue.Find("2014-01-01", "Encrypt"));
    }

    [Fact]
    public void Entries_HaveOneAnswererASourceAndAClauseOnAuthorization() => Assert.All(ActionCatalogue.All, action =>
    {
        Assert.NotEqual(Answerer.None, action.Answerer);
        Assert.NotEmpty(action.Source);
        Assert.Equal(action.Tier == Tier.OutOfScope, action.Answerer == Answerer.OutOfScope);
        var isChecked = action.Kms is { Checks.Length: > 0 } || (action.Permission is not null && action.Resources.Length > 0);
        Assert.NotEqual(isChecked, action.NoPermissionBecause is not null);
        Assert.Equal(action.Product == Product.Kms, action.Kms is not null);
        Assert.False(action.Product == Product.Kms && action.Answerer == Answerer.Gateway, "KMS is answered by the core");
        Assert.False(action.Product != Product.Kms && action.Answerer == Answerer.Core, "RAM and STS are answered by the gateway");
    });

    [Fact]
    public void Entries_WithoutAPermission_AreTheFourThatSaySo() =>
        Assert.Equal(
            ["AssumeRoleWithOIDC", "DescribeRegions", "DescribeService", "GetCallerIdentity"],
            ActionCatalogue.All.Where(action => action.NoPermissionBecause is not null).Select(action => action.Name).Order(StringComparer.Ordinal));

    [Fact]
    public void Entries_AnsweredNow_AreCounted()
    {
        Assert.Equal(44, ActionCatalogue.All.Count(action => action.Answerer == Answerer.Core));
        Assert.Equal(49, ActionCatalogue.All.Count(action => action.Answerer == Answerer.Gateway));
    }

    [Fact]
    public void Entries_NameEachParameterOnce() => Assert.All(ActionCatalogue.All, action =>
        Assert.Equal(action.Parameters.Length, action.Parameters.Select(spec => spec.Name.ToUpperInvariant()).Distinct(StringComparer.Ordinal).Count()));

    [Fact]
    public void Entries_MarkWhatNamesAResource()
    {
        Assert.Equal("AliasName KeyId", Named("UpdateAlias"));
        Assert.Equal("CiphertextBlob DestinationKeyId SourceKeyId", Named("ReEncrypt"));
        Assert.Equal("KeyId ProtectedResourceArn", Named("SetDeletionProtection"));
        Assert.Equal("CertificateId KeyId SecretName", Named("TagResource"));
        Assert.Equal("ResourceId ResourceType", Named("TagResources"));
        Assert.Equal("EncryptionKeyId", Named("CreateSecret"));
        Assert.Equal("", Named("CreateKey"));

        static string Named(string action) => string.Join(' ', Parameters.Kms(action).Parameters
            .Where(spec => spec.NamesResource).Select(spec => spec.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Trail_RecordsNothingThatMustNeverAppear() => Assert.All(ActionCatalogue.All, action =>
    {
        Assert.DoesNotContain(action.RecordedParameters, parameter => NeverRecorded.Contains(parameter.Name));
        Assert.DoesNotContain(action.RecordedResponse, path => path.Split('.').Any(NeverRecorded.Contains) || NeverRecorded.Contains(path));
        Assert.All(action.RecordedParameters, parameter => Assert.Equal(Contexts.Contains(parameter.Name, StringComparer.Ordinal), parameter.KeysOnly));
    });

    [Fact]
    public void Trail_RecordsOnlyWhatTheActionHas()
    {
        Assert.All(ActionCatalogue.All, action =>
        {
            Assert.All(action.RecordedParameters, parameter => Assert.NotNull(action.Parameter(parameter.Name)));
            Assert.Equal(action.RecordedParameters.Length, action.RecordedParameters.Distinct().Count());
        });
        foreach (var published in KmsComparison.Published)
        {
            var paths = published.GetProperty("response").EnumerateArray().Select(member => member.GetProperty("path").GetString()!).ToHashSet(StringComparer.Ordinal);
            Assert.All(Parameters.Kms(KmsComparison.NameOf(published)).RecordedResponse, path => Assert.Contains(path, paths));
        }

        foreach (var (name, operation) in RamComparison.Published)
        {
            var entry = Parameters.Find(operation.GetProperty("version").GetString()!, name);
            Assert.All(entry.RecordedResponse, path => Assert.True(Has(operation.GetProperty("response"), path), $"{name}: {path}"));
        }
    }

    [Fact]
    public void Trail_OfWholeMembers_HoldsNoSecretBelowThem()
    {
        foreach (var (name, operation) in RamComparison.Published)
        {
            var entry = Parameters.Find(operation.GetProperty("version").GetString()!, name);
            Assert.All(entry.RecordedResponse, path => Assert.DoesNotContain(Below(operation.GetProperty("response"), path), NeverRecorded.Contains));
        }
    }

    [Fact]
    public void Recording_OfTheFirstSlice_HoldsTheResolvedKeyAndItsVersion()
    {
        Assert.Equal("KeyId KeyVersionId", string.Join(' ', Parameters.Kms("Encrypt").RecordedResponse));
        Assert.Equal("KeyId KeyVersionId", string.Join(' ', Parameters.Kms("Decrypt").RecordedResponse));
        Assert.Equal("KeyMetadata", string.Join(' ', Parameters.Kms("CreateKey").RecordedResponse));
    }

    [Fact]
    public void Builder_OfAnUnfinishedEntry_Refuses()
    {
        Assert.Throws<InvalidOperationException>(() => ActionBuilder.InKms("Encrypt").Reads().Build());
        Assert.Throws<InvalidOperationException>(() => ActionBuilder.InKms("Encrypt").AnsweredByCore().Build());
        Assert.Throws<InvalidOperationException>(() => ActionBuilder.InKms("Encrypt").AnsweredByCore().NotYet());
        Assert.Throws<InvalidOperationException>(() => ActionBuilder.InKms("Encrypt").Reads().Writes());
        Assert.Throws<InvalidOperationException>(() => ActionBuilder.InKms("DescribeRegions").Reads().AnsweredByCore().Build());
        Assert.Throws<InvalidOperationException>(() => ActionBuilder.InKms("Encrypt").NeedsNoPermission("no").Reads().AnsweredByCore().Build());
        Assert.Throws<InvalidOperationException>(() => ActionBuilder.InRam("CreateUser").Writes().NotYet().Build());
        Assert.Throws<InvalidOperationException>(() => ActionBuilder.InKms("Nothing"));
    }

    private static bool Has(JsonElement response, string path)
    {
        var current = response;
        foreach (var member in path.Split('.'))
        {
            if (current.ValueKind != JsonValueKind.Object || !current.TryGetProperty(member, out current))
            {
                return false;
            }
        }

        return true;
    }

    private static IEnumerable<string> Below(JsonElement response, string path)
    {
        var current = response;
        foreach (var member in path.Split('.'))
        {
            current = current.GetProperty(member);
        }

        return current.ValueKind == JsonValueKind.Object ? current.EnumerateObject().Select(member => member.Name) : [];
    }
}
