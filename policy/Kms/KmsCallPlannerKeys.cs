namespace KmsGateway.Policy.Kms;

/// <content>Keys, by id, ARN, alias or ciphertext, and aliases.</content>
internal sealed partial class KmsCallPlanner
{
    private KmsCallFault? NamedKey(CheckSpec check)
    {
        var (first, second) = (parameters(check.Parameter!), check.Alternative is null ? null : parameters(check.Alternative));
        if (first is null)
        {
            return second is not null ? Key(check, check.Alternative!, second) : MissingUnlessOptional(check);
        }

        if (check.Alternative is null)
        {
            return Key(check, check.Parameter!, first);
        }

        // Two names for one key: a resource ARN of this account and region, and optionally the same key again by its id.
        if (!KmsCallSyntax.TryReadKeyArn(first, out var arn, out var keyId))
        {
            return KmsCallFault.Invalid(check.Parameter!);
        }

        if (second is not null && !string.Equals(second, keyId, StringComparison.Ordinal) && !string.Equals(second, first, StringComparison.Ordinal))
        {
            return KmsCallFault.Invalid(check.Alternative);
        }

        return string.Equals(arn.Account, account, StringComparison.Ordinal)
            ? Key(check, check.Parameter!, first)
            : Absent(check, first, new(KmsCallFault.KeyNotFound, check.Parameter!));
    }

    private KmsCallFault? Key(CheckSpec check, string parameter, string text, string notFound = KmsCallFault.KeyNotFound)
    {
        if (text.StartsWith(KmsCallSyntax.AliasPrefix, StringComparison.Ordinal))
        {
            return action.AliasParameters.Contains(parameter)
                ? KeyOfAlias(check, parameter, text)
                : new(KmsCallFault.UnsupportedAlias, parameter);
        }

        var absent = new KmsCallFault(notFound, parameter);
        if (KmsCallSyntax.IsKeyId(text))
        {
            return Found(check, new(KmsReferenceKind.Key, text, account, region), ArnOf($"key/{text}"), absent);
        }

        if (!KmsCallSyntax.TryReadKeyArn(text, out var arn, out var keyId))
        {
            return KmsCallFault.Invalid(parameter);
        }

        // An ARN of another region names no key here (R-KMS-8); it is still judged as the caller wrote it.
        return string.Equals(arn.Region, region, StringComparison.Ordinal)
            ? Found(check, new(KmsReferenceKind.Key, keyId, arn.Account, arn.Region), text, absent)
            : Absent(check, text, absent);
    }

    private KmsCallFault? KeyBehindAlias(CheckSpec check) =>
        parameters(check.Parameter!) is { } alias
            ? KeyOfAlias(check, check.Parameter!, alias)
            : KmsCallFault.Missing(check.Parameter!);

    // An unknown alias is judged on key/<alias name>, its alias/ included: no key id holds a slash, so no grant on a key meets it.
    private KmsCallFault? KeyOfAlias(CheckSpec check, string parameter, string alias) =>
        KmsCallSyntax.IsAlias(alias)
            ? Found(
                check,
                new(KmsReferenceKind.Alias, alias, account, region),
                ArnOf($"key/{alias}"),
                new(KmsCallFault.AliasNotFound, parameter))
            : KmsCallFault.Invalid(parameter);

    private KmsCallFault? Alias(CheckSpec check)
    {
        if (parameters(check.Parameter!) is not { } alias)
        {
            return KmsCallFault.Missing(check.Parameter!);
        }

        if (!KmsCallSyntax.IsAlias(alias))
        {
            return KmsCallFault.Invalid(check.Parameter!);
        }

        // The alias itself needs no look-up; where one is made for its key, the check shares it for the generation.
        var reference = references.IndexOf(new(KmsReferenceKind.Alias, alias, account, region));
        plan.Add(new(check, KmsPlannedUse.Literal, ArnOf(alias), reference));
        return null;
    }

    private KmsCallFault? CiphertextKey(CheckSpec check)
    {
        var parameter = check.Parameter!;
        if (parameters(parameter) is not { } blob)
        {
            return KmsCallFault.Missing(parameter);
        }

        // The ciphertext of an asymmetric key has no head: its key is named beside it, and the core decrypts with that key only.
        if (check.Alternative is not null && parameters(check.Alternative) is { } named)
        {
            return Key(check with { Target = CheckTargetKind.Key }, check.Alternative, named);
        }

        var unresolved = ArnOf(KmsCallSyntax.UnresolvedKey);
        var absent = KmsCallFault.Invalid(parameter);
        return KmsCallSyntax.VersionIdOf(blob) is { } versionId
            ? Found(check, new(KmsReferenceKind.CiphertextHead, versionId, account, region), unresolved, absent)
            : Absent(check, unresolved, absent);
    }

    private static KmsCallFault? MissingUnlessOptional(CheckSpec check) =>
        check.IsOptional ? null : KmsCallFault.Missing(check.Parameter!);
}
