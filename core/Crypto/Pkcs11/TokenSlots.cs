namespace KmsGateway.Core.Crypto.Pkcs11;

/// <summary>Slots are found by their token's label: numbers change when a module is initialised again. Source: crypto-core.md section 1.</summary>
internal static class TokenSlots
{
    private const int MostSlots = 1024;

    /// <exception cref="Pkcs11ModuleException">No token, or more than one, has this label.</exception>
    /// <exception cref="Pkcs11Exception">The module does not answer.</exception>
    public static SlotId Find(IPkcs11Module module, string label)
    {
        var slots = new SlotId[MostSlots];
        new CkResult(CkFunction.GetSlotList, module.GetSlotList(slots, out var count)).ThrowIfFailed();
        List<SlotId> fitting = [];
        List<string> labels = [];
        foreach (var slot in slots.AsSpan(0, count))
        {
            // Why unchecked: the token of another slot may be absent or broken; that is no concern of ours.
            if (module.GetTokenInfo(slot, out var token) != Ckr.Ok || !token!.IsInitialized)
            {
                continue;
            }

            labels.Add(token.Label);
            if (string.Equals(token.Label, label, StringComparison.Ordinal))
            {
                fitting.Add(slot);
            }
        }

        return fitting switch
        {
            [var only] => only,
            [] => throw new Pkcs11ModuleException($"No token is labelled \"{label}\"; the module has {(labels.Count == 0 ? "no initialized token" : string.Join(", ", labels))}."),
            _ => throw new Pkcs11ModuleException($"{fitting.Count} tokens are labelled \"{label}\"; the label must be unique."),
        };
    }
}
