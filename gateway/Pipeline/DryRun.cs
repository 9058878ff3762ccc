using KmsGateway.Core.Contract;

namespace KmsGateway.Gateway.Pipeline;

/// <summary>
/// <c>DryRun=true</c>: permission and parameters are checked, nothing is done, and the call ends in an error that says what would
/// have come of it: DryRunOperationError (from the core, which checked everything), AccessDeniedError or ValidationError. What
/// the key's existence, state or kind refuses keeps its own code. Source: kms-api.md 14, 15, 16.10.
/// </summary>
internal static class DryRun
{
    private const string Parameter = nameof(DryRun);

    public static bool IsAskedFor(Call call) =>
        call.Action!.Parameter(Parameter) is not null
        && string.Equals(call.Request!.Parameters.ValueOrNull(Parameter), "true", StringComparison.OrdinalIgnoreCase);

    /// <summary>The refusal as a dry run tells of it.</summary>
    public static KmsException Outcome(KmsException refusal)
    {
        if (refusal.Error == KmsErrors.NoPermission)
        {
            return KmsErrors.AccessDeniedError.Because($"{KmsErrors.AccessDeniedError.Render()}: {refusal.Message}", refusal.Argument);
        }

        return refusal.Error == KmsErrors.InvalidParameter || refusal.Error == KmsErrors.MissingParameter
            ? KmsErrors.ValidationError.Because($"{KmsErrors.ValidationError.Render()}: {refusal.Message}", refusal.Argument)
            : refusal;
    }
}
