using System.Collections.Immutable;
using KmsGateway.Core.Contract;
using static KmsGateway.Gateway.Catalogue.ParameterTypes;

namespace KmsGateway.Gateway.Catalogue.Entries;

/// <summary>Parameters that several actions share, written down once.</summary>
internal static class CommonParameters
{
    /// <summary>Key specs of the MAC extension, whose names no public source gives: each is named after its one algorithm (docs/keys.md).</summary>
    public static readonly string[] MacKeySpecs = ["HMAC_SM3", "HMAC_SHA_224", "HMAC_SHA_256", "HMAC_SHA_384", "HMAC_SHA_512"];

    private const string MacUsage = "GENERATE/VERIFY_MAC";

    private static readonly ImmutableDictionary<string, string> UsageOfOthers = ImmutableDictionary.CreateRange(
        StringComparer.Ordinal,
        [
            KeyValuePair.Create("EC_P256", "SIGN/VERIFY"),
            KeyValuePair.Create("EC_P256K", "SIGN/VERIFY"),
            .. MacKeySpecs.Select(spec => KeyValuePair.Create(spec, MacUsage)),
        ]);

    /// <summary>PageNumber from 1, PageSize 1 to 100. Source: kms-api.md 2.</summary>
    public static ActionBuilder Paged(this ActionBuilder action, long size = 10) => action
        .Takes("PageNumber", Integer(min: 1), spec => spec.Or(1L))
        .Takes("PageSize", Integer(min: 1, max: 100), spec => spec.Or(size))
        .Records("PageNumber", "PageSize");

    /// <summary>A dry run never acts; it ends in one of the errors of <see cref="Pipeline.DryRun"/>.</summary>
    public static ActionBuilder DryRun(this ActionBuilder action) => action
        .Takes("DryRun", Flag, spec => spec.Or(false))
        .Records("DryRun");

    /// <summary>An attestation document asks for an answer that only its holder can open.</summary>
    public static ActionBuilder Recipient(this ActionBuilder action) => action
        .Takes("Recipient", Text(), spec => spec.Refused(KmsErrors.InvalidParameter, "answers are not sealed for recipients"));

    /// <summary>There are no dedicated instances here.</summary>
    public static ActionBuilder Instance(this ActionBuilder action, string name = "DKMSInstanceId") => action
        .Takes(name, Text(), spec => spec.Refused(KmsErrors.DkmsInstanceNotFound, "there are no dedicated instances"))
        .Records(name);

    public static ActionBuilder Context(this ActionBuilder action, string name = "EncryptionContext") => action
        .Takes(name, EncryptionContext)
        .RecordsKeysOf(name);

    /// <summary>Length of a data key; NumberOfBytes wins, and the Java encryption SDK then sends SM4_128. Source: audit C3 item 6.</summary>
    public static ActionBuilder DataKeyLength(this ActionBuilder action) => action
        .Takes("KeySpec", OneOfOr(["AES_256", "AES_128"], []), spec => spec.Or("AES_256") with
        {
            YieldsTo = "NumberOfBytes",
            TypeWhenYielding = OneOf("AES_256", "AES_128", "SM4_128"),
        })
        .Takes("NumberOfBytes", Integer(min: 1, max: 1024))
        .Records("KeySpec", "NumberOfBytes");

    public static ActionBuilder KeyUsage(this ActionBuilder action) => action
        .Takes("KeyUsage", OneOfOr(["ENCRYPT/DECRYPT", "SIGN/VERIFY"], [MacUsage]), spec => spec.Or("ENCRYPT/DECRYPT") with
        {
            DefaultBy = new DependentDefault("KeySpec", UsageOfOthers),
        })
        .Records("KeyUsage");
}
