namespace KmsGateway.Policy.Tests.Reference;

/// <summary>Which rule of ram-policy.md each seeded fault misreads; at least one per family of rules that decide calls.</summary>
internal static class SeededFaultTable
{
    /// <summary>The families, as prefixes of rule ids. R-DOC is about documents, not decisions: validation.json and the fuzz test hold it.</summary>
    internal static readonly string[] Families = ["R-ACT", "R-RES", "R-PRN", "R-CND", "R-COP", "R-KEY", "R-EVAL", "R-KMS", "R-TAG"];

    internal static readonly IReadOnlyList<(SeededFault Fault, string Rule)> Rows =
    [
        (SeededFault.ActionCaseMatters, "R-ACT-3"),
        (SeededFault.PatternsAreNotAnchored, "R-ACT-1"),
        (SeededFault.NotActionMeansAction, "R-ACT-5"),
        (SeededFault.ResourceMatchedAsOneText, "R-RES-3"),
        (SeededFault.StarStopsAtSlash, "R-RES-4"),
        (SeededFault.ItemsCoverTheirContainer, "R-RES-5"),
        (SeededFault.QuestionMarkMatchesNothing, "R-RES-6"),
        (SeededFault.ResourceCaseIgnored, "R-RES-7"),
        (SeededFault.ArnPatternCoversNoResource, "R-RES-8"),
        (SeededFault.NotResourceMeansResource, "R-RES-9"),
        (SeededFault.QuestionMarkCountsHalves, "R-RES-4"),
        (SeededFault.PrincipalAccountIgnored, "R-PRN-2"),
        (SeededFault.RoleEntryMatchesUsers, "R-PRN-2"),
        (SeededFault.AccountStarMatchesNobody, "R-PRN-3"),
        (SeededFault.AccountWideEntryGrants, "R-PRN-4"),
        (SeededFault.NegatedIsMetByOneDifference, "R-CND-2"),
        (SeededFault.OneConditionIsEnough, "R-CND-3"),
        (SeededFault.MissingKeyMeetsPositive, "R-CND-5"),
        (SeededFault.MissingKeyFailsNegated, "R-CND-5"),
        (SeededFault.MissingBooleanIsFalse, "R-CND-5"),
        (SeededFault.EqualsTakesWildcards, "R-COP-1"),
        (SeededFault.IgnoreCaseDoesNot, "R-COP-3"),
        (SeededFault.LikeIgnoresCase, "R-COP-5"),
        (SeededFault.NumbersComparedAsText, "R-COP-7"),
        (SeededFault.LessThanIncludesEqual, "R-COP-7"),
        (SeededFault.DateOffsetIgnored, "R-COP-8"),
        (SeededFault.HostBitsMatter, "R-COP-10"),
        (SeededFault.MappedAddressIsIpv6, "R-COP-10"),
        (SeededFault.UnreadableFailsNegated, "R-COP-11"),
        (SeededFault.OneSpellingOfAKey, "R-KEY-1"),
        (SeededFault.TagKeyCaseIgnored, "R-KEY-1"),
        (SeededFault.AllowBeatsDeny, "R-EVAL-2"),
        (SeededFault.LaterStatementReported, "R-EVAL-3"),
        (SeededFault.RootNeedsAllow, "R-EVAL-5"),
        (SeededFault.RootOwnsEverything, "R-EVAL-5"),
        (SeededFault.ServiceOwnedIsForeign, "R-EVAL-5"),
        (SeededFault.ControlLevelsBeyondTheFirstIgnored, "R-EVAL-6"),
        (SeededFault.ControlBindsServiceLinkedRoles, "R-EVAL-6"),
        (SeededFault.SessionPolicyIgnored, "R-EVAL-7"),
        (SeededFault.SessionPolicyGrants, "R-EVAL-7"),
        (SeededFault.EitherSideIsEnoughAcrossAccounts, "R-EVAL-9"),
        (SeededFault.BothSidesNeededInOwnAccount, "R-EVAL-10"),
        (SeededFault.ResourceDenyIgnored, "R-EVAL-10"),
        (SeededFault.TrustPolicyIsEnoughForUsers, "R-EVAL-11"),
        (SeededFault.LastCheckDecides, "R-EVAL-13"),
        (SeededFault.FirstCheckDecides, "R-EVAL-13"),
        (SeededFault.AliasAloneIsChecked, "R-KMS-3"),
        (SeededFault.NewKeyOfAliasUnchecked, "R-KMS-3"),
        (SeededFault.AliasGrantIsEnough, "R-KMS-4"),
        (SeededFault.CiphertextKeyUnchecked, "R-KMS-5"),
        (SeededFault.ReEncryptIsEncryptAndDecrypt, "R-KMS-6"),
        (SeededFault.KeyOfSecretUnchecked, "R-KMS-7"),
        (SeededFault.RegionsNeedPermission, "R-KMS-9"),
        (SeededFault.ContainerIsAnItem, "R-KMS-2"),
        (SeededFault.TagsOnEveryCall, "R-TAG-2"),
    ];

    /// <summary>Faults in the mapping from calls to checks; random checks say nothing about them, the matrix does.</summary>
    internal static bool IsOfCalls(SeededFault fault) => fault >= SeededFault.AliasAloneIsChecked;
}
