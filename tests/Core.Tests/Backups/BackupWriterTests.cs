using KmsGateway.Core.Backups;
using KmsGateway.Core.Hosting;

namespace KmsGateway.Core.Tests.Backups;

/// <summary>Where a backup is written, and where not.</summary>
public sealed class BackupWriterTests : IDisposable
{
    private readonly TempDirectory directory = new();

    private string Target => directory.File("parent/backup");

    private string Staging => Target + ".partial";

    public void Dispose() => directory.Dispose();

    [Fact]
    public void Write_NothingThere_MakesADirectoryForItsOwnerOnly()
    {
        _ = BackupWriter.Write(Target, Nothing);

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Target));
        Assert.False(Directory.Exists(Staging));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Write_SomethingInItsPlace_IsRefusedAndLeavesIt(bool isLink)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Staging)!);
        if (isLink)
        {
            // Why dangling: nothing is there for who follows it
            File.CreateSymbolicLink(Staging, directory.File("elsewhere"));
        }
        else
        {
            Directory.CreateDirectory(Staging);
        }

        var refused = Assert.Throws<StartupException>(() => BackupWriter.Write(Target, Nothing));

        Assert.Equal((CoreAdministration.Refused, $"{Staging} is there already; a backup overwrites nothing."), (refused.ExitCode, refused.Message));
        Assert.Equal([Staging], Directory.EnumerateFileSystemEntries(Path.GetDirectoryName(Staging)!));
        Assert.False(Directory.Exists(directory.File("elsewhere")));
    }

    [Fact]
    public void Write_Fails_LeavesNothing()
    {
        var missing = Nothing with { RootKeys = [directory.File("no root.key")] };

        var refused = Assert.Throws<StartupException>(() => BackupWriter.Write(Target, missing));

        Assert.Equal(StartupException.CouldNotStart, refused.ExitCode);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.GetDirectoryName(Target)!));
    }

    private static BackupContent Nothing => new([], new Dictionary<int, string>(), [], "a test", DateTimeOffset.UnixEpoch);
}
