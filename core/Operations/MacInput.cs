namespace KmsGateway.Core.Operations;

/// <summary>What the MAC calls have in common: the algorithm, which must be the key's own, and a message of 1 to 6,144 bytes.</summary>
internal sealed record MacInput(string Algorithm, byte[] Message)
{
    /// <summary>What Encrypt takes, in bytes: the Base64 text of so many has 8,192 characters.</summary>
    public const int MaxMessageBytes = 6144;

    public static MacInput Read(OperationCall call)
    {
        var algorithm = call.Input.RequiredText(nameof(Algorithm));
        if (algorithm != call.Key().Spec)
        {
            throw OperationInput.Invalid(nameof(Algorithm));
        }

        return new MacInput(algorithm, call.Input.Base64(nameof(Message), MaxMessageBytes / 3 * 4));
    }
}
