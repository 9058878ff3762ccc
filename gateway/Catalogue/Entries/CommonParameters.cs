using System.Collections.Immutable;
using KmsGateway.Core.Contract;
using static KmsGateway.Gateway.Catalogue.ParameterTypes;

namespace KmsGateway.Gateway.Catalogue.Entries;

/// <summary>Parameters that several actions share, written down once.</summary>
internal static class CommonParameters
{
    private static readonly ImmutableDictionary<string, string> UsageOfCurves = ImmutableDictionary.CreateRange(
        StringComparer.Ordinal, [KeyValuePair.Create("EC_P256", "SIGN/VERIFY"), KeyValuePair.Create("EC_P256K", "SIGN/VERIFY")]);

    /// <summary>PageNumber from 1, PageSize 1 to 100. Source: kms-api.md 2.</summary>
    public static ActionBuilder Paged(this ActionBuilder action, long size = 10) => action
        .Takes("PageNumber", Integer(min: 1), spec => spec.Or(1L))
        .Takes("PageSize", Integer(min: 1, max: 100), spec => spec.Or(size))
        .Records("PageNumber", "PageSize");

    /// <summary>A dry run never acts; acting instead, or pretending, would both be wrong, so asking for one is refused.</summary>
    public static ActionBuilder DryRun(this ActionBuilder action) => action
        .Takes("DryRun", Flag, spec => spec.Or(false).RefusedUnless(false, KmsErrors.InvalidParameter, "dry runs are not offered"))
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
        .Takes("KeyUsage", OneOf("ENCRYPT/DECRYPT", "SIGN/VERIFY"), spec => spec.Or("ENCRYPT/DECRYPT") with
        {
            DefaultBy = new DependentDefault("KeySpec", UsageOfCurves),
        })
        .Records("KeyUsage");
}
