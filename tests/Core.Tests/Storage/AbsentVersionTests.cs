using System.Text.Json.Nodes;
using KmsGateway.Core.Hosting;
using KmsGateway.Core.Keys;
using KmsGateway.Core.Tests.StateMachine;
using Microsoft.Data.Sqlite;

namespace KmsGateway.Core.Tests.Storage;

/// <summary>Versions that are not there are remembered, so that they are told as fast as those that are (decisions.md D6), and no longer than they are true.</summary>
public sealed class AbsentVersionTests : IAsyncLifetime
{
    private readonly FaultyCore core = NewCore();
    private readonly string versionId = Guid.NewGuid().ToString("D");
    private string keyId = string.Empty;

    public async Task InitializeAsync()
    {
        keyId = (string)(await core.CallAsync("CreateKey", []))["KeyMetadata"]!["KeyId"]!;
        Assert.Null(core.Store.FindKeyOfVersion(versionId));
    }

    public async Task DisposeAsync() => await core.DisposeAsync();

    [Fact]
    public async Task FindKeyOfVersion_AfterAnUnrelatedCommit_StillRemembersTheAbsence()
    {
        _ = await core.CallAsync("UpdateKeyDescription", new JsonObject { ["KeyId"] = keyId, ["Description"] = "new" });
        _ = await core.CallAsync("CreateKey", []);

        InsertBehindTheStore(versionId);

        Assert.Null(core.Store.FindKeyOfVersion(versionId));
    }

    [Fact]
    public async Task FindKeyOfVersion_AfterAnAcknowledgedInsert_FindsIt()
    {
        await InsertAsync();
        Assert.Equal(keyId, core.Store.FindKeyOfVersion(versionId));
    }

    [Fact]
    public async Task FindKeyOfVersion_AfterACommitThatFailedAndWasDone_FindsIt()
    {
        core.Faults.Arm(new PlannedFault(1, FaultKind.AfterCommit));
        await Assert.ThrowsAsync<SqliteException>(InsertAsync);

        Assert.Equal(keyId, core.Store.FindKeyOfVersion(versionId));
    }

    [Theory]
    [InlineData(35)]
    [InlineData(37)]
    [InlineData(65_536)]
    public void FindKeyOfVersion_OfTextThatIsNoVersionId_RemembersNothing(int length)
    {
        var text = new string('a', length);
        Assert.Null(core.Store.FindKeyOfVersion(text));

        InsertBehindTheStore(text);

        Assert.Equal(keyId, core.Store.FindKeyOfVersion(text));
    }

    private static FaultyCore NewCore() => new(new CoreQuotas());

    private Task<bool> InsertAsync() => core.Store.WriteAsync(transaction =>
    {
        transaction.InsertVersion(new KeyVersionRecord(versionId, keyId, core.Now, 1, [1]));
        return true;
    });

    private void InsertBehindTheStore(string id) => Assert.Single(core.Rows<int>(
        "INSERT INTO key_versions (version_id, key_id, created_at, epoch, sealed) VALUES (@id, @keyId, 0, 1, x'01') RETURNING 1", new { id, keyId }));
}
