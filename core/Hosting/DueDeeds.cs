using KmsGateway.Core.Keys;
using KmsGateway.Core.Storage;

namespace KmsGateway.Core.Hosting;

/// <summary>What is done when the time of a row has come.</summary>
internal sealed class DueDeeds(KeyVersions versions, ImportedMaterial materials)
{
    public void Do(DueItem item, IKeyTransaction transaction, DateTimeOffset now)
    {
        switch (item.Kind)
        {
            case DueKind.Deletion:
                transaction.EraseKey(item.Id);
                break;
            case DueKind.Rotation:
                _ = versions.Rotate(transaction, transaction.FindKey(item.Id)!, now);
                break;
            case DueKind.Expiry:
                materials.Destroy(transaction, transaction.FindKey(item.Id)!);
                break;
            case DueKind.ImportParameters:
                transaction.EraseImportParameters(item.Id);
                break;
            default:
                throw new InvalidOperationException("nothing is known to be done then");
        }
    }
}
